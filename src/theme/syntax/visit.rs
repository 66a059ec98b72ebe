//! All names that a template uses, wherever they stand.

use super::{Call, Expression, Filter, Kind, Name, Node, Template};

/// A name that must belong to something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Use<'a> {
    /// `| name`
    Filter(&'a Name),
    /// `is name`
    Test(&'a Name),
    /// `name(…)`
    Function(&'a Name),
    /// `<name …>`
    Component(&'a Name),
    /// `{% include "name" %}`
    Include(&'a Name),
    /// `{% block name %}`, and whether it stands inside another one.
    Block(&'a Name, bool),
}

/// Lists them in the order in which they stand, those of components last.
pub fn uses(template: &Template) -> Vec<Use<'_>> {
    let mut visitor = Visitor { uses: Vec::new(), blocks: 0 };
    visitor.nodes(&template.body);
    for component in &template.components {
        visitor.nodes(&component.body);
    }
    visitor.uses
}

struct Visitor<'a> {
    uses: Vec<Use<'a>>,
    /// How many blocks are open.
    blocks: usize,
}

impl<'a> Visitor<'a> {
    fn nodes(&mut self, nodes: &'a [Node]) {
        nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &'a Node) {
        match node {
            Node::Print(expression) | Node::Set(_, expression) => self.expression(expression),
            Node::SetBlock(_, filters, body) | Node::Filter(filters, body) => {
                filters.iter().for_each(|filter| self.filter(filter));
                self.nodes(body);
            }
            Node::Include(name) => self.uses.push(Use::Include(name)),
            Node::Block(name, body) => {
                self.uses.push(Use::Block(name, self.blocks > 0));
                self.blocks += 1;
                self.nodes(body);
                self.blocks -= 1;
            }
            Node::For(source, body, otherwise) => {
                self.expression(&source.target);
                self.nodes(body);
                self.nodes(otherwise);
            }
            Node::If(branches, otherwise) => {
                for (condition, body) in branches {
                    self.expression(condition);
                    self.nodes(body);
                }
                self.nodes(otherwise);
            }
            Node::Leave => {}
        }
    }

    fn filter(&mut self, filter: &'a Filter) {
        self.uses.push(Use::Filter(&filter.name));
        self.arguments(filter);
    }

    fn arguments(&mut self, filter: &'a Filter) {
        filter.arguments.iter().for_each(|(_, value)| self.expression(value));
    }

    fn expressions(&mut self, expressions: impl IntoIterator<Item = &'a Expression>) {
        expressions.into_iter().for_each(|expression| self.expression(expression));
    }

    fn expression(&mut self, expression: &'a Expression) {
        match &expression.kind {
            Kind::Text(_) | Kind::Number | Kind::Bool | Kind::Null | Kind::Variable(_) => {}
            Kind::List(items, _) => self.expressions(items),
            Kind::Map(entries) => self.expressions(entries.iter().map(|(_, value)| value)),
            Kind::Field(of, ..) | Kind::Not(of) | Kind::Negative(of) => self.expression(of),
            Kind::Item(of, index, _) => self.expressions([&**of, &**index]),
            Kind::Slice(of, parts, _) => {
                self.expression(of);
                self.expressions(parts);
            }
            Kind::Filter(of, filter) => {
                self.expression(of);
                self.filter(filter);
            }
            Kind::Test(of, test) => {
                self.expression(of);
                self.uses.push(Use::Test(&test.name));
                self.arguments(test);
            }
            Kind::Choice { condition, then, otherwise } => self.expressions([&**then, &**condition, &**otherwise]),
            Kind::Comprehension { item, source, condition } => {
                self.expressions([&**item, &source.target]);
                self.expressions(condition.as_deref());
            }
            Kind::Component(call) => self.call(call),
            Kind::Function(function) => {
                self.uses.push(Use::Function(&function.name));
                self.arguments(function);
            }
            Kind::Binary(_, left, right) => self.expressions([&**left, &**right]),
        }
    }

    fn call(&mut self, call: &'a Call) {
        self.uses.push(Use::Component(&call.name));
        self.expressions(call.arguments.iter().map(|(_, value)| value));
        self.expressions(&call.spreads);
        self.nodes(&call.body);
    }
}
