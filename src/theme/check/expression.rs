//! What an expression is, from the types of what it is made of.

use super::facts::{self, known};
use super::scope::{Scope, Spot};
use super::shape::{ANY, BOOL, NUMBER, Presence, Shape, TEXT, Type};
use super::{Checker, TEMPLATE_OPTIONAL_VALUE, TEMPLATE_UNKNOWN_VARIABLE, TEMPLATE_WRONG_TYPE, declared};
use crate::diagnostic::Diagnostic;
use crate::text::suggest::closest;
use crate::theme::components::COMPONENT_ARGUMENT;
use crate::theme::engine::listed;
use crate::theme::syntax::{Call, Definition, Expression, Filter, Kind, Operator, Parameter, Span};

/// How strictly a name must exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is used.
    Strict,
    /// It decides a condition: a field that other views have counts as none.
    Truth,
    /// It is asked whether it is defined.
    Defined,
}

/// What is certain of a name in a condition: it does not exist on this page.
const ABSENT: Type = Type { shape: ANY.shape, presence: Presence::Undefinable };

/// Filters that take `null` without complaint.
const NULL_PROOF: [&str; 5] = ["default", "safe", "str", "int", "float"];

impl<'a> Checker<'a> {
    /// The type of a value that is used.
    pub(super) fn evaluate(&mut self, expression: &'a Expression, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        if self.budget == 0 {
            return ANY;
        }
        self.budget -= 1;
        match &expression.kind {
            Kind::Text(_) => TEXT,
            Kind::Number => NUMBER,
            Kind::Bool => BOOL,
            Kind::Null => Type { presence: Presence::Nullable, ..ANY },
            Kind::List(items, spread) => self.list(items, *spread, spot, scope),
            Kind::Map(entries) => self.map(entries, spot, scope),
            Kind::Variable(_) | Kind::Field(..) | Kind::Item(..) => self.name(expression, Mode::Strict, spot, scope).0,
            Kind::Slice(of, parts, optional) => {
                for part in parts {
                    self.evaluate(part, spot, scope);
                }
                let kind = self.evaluate(of, spot, scope);
                if kind.presence != Presence::Always && !optional {
                    self.missing(of, "cut", spot);
                }
                kind
            }
            Kind::Filter(of, filter) => self.filter(of, filter, spot, scope),
            Kind::Test(..) | Kind::Not(_) => {
                self.condition(expression, spot, scope);
                BOOL
            }
            Kind::Choice { condition, then, otherwise } => self.choice(condition, then, otherwise, spot, scope),
            Kind::Comprehension { item, source, condition } => {
                let mut inner = scope.clone();
                self.enter_loop(source, spot, scope, &mut inner);
                if let Some(condition) = condition {
                    self.condition(condition, spot, &mut inner);
                    inner.learn(known(condition, true));
                }
                let item = self.evaluate(item, spot, &mut inner);
                self.shapes.add(Shape::List(item))
            }
            Kind::Component(call) => self.call(call, spot, scope),
            Kind::Function(function) => self.function(function, spot, scope),
            Kind::Negative(of) => self.operand(of, spot, scope),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, spot, scope),
        }
    }

    /// What is certain of a condition, if anything is.
    pub(super) fn condition(&mut self, expression: &'a Expression, spot: &Spot<'a>, scope: &mut Scope) -> Option<bool> {
        match &expression.kind {
            Kind::Not(inner) => self.condition(inner, spot, scope).map(|certain| !certain),
            Kind::Binary(operator @ (Operator::And | Operator::Or), left, right) => {
                let decisive = *operator == Operator::Or;
                let first = self.condition(left, spot, scope);
                if first == Some(decisive) {
                    return first;
                }
                let mut inner = scope.clone();
                inner.learn(known(left, !decisive));
                let second = self.condition(right, spot, &mut inner);
                if second == Some(decisive) { second } else { first.and(second) }
            }
            Kind::Test(of, test) => self.test(of, test, spot, scope),
            Kind::Variable(_) | Kind::Field(..) | Kind::Item(..) => {
                let (_, is_absent) = self.name(expression, Mode::Truth, spot, scope);
                is_absent.then_some(false)
            }
            _ => {
                self.evaluate(expression, spot, scope);
                None
            }
        }
    }

    fn test(&mut self, of: &'a Expression, test: &'a Filter, spot: &Spot<'a>, scope: &mut Scope) -> Option<bool> {
        for (_, value) in &test.arguments {
            self.evaluate(value, spot, scope);
        }
        let word = test.name.text.as_str();
        let is_name = matches!(of.kind, Kind::Variable(_) | Kind::Field(..) | Kind::Item(..));
        match word {
            "defined" | "undefined" if is_name => {
                let (_, is_absent) = self.name(of, Mode::Defined, spot, scope);
                is_absent.then_some(word == "undefined")
            }
            "odd" | "even" | "divisible_by" | "starting_with" | "ending_with" | "containing" => {
                self.operand(of, spot, scope);
                None
            }
            _ => {
                self.evaluate(of, spot, scope);
                None
            }
        }
    }

    /// A variable, a field or an item, and whether it is certain not to exist.
    fn name(&mut self, expression: &'a Expression, mode: Mode, spot: &Spot<'a>, scope: &mut Scope) -> (Type, bool) {
        match &expression.kind {
            Kind::Variable(name) => self.variable(name, expression, mode, spot, scope),
            Kind::Field(of, name, optional) => self.field(expression, of, name, *optional, mode, spot, scope),
            Kind::Item(of, index, optional) => match &index.kind {
                Kind::Text(key) => self.field(expression, of, key, *optional, mode, spot, scope),
                _ => {
                    self.operand(index, spot, scope);
                    let kind = self.evaluate(of, spot, scope);
                    if kind.presence != Presence::Always && !optional {
                        self.missing(of, "indexed", spot);
                    }
                    match *self.shapes.of(kind) {
                        Shape::List(item) => (item, false),
                        Shape::Keyed(value, _) => (value, false),
                        Shape::Text => (TEXT, false),
                        _ => (ANY, false),
                    }
                }
            },
            _ => (self.evaluate(expression, spot, scope), false),
        }
    }

    fn variable(
        &mut self,
        name: &str,
        expression: &Expression,
        mode: Mode,
        spot: &Spot<'a>,
        scope: &Scope,
    ) -> (Type, bool) {
        if let Some(binding) = scope.get(name) {
            let granted = scope.is_granted(name);
            return (if granted { binding.kind.present() } else { binding.kind }, false);
        }
        if mode != Mode::Defined {
            let diagnostic = Diagnostic::new(&TEMPLATE_UNKNOWN_VARIABLE, format!("there is no variable `{name}` here"));
            let diagnostic = match (name, closest(name, scope.names())) {
                ("loop", _) => diagnostic.help("`loop` exists inside `{% for %}` of the same file"),
                (_, Some(meant)) => {
                    diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`"))
                }
                _ if scope.implicit(name).is_some() => {
                    diagnostic.help(format!("a component sees its arguments alone: add `@{name}` to them"))
                }
                _ => diagnostic.help(format!("there are {}", listed(scope.names()))),
            };
            self.accuse(diagnostic, expression.span.clone(), spot);
            return (ANY, false);
        }
        (ABSENT, true)
    }

    #[expect(clippy::too_many_arguments, reason = "a field is asked for by `.`, `?.` and in brackets alike")]
    fn field(
        &mut self,
        expression: &'a Expression,
        of: &'a Expression,
        name: &'a str,
        optional: bool,
        mode: Mode,
        spot: &Spot<'a>,
        scope: &mut Scope,
    ) -> (Type, bool) {
        if scope.in_loop && matches!(&of.kind, Kind::Variable(variable) if variable == "loop") {
            return (if matches!(name, "first" | "last") { BOOL } else { NUMBER }, false);
        }
        let inner = if optional && mode == Mode::Strict {
            Mode::Truth
        } else if optional {
            mode
        } else {
            Mode::Strict
        };
        let (base, is_absent) = self.name(of, inner, spot, scope);
        if is_absent {
            return (ABSENT, true);
        }
        let presence = match base.presence {
            Presence::Always => Presence::Always,
            _ if optional => Presence::Undefinable,
            // To Tera, the last name of a path may be asked of `null`, as long as the answer only decides something.
            Presence::Nullable if mode != Mode::Strict => Presence::Undefinable,
            _ => {
                self.missing(of, &format!("asked for `{name}`"), spot);
                Presence::Always
            }
        };
        let path = facts::path(expression);
        if let Some(kind) = self.shapes.field(base, name) {
            let granted = path.is_some_and(|path| scope.is_granted(&path));
            return (if granted { kind.present() } else { kind.maybe(presence) }, false);
        }
        if mode != Mode::Strict && path.is_some_and(|path| self.other_view_has(&path)) {
            return (ABSENT, true);
        }
        let diagnostic = self.unknown_field(base, of, name, spot);
        self.accuse(diagnostic, expression.span.clone(), spot);
        (ANY, false)
    }

    /// Whether the view of another template has this path.
    fn other_view_has(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix("page.") else { return false };
        let has = |page: Type| path.split('.').try_fold(page, |kind, name| self.shapes.field(kind, name)).is_some();
        self.views.iter().any(|(_, page)| has(*page))
    }

    fn unknown_field(&self, base: Type, of: &Expression, name: &str, spot: &Spot) -> Diagnostic {
        if let Shape::Texts(group, _) = self.shapes.of(base) {
            let key = if group.is_empty() { name.to_owned() } else { format!("{group}.{name}") };
            return self.texts.missing(&key, &spot.source.place(of.span.clone()).path);
        }
        let path = facts::path(of).unwrap_or_else(|| "this".to_owned());
        let names = self.shapes.names(base);
        if names.is_empty() && !matches!(self.shapes.of(base), Shape::Record(_) | Shape::Keyed(..)) {
            let words = self.shapes.words(base);
            let message = format!("`{path}` is {words} and has no field `{name}`");
            let diagnostic = Diagnostic::new(&TEMPLATE_UNKNOWN_VARIABLE, message);
            return match self.shapes.of(base) {
                Shape::List(_) => diagnostic.help("loop over it with `{% for … in … %}`"),
                _ => diagnostic.help(format!("write `{path}` alone")),
            };
        }
        let diagnostic = Diagnostic::new(&TEMPLATE_UNKNOWN_VARIABLE, format!("`{path}` has no field `{name}`"));
        let diagnostic = match closest(name, names.iter().copied()) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`")),
            None => diagnostic,
        };
        diagnostic.help(format!("it has {}", listed(names)))
    }

    fn list(&mut self, items: &'a [Expression], spread: bool, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        let types: Vec<Type> = items.iter().map(|item| self.evaluate(item, spot, scope)).collect();
        let joined = types.into_iter().reduce(|left, right| self.shapes.join(left, right)).filter(|_| !spread);
        self.shapes.add(Shape::List(joined.unwrap_or(ANY)))
    }

    fn map(&mut self, entries: &'a [(Option<String>, Expression)], spot: &Spot<'a>, scope: &mut Scope) -> Type {
        let mut fields = std::collections::BTreeMap::new();
        let mut is_known = true;
        for (key, value) in entries {
            let kind = self.evaluate(value, spot, scope);
            match key {
                Some(key) if !key.is_empty() => {
                    fields.insert(key.clone(), kind);
                }
                _ => is_known = false,
            }
        }
        if is_known { self.shapes.add(Shape::Record(fields)) } else { ANY }
    }

    fn choice(
        &mut self,
        condition: &'a Expression,
        then: &'a Expression,
        otherwise: &'a Expression,
        spot: &Spot<'a>,
        scope: &mut Scope,
    ) -> Type {
        let certain = self.condition(condition, spot, scope);
        let mut branch = |truth: bool, value| {
            let mut inner = scope.clone();
            inner.learn(known(condition, truth));
            (certain != Some(!truth)).then(|| self.evaluate(value, spot, &mut inner))
        };
        match (branch(true, then), branch(false, otherwise)) {
            (Some(left), Some(right)) => self.shapes.join(left, right),
            (one, other) => one.or(other).unwrap_or(ANY),
        }
    }

    fn function(&mut self, function: &'a Filter, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        for (_, value) in &function.arguments {
            self.evaluate(value, spot, scope);
        }
        match function.name.text.as_str() {
            "super" => {
                self.next_version(spot, scope);
                TEXT
            }
            "range" => self.shapes.add(Shape::List(NUMBER)),
            _ => ANY,
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &'a Expression,
        right: &'a Expression,
        spot: &Spot<'a>,
        scope: &mut Scope,
    ) -> Type {
        match operator {
            Operator::And | Operator::Or => {
                let is_or = operator == Operator::Or;
                let certain = self.condition(left, spot, scope);
                let mut inner = scope.clone();
                inner.learn(known(left, !is_or));
                if certain == Some(is_or) {
                    return BOOL;
                }
                let right = self.evaluate(right, spot, &mut inner);
                let left = if certain.is_some() { right } else { self.tolerate(left, spot, scope) };
                self.shapes.join(if is_or { left.present() } else { left }, right)
            }
            Operator::Equal | Operator::NotEqual => {
                self.condition(left, spot, scope);
                self.condition(right, spot, scope);
                BOOL
            }
            Operator::Join => {
                self.tolerate(left, spot, scope);
                self.tolerate(right, spot, scope);
                TEXT
            }
            Operator::In => {
                self.evaluate(left, spot, scope);
                self.operand(right, spot, scope);
                BOOL
            }
            Operator::Order | Operator::Math => {
                self.operand(left, spot, scope);
                self.operand(right, spot, scope);
                if operator == Operator::Math { NUMBER } else { BOOL }
            }
        }
    }

    /// The type of a value that may as well not exist.
    pub(super) fn tolerate(&mut self, expression: &'a Expression, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        match &expression.kind {
            Kind::Variable(_) | Kind::Field(..) | Kind::Item(..) => self.name(expression, Mode::Truth, spot, scope).0,
            _ => self.evaluate(expression, spot, scope),
        }
    }

    /// A value that an operator cannot do without.
    fn operand(&mut self, expression: &'a Expression, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        let kind = self.evaluate(expression, spot, scope);
        if kind.presence != Presence::Always && !matches!(expression.kind, Kind::Null) {
            self.missing(expression, "needed", spot);
        }
        kind.present()
    }

    fn filter(&mut self, of: &'a Expression, filter: &'a Filter, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        let is_name = matches!(of.kind, Kind::Variable(_) | Kind::Field(..) | Kind::Item(..));
        let name = filter.name.text.as_str();
        if name == "default" && is_name {
            let (kind, is_absent) = self.name(of, Mode::Defined, spot, scope);
            return self.filtered(if is_absent { ANY } else { kind }, filter, spot, scope);
        }
        let kind = self.evaluate(of, spot, scope);
        if kind.presence != Presence::Always && !NULL_PROOF.contains(&name) {
            self.missing(of, &format!("given to `{name}`"), spot);
        }
        self.filtered(kind, filter, spot, scope)
    }

    /// What a filter makes of a value of this type.
    pub(super) fn filtered(&mut self, kind: Type, filter: &'a Filter, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        let mut arguments = Vec::new();
        for (name, value) in &filter.arguments {
            arguments.push((name.text.as_str(), self.evaluate(value, spot, scope)));
        }
        self.refuse_input(kind, filter, spot);
        let item = match *self.shapes.of(kind) {
            Shape::List(item) => item,
            _ => ANY,
        };
        match filter.name.text.as_str() {
            "default" => match arguments.first() {
                Some((_, default)) if kind.presence != Presence::Always => self.shapes.join(kind.present(), *default),
                _ => kind.present(),
            },
            "sort" | "unique" | "reverse" => {
                self.attribute(item, filter, spot);
                kind.present()
            }
            "group_by" => {
                self.attribute(item, filter, spot);
                self.shapes.add(Shape::Keyed(kind.present(), None))
            }
            // None of an empty list; but who takes the first of a list has nearly always asked whether there is one.
            "first" | "last" | "nth" => item.present(),
            "length" | "wordcount" | "int" | "float" | "abs" | "round" => NUMBER,
            "keys" | "split" => self.shapes.add(Shape::List(TEXT)),
            "values" => match *self.shapes.of(kind) {
                Shape::Keyed(value, _) => self.shapes.add(Shape::List(value)),
                _ => ANY,
            },
            "get" | "pairs" => ANY,
            _ => TEXT,
        }
    }

    /// Text filters take texts, list filters lists.
    fn refuse_input(&mut self, kind: Type, filter: &Filter, spot: &Spot<'a>) {
        let shape = self.shapes.of(kind);
        let (wanted, fits) = match filter.name.text.as_str() {
            "upper" | "lower" | "wordcount" | "escape" | "escape_html" | "escape_xml" | "newlines_to_br" | "trim"
            | "trim_start" | "trim_end" | "replace" | "capitalize" | "title" | "truncate" | "indent" | "split" => {
                ("a text", matches!(shape, Shape::Any | Shape::Text))
            }
            "first" | "last" | "nth" | "join" | "sort" | "unique" | "group_by" => {
                ("a list", matches!(shape, Shape::Any | Shape::List(_)))
            }
            "get" | "values" | "keys" | "pairs" => {
                ("a map", !matches!(shape, Shape::Text | Shape::Number | Shape::Bool | Shape::List(_)))
            }
            "length" => ("a list or a text", !matches!(shape, Shape::Number | Shape::Bool)),
            _ => return,
        };
        if !fits {
            let message = format!("`{}` takes {wanted}, and this is {}", filter.name.text, self.shapes.words(kind));
            self.accuse(Diagnostic::new(&TEMPLATE_WRONG_TYPE, message), filter.name.span.clone(), spot);
        }
    }

    /// `attribute="date.words"` names a field of each item.
    fn attribute(&mut self, item: Type, filter: &'a Filter, spot: &Spot<'a>) {
        let Some((_, value)) = filter.arguments.iter().find(|(name, _)| name.text == "attribute") else { return };
        let Kind::Text(path) = &value.kind else { return };
        let mut kind = item;
        for name in path.split('.') {
            match self.shapes.field(kind, name) {
                Some(field) => kind = field,
                None => {
                    let names = self.shapes.names(kind);
                    let diagnostic =
                        Diagnostic::new(&TEMPLATE_UNKNOWN_VARIABLE, format!("the items have no field `{name}`"));
                    let diagnostic = match closest(name, names.iter().copied()) {
                        Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")),
                        None => diagnostic,
                    };
                    let diagnostic = diagnostic.help(format!("they have {}", listed(names)));
                    self.accuse(diagnostic, value.span.clone(), spot);
                    return;
                }
            }
        }
    }

    fn call(&mut self, call: &'a Call, spot: &Spot<'a>, scope: &mut Scope) -> Type {
        let mut given = Vec::new();
        for (name, value) in &call.arguments {
            given.push((name.text.as_str(), value, self.evaluate(value, spot, scope)));
        }
        for spread in &call.spreads {
            self.evaluate(spread, spot, scope);
        }
        self.nodes(&call.body, spot, scope);
        let Some((full, definition)) = self.components.get(call.name.text.as_str()).copied() else { return TEXT };
        self.called.insert(call.name.text.clone());
        self.check_names(call, definition, spot);
        let mut types = Vec::new();
        for parameter in &definition.parameters {
            let kind = match given.iter().find(|(name, ..)| *name == parameter.name.text) {
                Some((_, value, kind)) => self.argument(parameter, *kind, value, spot),
                None => self.left_out(parameter, call, definition, spot, scope),
            };
            types.push((parameter.name.text.clone(), kind));
        }
        let body = if call.body.is_empty() { TEXT.maybe(Presence::Undefinable) } else { TEXT };
        let caller = Some((spot.source.place(call.name.span.clone()), "called from here"));
        let inside = Spot { caller, ..spot.clone() };
        self.component_body(full, definition, types, body, &inside, scope);
        TEXT
    }

    /// Reports arguments that the component does not take.
    fn check_names(&mut self, call: &'a Call, definition: &Definition, spot: &Spot<'a>) {
        if definition.rest.is_some() {
            return;
        }
        let known: Vec<&str> = definition.parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
        for (name, _) in call.arguments.iter().filter(|(name, _)| !known.contains(&name.text.as_str())) {
            let message = format!("the component `{}` takes no `{}`", call.name.text, name.text);
            let diagnostic = Diagnostic::new(&COMPONENT_ARGUMENT, message);
            let diagnostic = match closest(&name.text, known.iter().copied()) {
                Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`")),
                None => diagnostic.help(format!("it takes {}", listed(known.iter().copied()))),
            };
            self.accuse(diagnostic, name.span.clone(), spot);
        }
    }

    /// The type of an argument that is given.
    fn argument(&mut self, parameter: &Parameter, given: Type, value: &Expression, spot: &Spot<'a>) -> Type {
        let Some(word) = type_word(parameter) else { return given };
        if given.presence != Presence::Always {
            let name = &parameter.name.text;
            let message = format!("the argument `{name}` must be {word}, and may be missing here");
            let guard = facts::path(value).unwrap_or_else(|| "…".to_owned());
            let diagnostic = Diagnostic::new(&TEMPLATE_OPTIONAL_VALUE, message);
            let help = format!("call the component inside `{{% if {guard} %}}`, or add `| default(value=…)`");
            self.accuse(diagnostic.help(help), value.span.clone(), spot);
            return given.present();
        }
        let fits = match self.shapes.of(given) {
            Shape::Any => true,
            Shape::Text => word == "a text",
            Shape::Number => word == "a number",
            Shape::Bool => word == "a truth value",
            Shape::List(_) => word == "a list",
            Shape::Record(_) | Shape::Texts(..) | Shape::Keyed(..) => word == "a map",
        };
        if fits {
            return given;
        }
        let message =
            format!("the argument `{}` must be {word}, and this is {}", parameter.name.text, self.shapes.words(given));
        self.accuse(Diagnostic::new(&COMPONENT_ARGUMENT, message), value.span.clone(), spot);
        ANY
    }

    /// The type of an argument that is not given: its default, or what it is found to be where it is called.
    fn left_out(
        &mut self,
        parameter: &'a Parameter,
        call: &Call,
        definition: &Definition,
        spot: &Spot<'a>,
        scope: &mut Scope,
    ) -> Type {
        let name = &parameter.name.text;
        if parameter.implicit
            && let Some(kind) = scope.implicit(name)
        {
            return kind;
        }
        let kind = declared(parameter);
        match &parameter.default {
            Some(Expression { kind: Kind::Null, .. }) => return kind.maybe(Presence::Nullable),
            Some(default) if kind == ANY => return self.evaluate(default, spot, &mut Scope::default()),
            Some(_) => return kind,
            None if !call.spreads.is_empty() => return kind,
            None => {}
        }
        let message = format!("the component `{}` needs `{name}`", definition.name.text);
        let help = if parameter.implicit { "it is looked up where the component is called" } else { "give it" };
        self.accuse(Diagnostic::new(&COMPONENT_ARGUMENT, message).help(help), span_of(call), spot);
        kind
    }
}

fn span_of(call: &Call) -> Span {
    call.name.span.clone()
}

/// What a component's parameter must be, in the words of [`Shapes::words`](super::Shapes::words).
fn type_word(parameter: &Parameter) -> Option<&'static str> {
    let default = parameter.default.as_ref().map(|default| &default.kind);
    match (parameter.kind.as_deref(), default) {
        (Some("string"), _) | (None, Some(Kind::Text(_))) => Some("a text"),
        (Some("integer" | "float" | "number"), _) | (None, Some(Kind::Number)) => Some("a number"),
        (Some("bool"), _) | (None, Some(Kind::Bool)) => Some("a truth value"),
        (Some("array"), _) | (None, Some(Kind::List(..))) => Some("a list"),
        (Some("map"), _) | (None, Some(Kind::Map(_))) => Some("a map"),
        _ => None,
    }
}
