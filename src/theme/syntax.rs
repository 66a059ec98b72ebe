//! A template as a tree with places, for [`check`](super::check).
//!
//! Tera keeps its own tree to itself, so templates are read a second time here, by the same grammar (tera 2.4,
//! `parsing/lexer.rs` and `parsing/parser.rs`). Tera is the judge of what is well formed and has spoken before; what
//! this reader does not understand gives `None`, and then the template goes unchecked rather than wrongly accused.

mod lexer;
mod parser;
mod visit;

pub use visit::{Use, uses};

use std::ops::Range;

/// A stretch of a template's text.
pub type Span = Range<usize>;

/// A name or another word, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// The template it extends.
    pub extends: Option<Name>,
    /// What it does.
    pub body: Vec<Node>,
    /// The components it defines.
    pub components: Vec<Definition>,
}

/// A component's definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: Name,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// The name under which it gets all other arguments.
    pub rest: Option<Name>,
    /// What stands in its metadata under names of texts.
    pub metadata: Vec<(String, Name)>,
    /// What it does.
    pub body: Vec<Node>,
}

/// What a component takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Whether it is looked up where the component is called: `@t`.
    pub implicit: bool,
    /// Its type, as written.
    pub kind: Option<String>,
    /// What it is when nothing is given.
    pub default: Option<Expression>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `{{ … }}`, and a component called with a body.
    Print(Expression),
    /// `{% set name = … %}`
    Set(Name, Expression),
    /// `{% set name | filter %}…{% endset %}`
    SetBlock(Name, Vec<Filter>, Vec<Self>),
    /// `{% include "…" %}`
    Include(Name),
    /// `{% block name %}…{% endblock %}`
    Block(Name, Vec<Self>),
    /// `{% for … %}…{% else %}…{% endfor %}`
    For(Box<Loop>, Vec<Self>, Vec<Self>),
    /// `{% if … %}…{% elif … %}…{% else %}…{% endif %}`
    If(Vec<(Expression, Vec<Self>)>, Vec<Self>),
    /// `{% filter … %}…{% endfilter %}`
    Filter(Vec<Filter>, Vec<Self>),
    /// `{% break %}`, `{% continue %}`
    Leave,
}

/// `key, value in target`
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// The name of the key, of a map.
    pub key: Option<Name>,
    /// The name of the value.
    pub value: Name,
    /// What is gone through.
    pub target: Expression,
}

/// A filter or a test with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Its name.
    pub name: Name,
    /// Its arguments.
    pub arguments: Vec<(Name, Expression)>,
}

/// A call of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub name: Name,
    /// Its arguments.
    pub arguments: Vec<(Name, Expression)>,
    /// Maps whose entries are arguments as well.
    pub spreads: Vec<Expression>,
    /// What stands between its tags.
    pub body: Vec<Node>,
}

/// An expression and where it stands. Of a field, that is the field's own name.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The sorts of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A text in quotes.
    Text(String),
    /// A number.
    Number,
    /// `true` or `false`
    Bool,
    /// `none`
    Null,
    /// `[a, ...b]`, and whether anything in it is spread.
    List(Vec<Expression>, bool),
    /// `{"a": b, ...c}`: what is spread has no key.
    Map(Vec<(Option<String>, Expression)>),
    /// A variable.
    Variable(String),
    /// `of.name`, `of?.name`
    Field(Box<Expression>, String, bool),
    /// `of[index]`, `of?[index]`
    Item(Box<Expression>, Box<Expression>, bool),
    /// `of[a:b:c]`, `of?[a:b:c]`
    Slice(Box<Expression>, Vec<Expression>, bool),
    /// `of | filter`
    Filter(Box<Expression>, Filter),
    /// `of is test`
    Test(Box<Expression>, Filter),
    /// `then if condition else otherwise`
    Choice {
        /// What decides.
        condition: Box<Expression>,
        /// The one.
        then: Box<Expression>,
        /// The other.
        otherwise: Box<Expression>,
    },
    /// `[item for value in target if condition]`
    Comprehension {
        /// What is made of each.
        item: Box<Expression>,
        /// What is gone through.
        source: Box<Loop>,
        /// Which of them.
        condition: Option<Box<Expression>>,
    },
    /// `<component …/>`
    Component(Box<Call>),
    /// `function(…)`
    Function(Filter),
    /// `not a`
    Not(Box<Expression>),
    /// `-a`
    Negative(Box<Expression>),
    /// `a and b`, `a + b`, …
    Binary(Operator, Box<Expression>, Box<Expression>),
}

/// The operators between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    And,
    Or,
    Equal,
    NotEqual,
    Order,
    In,
    Math,
    Join,
}

/// Reads a template that Tera has accepted. One that leads too deep is read by nobody.
pub fn parse(text: &str) -> Option<Template> {
    if excess(text).is_some() {
        return None;
    }
    parser::parse(lexer::tokens(text)?)
}

/// The most words and signs that a tag may hold, and the most `elif` that a template may. Tera goes down a level for each.
const TAG_LIMIT: usize = 1_000;
const BRANCH_LIMIT: usize = 200;

/// The first tag that holds more than may be read, counted without understanding any of it.
pub fn excess(text: &str) -> Option<Span> {
    let (mut at, mut branches) = (0, 0);
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let end = text[start + 2..].find(close).map_or(text.len(), |found| start + 2 + found);
        let inside = &text[start + 2..end];
        if close != "#}" {
            branches += usize::from(inside.trim_start_matches('-').trim_start().starts_with("elif"));
            if pieces(inside) > TAG_LIMIT || branches > BRANCH_LIMIT {
                return Some(start..start + 2);
            }
        }
        at = (end + close.len()).min(text.len());
    }
    None
}

/// How many words and signs there are.
fn pieces(inside: &str) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    let mut before = b' ';
    let begins = |byte: &u8| {
        let goes_on = is_word(*byte) && is_word(before);
        before = *byte;
        !goes_on && !byte.is_ascii_whitespace()
    };
    inside.bytes().filter(begins).count()
}

/// The innermost tag that has no end, where a template ends too soon: `if`.
pub fn unclosed(text: &str) -> Option<Name> {
    use lexer::TokenKind::{Name as Word, Symbol};
    let tokens = lexer::tokens(text)?;
    let kind = |at: usize| tokens.get(at).map(|token| &token.kind);
    let mut open: Vec<Name> = Vec::new();
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Symbol("{%")) {
        let name = |text: String, at: usize| Some(Name { text, span: tokens.get(at)?.span.clone() });
        match (kind(at + 1), kind(at + 2), kind(at + 3)) {
            (Some(Word("set" | "set_global")), _, Some(Symbol("="))) => {}
            (Some(Word(word @ ("if" | "for" | "block" | "filter" | "component" | "set" | "set_global"))), ..) => {
                open.extend(name((*word).to_owned(), at + 1));
            }
            (Some(Symbol("<")), Some(Word(component)), _) => open.extend(name(format!("<{component}>"), at + 2)),
            (Some(Symbol("</")), ..) => {
                open.pop();
            }
            (Some(Word(word)), ..) if word.starts_with("end") => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}
