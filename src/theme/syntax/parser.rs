//! From tokens to a tree. Precedences are Tera's.

use super::lexer::{Token, TokenKind};
use super::{Call, Definition, Expression, Filter, Kind, Loop, Name, Node, Operator, Parameter, Span, Template};

/// Deeper nesting than Tera allows is none of ours.
const DEPTH_LIMIT: usize = 120;

/// How tightly `not` and `-` bind what follows.
const NOT: u8 = 5;
const NEGATIVE: u8 = 20;
/// What a comprehension's parts are read with, so that its `if` is not taken for a choice.
const ABOVE_CHOICE: u8 = 1;

/// Reads a whole template.
pub fn parse(tokens: Vec<Token>) -> Option<Template> {
    let mut parser = Parser { tokens, at: 0, depth: 0, template: Template::default() };
    let body = parser.body(&[])?;
    let finished = parser.at == parser.tokens.len();
    finished.then_some(Template { body, ..parser.template })
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    template: Template,
}

impl<'a> Parser<'a> {
    fn kind(&self, ahead: usize) -> Option<&TokenKind<'a>> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        Some(token)
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.kind(0), Some(TokenKind::Symbol(found)) if *found == symbol)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.kind(0), Some(TokenKind::Name(found)) if *found == word)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Option<()> {
        self.take(symbol).then_some(())
    }

    fn name(&mut self) -> Option<Name> {
        match self.next()? {
            Token { kind: TokenKind::Name(text), span } => Some(Name { text: text.to_owned(), span }),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<Name> {
        match self.next()? {
            Token { kind: TokenKind::Text(text), span } => Some(Name { text, span }),
            _ => None,
        }
    }

    /// `card` or `lists.card`
    fn dotted_name(&mut self) -> Option<Name> {
        let mut name = self.name()?;
        while self.take(".") {
            let part = self.name()?;
            name = Name { text: format!("{}.{}", name.text, part.text), span: name.span.start..part.span.end };
        }
        Some(name)
    }

    /// Reads up to a tag that begins with one of these words, or to the end. The tag's `{%` is taken, its word not.
    fn body(&mut self, ends: &[&str]) -> Option<Vec<Node>> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return None;
        }
        let mut nodes = Vec::new();
        while self.at < self.tokens.len() {
            if self.take("{{") {
                nodes.push(Node::Print(self.expression(0)?));
                self.expect("}}")?;
                continue;
            }
            self.expect("{%")?;
            let ended = match self.kind(0)? {
                TokenKind::Name(word) => ends.contains(word),
                TokenKind::Symbol(symbol) => ends.contains(symbol),
                _ => false,
            };
            if ended {
                self.depth -= 1;
                return Some(nodes);
            }
            nodes.extend(self.tag()?);
            self.expect("%}")?;
        }
        self.depth -= 1;
        ends.is_empty().then_some(nodes)
    }

    /// Reads a tag after its `{%`, and all that belongs to it, up to the last `%}`.
    #[expect(clippy::option_option, reason = "a tag that cannot be read and one that leaves nothing are two things")]
    fn tag(&mut self) -> Option<Option<Node>> {
        if self.take("<") {
            return Some(Some(Node::Print(self.component_with_body()?)));
        }
        let word = self.name()?;
        let node = match word.text.as_str() {
            "set" | "set_global" => self.set()?,
            "include" => Node::Include(self.text()?),
            "extends" => {
                self.template.extends = Some(self.text()?);
                return Some(None);
            }
            "block" => self.block()?,
            "for" => self.for_loop()?,
            "if" => self.if_chain()?,
            "filter" => {
                let filters = self.filters()?;
                Node::Filter(filters, self.inner(&["endfilter"])?)
            }
            "component" => {
                let definition = self.definition()?;
                self.template.components.push(definition);
                return Some(None);
            }
            "break" | "continue" => Node::Leave,
            _ => return None,
        };
        Some(Some(node))
    }

    /// Reads `%}`, a body, and the word that ends it.
    fn inner(&mut self, ends: &[&str]) -> Option<Vec<Node>> {
        self.expect("%}")?;
        let body = self.body(ends)?;
        self.at += 1;
        Some(body)
    }

    fn set(&mut self) -> Option<Node> {
        let name = self.name()?;
        if self.take("=") {
            return Some(Node::Set(name, self.expression(0)?));
        }
        let filters = if self.take("|") { self.filters()? } else { Vec::new() };
        Some(Node::SetBlock(name, filters, self.inner(&["endset"])?))
    }

    fn block(&mut self) -> Option<Node> {
        let name = self.name()?;
        let body = self.inner(&["endblock"])?;
        if matches!(self.kind(0), Some(TokenKind::Name(_))) {
            self.at += 1;
        }
        Some(Node::Block(name, body))
    }

    fn for_loop(&mut self) -> Option<Node> {
        let (key, value) = self.loop_names()?;
        let target = self.expression(0)?;
        self.expect("%}")?;
        let body = self.body(&["endfor", "else"])?;
        let otherwise = if self.take_word("else") { self.inner(&["endfor"])? } else { self.end(Vec::new()) };
        Some(Node::For(Box::new(Loop { key, value, target }), body, otherwise))
    }

    /// Steps over the word that ends a body.
    fn end(&mut self, body: Vec<Node>) -> Vec<Node> {
        self.at += 1;
        body
    }

    /// `value in` or `key, value in`
    fn loop_names(&mut self) -> Option<(Option<Name>, Name)> {
        let first = self.name()?;
        let names = if self.take(",") { (Some(first), self.name()?) } else { (None, first) };
        self.take_word("in").then_some(names)
    }

    fn if_chain(&mut self) -> Option<Node> {
        let mut branches = Vec::new();
        loop {
            let condition = self.expression(0)?;
            self.expect("%}")?;
            branches.push((condition, self.body(&["elif", "else", "endif"])?));
            if self.take_word("elif") {
                continue;
            }
            let otherwise = if self.take_word("else") { self.inner(&["endif"])? } else { self.end(Vec::new()) };
            return Some(Node::If(branches, otherwise));
        }
    }

    /// `a | b(c=d)`, after the first `|` or instead of one.
    fn filters(&mut self) -> Option<Vec<Filter>> {
        let mut filters = vec![self.filter()?];
        while self.take("|") {
            filters.push(self.filter()?);
        }
        Some(filters)
    }

    fn filter(&mut self) -> Option<Filter> {
        let name = self.name()?;
        let arguments = if self.is("(") { self.arguments()? } else { Vec::new() };
        Some(Filter { name, arguments })
    }

    fn arguments(&mut self) -> Option<Vec<(Name, Expression)>> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        while !self.take(")") {
            let name = self.name()?;
            self.expect("=")?;
            arguments.push((name, self.expression(0)?));
            if !self.is(")") {
                self.expect(",")?;
            }
        }
        Some(arguments)
    }

    fn definition(&mut self) -> Option<Definition> {
        let name = self.dotted_name()?;
        self.expect("(")?;
        let mut definition =
            Definition { name, parameters: Vec::new(), rest: None, metadata: Vec::new(), body: Vec::new() };
        while !self.take(")") {
            if self.take("...") {
                definition.rest = Some(self.name()?);
            } else {
                definition.parameters.push(self.parameter()?);
            }
            if !self.is(")") {
                self.expect(",")?;
            }
        }
        if self.is("{") {
            definition.metadata = self.metadata()?;
        }
        definition.body = self.inner(&["endcomponent"])?;
        if matches!(self.kind(0), Some(TokenKind::Name(_))) {
            self.dotted_name()?;
        }
        Some(definition)
    }

    fn parameter(&mut self) -> Option<Parameter> {
        let implicit = self.take("@");
        let name = self.name()?;
        let kind = if self.take(":") { Some(self.name()?.text.to_lowercase()) } else { None };
        let default = if self.take("=") { Some(self.expression(0)?) } else { None };
        Some(Parameter { name, implicit, kind, default })
    }

    /// A map of literals, of which those that are texts under texts are kept.
    fn metadata(&mut self) -> Option<Vec<(String, Name)>> {
        let map = self.operand()?;
        let Kind::Map(entries) = map.kind else { return None };
        let texts = entries.into_iter().filter_map(|(key, value)| match value.kind {
            Kind::Text(text) => Some((key?, Name { text, span: value.span })),
            _ => None,
        });
        Some(texts.collect())
    }

    /// Reads operators that bind at least this tightly.
    fn expression(&mut self, least: u8) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return None;
        }
        let mut left = self.operand()?;
        while let Some(next) = self.operator(least) {
            left = match next {
                Next::Index => self.index(left)?,
                Next::Choice => {
                    self.at += 1;
                    self.depth -= 1;
                    return self.choice(left);
                }
                Next::Filter => {
                    self.at += 1;
                    let filter = self.filter()?;
                    joined(left, filter.name.span.end, |left| Kind::Filter(left, filter))
                }
                Next::Test => {
                    self.at += 1;
                    let negated = self.take_word("not");
                    let test = self.filter()?;
                    negate(negated, joined(left, test.name.span.end, |left| Kind::Test(left, test)))
                }
                Next::Binary { operator, words, negated, binds } => {
                    self.at += words;
                    let right = self.expression(binds)?;
                    let end = right.span.end;
                    negate(negated, joined(left, end, |left| Kind::Binary(operator, left, Box::new(right))))
                }
            };
        }
        self.depth -= 1;
        Some(left)
    }

    /// What follows an operand, if it binds tightly enough.
    fn operator(&self, least: u8) -> Option<Next> {
        let binary = |operator, before: u8, binds| {
            (before >= least).then_some(Next::Binary { operator, words: 1, negated: false, binds })
        };
        match self.kind(0)? {
            TokenKind::Symbol("[") => Some(Next::Index),
            TokenKind::Symbol("|") => (17 >= least).then_some(Next::Filter),
            TokenKind::Symbol("**") => binary(Operator::Math, 16, 15),
            TokenKind::Symbol("*" | "/" | "//" | "%") => binary(Operator::Math, 13, 14),
            TokenKind::Symbol("~") => binary(Operator::Join, 13, 14),
            TokenKind::Symbol("+" | "-") => binary(Operator::Math, 11, 12),
            TokenKind::Symbol("<" | "<=" | ">" | ">=") => binary(Operator::Order, 7, 8),
            TokenKind::Symbol("==") => binary(Operator::Equal, 7, 8),
            TokenKind::Symbol("!=") => binary(Operator::NotEqual, 7, 8),
            TokenKind::Name("is") => (5 >= least).then_some(Next::Test),
            TokenKind::Name("in") => binary(Operator::In, 5, 6),
            TokenKind::Name("not") if matches!(self.kind(1), Some(TokenKind::Name("in"))) => {
                (5 >= least).then_some(Next::Binary { operator: Operator::In, words: 2, negated: true, binds: 6 })
            }
            TokenKind::Name("and") => binary(Operator::And, 3, 4),
            TokenKind::Name("or") => binary(Operator::Or, 1, 2),
            TokenKind::Name("if") => (least == 0).then_some(Next::Choice),
            _ => None,
        }
    }

    fn choice(&mut self, then: Expression) -> Option<Expression> {
        let condition = Box::new(self.expression(0)?);
        if !self.take_word("else") {
            return None;
        }
        let otherwise = Box::new(self.expression(0)?);
        let span = then.span.start..otherwise.span.end;
        Some(Expression { span, kind: Kind::Choice { condition, then: Box::new(then), otherwise } })
    }

    fn operand(&mut self) -> Option<Expression> {
        let Token { kind, span } = self.next()?;
        let simple = |kind| Some(Expression { span: span.clone(), kind });
        match kind {
            TokenKind::Number => simple(Kind::Number),
            TokenKind::Bool => simple(Kind::Bool),
            TokenKind::Text(text) => simple(Kind::Text(text)),
            TokenKind::Name("none" | "None" | "null") => simple(Kind::Null),
            TokenKind::Name("not") => self.unary(NOT, span, Kind::Not),
            TokenKind::Symbol("-") => self.unary(NEGATIVE, span, Kind::Negative),
            TokenKind::Name(name) if self.is("(") => {
                let name = Name { text: name.to_owned(), span: span.clone() };
                let arguments = self.arguments()?;
                simple(Kind::Function(Filter { name, arguments }))
            }
            TokenKind::Name(name) => self.path(Expression { span, kind: Kind::Variable(name.to_owned()) }),
            TokenKind::Symbol("<") => self.component(),
            TokenKind::Symbol("{") => self.map(span),
            TokenKind::Symbol("[") => self.list(span),
            TokenKind::Symbol("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                Some(inner)
            }
            TokenKind::Symbol(_) => None,
        }
    }

    fn unary(&mut self, binds: u8, span: Span, kind: impl FnOnce(Box<Expression>) -> Kind) -> Option<Expression> {
        let inner = self.expression(binds)?;
        Some(Expression { span: span.start..inner.span.end, kind: kind(Box::new(inner)) })
    }

    fn path(&mut self, mut of: Expression) -> Option<Expression> {
        loop {
            let optional = self.is("?.");
            if optional || self.is(".") {
                self.at += 1;
                let Name { text, span } = self.name()?;
                of = Expression { span, kind: Kind::Field(Box::new(of), text, optional) };
            } else if self.is("[") || self.is("?[") {
                of = self.index(of)?;
            } else {
                return Some(of);
            }
        }
    }

    /// `[index]` or `[a:b:c]`
    fn index(&mut self, of: Expression) -> Option<Expression> {
        let optional = self.is("?[");
        self.at += 1;
        let mut parts = Vec::new();
        let mut slice = false;
        while !self.take("]") {
            if self.take(":") {
                slice = true;
            } else {
                parts.push(self.expression(0)?);
            }
        }
        let span = self.tokens[self.at - 1].span.end;
        let start = of.span.start;
        if slice {
            return Some(Expression { span: start..span, kind: Kind::Slice(Box::new(of), parts, optional) });
        }
        let index = parts.pop().filter(|_| parts.is_empty())?;
        Some(Expression { span: index.span.clone(), kind: Kind::Item(Box::new(of), Box::new(index), optional) })
    }

    fn map(&mut self, span: Span) -> Option<Expression> {
        let mut entries = Vec::new();
        while !self.take("}") {
            if self.take("...") {
                entries.push((None, self.expression(0)?));
            } else {
                let key = match self.next()?.kind {
                    TokenKind::Text(text) => text,
                    TokenKind::Number | TokenKind::Bool => String::new(),
                    _ => return None,
                };
                self.expect(":")?;
                entries.push((Some(key), self.expression(0)?));
            }
            if !self.is("}") {
                self.expect(",")?;
            }
        }
        let end = self.tokens[self.at - 1].span.end;
        Some(Expression { span: span.start..end, kind: Kind::Map(entries) })
    }

    fn list(&mut self, span: Span) -> Option<Expression> {
        let mut items = Vec::new();
        let mut spread = false;
        while !self.take("]") {
            spread |= self.take("...");
            let item = self.expression(0)?;
            if items.is_empty() && self.take_word("for") {
                return self.comprehension(span, item);
            }
            items.push(item);
            if !self.is("]") {
                self.expect(",")?;
            }
        }
        let end = self.tokens[self.at - 1].span.end;
        Some(Expression { span: span.start..end, kind: Kind::List(items, spread) })
    }

    fn comprehension(&mut self, span: Span, item: Expression) -> Option<Expression> {
        let (key, value) = self.loop_names()?;
        let target = self.expression(ABOVE_CHOICE)?;
        let condition = if self.take_word("if") { Some(Box::new(self.expression(ABOVE_CHOICE)?)) } else { None };
        self.expect("]")?;
        let end = self.tokens[self.at - 1].span.end;
        let source = Box::new(Loop { key, value, target });
        Some(Expression {
            span: span.start..end,
            kind: Kind::Comprehension { item: Box::new(item), source, condition },
        })
    }

    /// `name a="…" b={…} {...c}`, after `<`.
    fn call(&mut self) -> Option<Call> {
        let name = self.dotted_name()?;
        let mut call = Call { name, arguments: Vec::new(), spreads: Vec::new(), body: Vec::new() };
        loop {
            if self.take("{") {
                self.expect("...")?;
                call.spreads.push(self.expression(0)?);
                self.expect("}")?;
            } else if matches!(self.kind(0), Some(TokenKind::Name(_))) {
                let name = self.name()?;
                let value = self.attribute(&name)?;
                call.arguments.push((name, value));
            } else {
                return Some(call);
            }
        }
    }

    fn attribute(&mut self, name: &Name) -> Option<Expression> {
        if !self.take("=") {
            return Some(Expression { span: name.span.clone(), kind: Kind::Variable(name.text.clone()) });
        }
        if self.take("{") {
            let value = self.expression(0)?;
            self.expect("}")?;
            return Some(value);
        }
        let Name { text, span } = self.text()?;
        Some(Expression { span, kind: Kind::Text(text) })
    }

    fn component(&mut self) -> Option<Expression> {
        let call = self.call()?;
        self.expect("/")?;
        self.expect(">")?;
        Some(Expression { span: call.name.span.clone(), kind: Kind::Component(Box::new(call)) })
    }

    fn component_with_body(&mut self) -> Option<Expression> {
        let mut call = self.call()?;
        self.expect(">")?;
        call.body = self.inner(&["</"])?;
        self.dotted_name()?;
        self.expect(">")?;
        Some(Expression { span: call.name.span.clone(), kind: Kind::Component(Box::new(call)) })
    }
}

/// What follows an operand.
enum Next {
    Index,
    Filter,
    Test,
    Choice,
    Binary { operator: Operator, words: usize, negated: bool, binds: u8 },
}

fn joined(left: Expression, end: usize, kind: impl FnOnce(Box<Expression>) -> Kind) -> Expression {
    Expression { span: left.span.start..end, kind: kind(Box::new(left)) }
}

fn negate(negated: bool, expression: Expression) -> Expression {
    if !negated {
        return expression;
    }
    Expression { span: expression.span.clone(), kind: Kind::Not(Box::new(expression)) }
}
