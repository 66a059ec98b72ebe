//! What a condition tells about values that may be missing: in `{% if page.image %}`, there is an image.

use std::collections::BTreeSet;

use crate::theme::syntax::{Expression, Kind, Operator};

/// Paths of values that are known to be there: `page.image`.
pub type Facts = BTreeSet<String>;

/// The path of a variable, a field, or an item under a text in quotes.
pub fn path(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Variable(name) => Some(name.clone()),
        Kind::Field(of, name, _) => Some(format!("{}.{name}", path(of)?)),
        Kind::Item(of, index, _) => match &index.kind {
            Kind::Text(key) => Some(format!("{}.{key}", path(of)?)),
            _ => None,
        },
        _ => None,
    }
}

/// What is known when a condition holds (`truth`) or does not.
pub fn known(condition: &Expression, truth: bool) -> Facts {
    match &condition.kind {
        Kind::Not(inner) => known(inner, !truth),
        Kind::Binary(operator @ (Operator::And | Operator::Or), left, right) => {
            let (left, right) = (known(left, truth), known(right, truth));
            let both_hold = (*operator == Operator::And) == truth;
            if both_hold { &left | &right } else { &left & &right }
        }
        Kind::Binary(operator @ (Operator::Equal | Operator::NotEqual), left, right) => {
            let with_null = is_null(left) || is_null(right);
            let equal = (*operator == Operator::Equal) == truth;
            if with_null == equal { Facts::new() } else { mentioned(condition) }
        }
        Kind::Test(of, test) => match (test.name.text.as_str(), truth) {
            ("none" | "undefined", false) => mentioned(of),
            ("none" | "undefined", true) => Facts::new(),
            // `is defined` is true of null; but who asks has thought of it.
            (_, true) => mentioned(of),
            (_, false) => Facts::new(),
        },
        _ if truth => mentioned(condition),
        _ => Facts::new(),
    }
}

fn is_null(expression: &Expression) -> bool {
    matches!(expression.kind, Kind::Null)
}

/// Every path in an expression, and all that they lead through. More is granted than can be proved: a wrong
/// accusation is worse than a miss.
fn mentioned(expression: &Expression) -> Facts {
    let mut facts = Facts::new();
    collect(expression, &mut facts);
    facts
}

fn collect(expression: &Expression, facts: &mut Facts) {
    facts.extend(path(expression));
    match &expression.kind {
        Kind::Field(of, ..) | Kind::Not(of) | Kind::Negative(of) => collect(of, facts),
        Kind::Item(of, index, _) => [of, index].into_iter().for_each(|inner| collect(inner, facts)),
        Kind::Slice(of, parts, _) => {
            collect(of, facts);
            parts.iter().for_each(|part| collect(part, facts));
        }
        Kind::Filter(of, filter) | Kind::Test(of, filter) => {
            collect(of, facts);
            filter.arguments.iter().for_each(|(_, value)| collect(value, facts));
        }
        Kind::Binary(_, left, right) => [left, right].into_iter().for_each(|inner| collect(inner, facts)),
        Kind::Choice { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|inner| collect(inner, facts));
        }
        Kind::Comprehension { source, .. } => collect(&source.target, facts),
        Kind::List(items, _) => items.iter().for_each(|item| collect(item, facts)),
        _ => {}
    }
}
