//! From text to tokens. What stands between tags is left out, and so are comments and raw text.

use super::Span;

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Token<'a> {
    pub kind: TokenKind<'a>,
    pub span: Span,
}

/// The sorts of tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind<'a> {
    /// `{{`, `}}`, `{%`, `%}`, operators and brackets.
    Symbol(&'static str),
    /// A name or a keyword.
    Name(&'a str),
    /// A text, escapes undone.
    Text(String),
    Number,
    Bool,
}

/// The symbols inside tags; those that begin another one come after it.
const SYMBOLS: [&str; 31] = [
    "...", "//", "**", "==", "!=", ">=", "<=", "</", "?.", "?[", "+", "-", "*", "/", "%", "!", ".", ",", ":", "~", "|",
    "=", ">", "<", "(", ")", "[", "]", "{", "}", "@",
];

/// All tokens of a template, or nothing where it is not understood.
pub fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new() };
    while let Some(start) = lexer.next_tag() {
        lexer.at = start;
        lexer.tag()?;
    }
    Some(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Where the next `{{`, `{%` or `{#` stands.
    fn next_tag(&self) -> Option<usize> {
        let pairs = self.text.as_bytes()[self.at..].windows(2);
        let found = pairs.into_iter().position(|pair| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#'));
        found.map(|position| self.at + position)
    }

    fn tag(&mut self) -> Option<()> {
        if self.rest().starts_with("{#") {
            self.at += self.rest().find("#}")? + 2;
            return Some(());
        }
        if let Some(length) = self.raw() {
            self.at += length;
            return Some(());
        }
        let (open, close) = if self.rest().starts_with("{{") { ("{{", "}}") } else { ("{%", "%}") };
        self.push(TokenKind::Symbol(open), 2);
        if self.rest().starts_with('-') {
            self.at += 1;
        }
        self.inside(close)
    }

    /// The length of `{% raw %}…{% endraw %}`, if it stands here.
    fn raw(&self) -> Option<usize> {
        let mut length = keyword_tag(self.rest(), "raw")?;
        loop {
            length += self.rest()[length..].find("{%")?;
            match keyword_tag(&self.rest()[length..], "endraw") {
                Some(end) => return Some(length + end),
                None => length += 2,
            }
        }
    }

    /// Reads up to the end of the tag.
    fn inside(&mut self, close: &'static str) -> Option<()> {
        loop {
            self.at +=
                self.rest().len() - self.rest().trim_start_matches(|space: char| space.is_ascii_whitespace()).len();
            let rest = self.rest();
            if rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(close)) {
                self.at += 1;
                self.push(TokenKind::Symbol(close), 2);
                return Some(());
            }
            if rest.starts_with(close) {
                self.push(TokenKind::Symbol(close), 2);
                return Some(());
            }
            self.token()?;
        }
    }

    fn token(&mut self) -> Option<()> {
        let rest = self.rest();
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            self.push(TokenKind::Symbol(symbol), symbol.len());
            return Some(());
        }
        let first = rest.bytes().next()?;
        match first {
            b'"' | b'\'' | b'`' => self.text(first),
            b'0'..=b'9' => {
                let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
                let whole = digits(rest);
                let fraction = rest[whole..].strip_prefix('.').map_or(0, |rest| 1 + digits(rest));
                self.push(TokenKind::Number, whole + fraction);
                Some(())
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
                let kind = match &rest[..length] {
                    "true" | "True" | "false" | "False" => TokenKind::Bool,
                    name => TokenKind::Name(name),
                };
                self.push(kind, length);
                Some(())
            }
            _ => None,
        }
    }

    fn text(&mut self, quote: u8) -> Option<()> {
        let mut written = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                _ if character == char::from(quote) => {
                    self.push(TokenKind::Text(written), at + 1);
                    return Some(());
                }
                '\\' => written.push(match characters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                }),
                _ => written.push(character),
            }
        }
        None
    }

    fn push(&mut self, kind: TokenKind<'a>, length: usize) {
        self.tokens.push(Token { kind, span: self.at..self.at + length });
        self.at += length;
    }
}

/// The length of a tag with nothing but this keyword in it, if it stands at the beginning.
fn keyword_tag(text: &str, keyword: &str) -> Option<usize> {
    let inside = text.strip_prefix("{%")?;
    let rest = inside.strip_prefix('-').unwrap_or(inside);
    let trimmed = |text: &'_ str| text.len() - text.trim_start_matches(|space: char| space.is_ascii_whitespace()).len();
    let rest = rest[trimmed(rest)..].strip_prefix(keyword)?;
    let rest = &rest[trimmed(rest)..];
    let rest = rest.strip_prefix('-').unwrap_or(rest).strip_prefix("%}")?;
    Some(text.len() - rest.len())
}
