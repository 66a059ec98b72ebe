//! Colours for code: which class each piece of a code block gets.
//!
//! The classes are few and fixed, so that one stylesheet covers every language, light and dark. The grammars are
//! loaded when the first block of code is met: most sites never pay for them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use syntect::easy::ScopeRegionIterator;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::code;
use crate::diagnostic::Code;
use crate::text::html::escape_to;
use crate::text::suggest::closest;

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN_CODE_LANGUAGE];

code! { pub UNKNOWN_CODE_LANGUAGE = "unknown-code-language", Warning, "a code block in a language that cannot be coloured",
"The word after the opening fence of a code block names its language: `yaml`, `rust`, `html`. With a name we do not \
know, the code is shown without colours. Write `text` for what is in no language." }

/// Larger blocks are shown without colours: nobody reads them, and grammars are slow.
const MAX_SIZE: usize = 64 * 1024;

/// So are blocks with longer lines: grammars are made of patterns that may take quadratic time within a line.
const MAX_LINE: usize = 2_000;

/// What is in no language.
const PLAIN: &[&str] = &["text", "txt", "plain", "plaintext", "none", "ascii"];

/// Names that people use for a language which has another name in the grammars.
const ALIASES: &[(&str, &str)] = &[("console", "bash"), ("shell", "bash"), ("jsonc", "json"), ("docker", "dockerfile")];

/// The classes, by the scope that earns them. The first that fits the innermost scope wins.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "hl-comment"),
    ("string.regexp", "hl-regexp"),
    ("constant.character.escape", "hl-escape"),
    ("punctuation.definition.string", "hl-string"),
    ("punctuation.definition.comment", "hl-comment"),
    ("punctuation.definition.heading", "hl-heading"),
    ("string", "hl-string"),
    ("constant.numeric", "hl-number"),
    ("constant", "hl-constant"),
    ("entity.name.function", "hl-function"),
    ("support.function", "hl-function"),
    ("variable.function", "hl-function"),
    ("entity.name.tag", "hl-tag"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("entity.name.type", "hl-type"),
    ("entity.name.class", "hl-type"),
    ("entity.name.struct", "hl-type"),
    ("entity.name.enum", "hl-type"),
    ("entity.name.section", "hl-heading"),
    ("entity.other.inherited-class", "hl-type"),
    ("support.type.property-name", "hl-property"),
    ("support.type", "hl-type"),
    ("support.class", "hl-type"),
    ("storage.type", "hl-keyword"),
    ("storage", "hl-keyword"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("variable.other.member", "hl-property"),
    ("variable", "hl-variable"),
    ("markup.heading", "hl-heading"),
    ("markup.bold", "hl-strong"),
    ("markup.italic", "hl-emphasis"),
    ("markup.inserted", "hl-inserted"),
    ("markup.deleted", "hl-deleted"),
    ("meta.diff", "hl-comment"),
    ("invalid", "hl-invalid"),
    ("punctuation", "hl-punctuation"),
];

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> =
    LazyLock::new(|| CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect());

/// A language that we do not know, and one with a similar name.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownLanguage {
    /// What was perhaps meant.
    pub suggestion: Option<String>,
}

/// Appends the code to `html`, in colours if the language is known.
///
/// # Errors
/// The language is unknown; the code is there without colours.
pub fn highlight(html: &mut String, language: &str, code: &str) -> Result<(), UnknownLanguage> {
    let is_plain = PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(language));
    let alias =
        ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(language)).map_or(language, |(_, name)| name);
    let syntax = if is_plain { None } else { SYNTAXES.find_syntax_by_token(alias) };
    match syntax {
        Some(syntax) if is_reasonable(code) => html.push_str(&coloured(syntax, code)),
        _ => escape_to(html, code),
    }
    if syntax.is_some() || is_plain { Ok(()) } else { Err(UnknownLanguage { suggestion: similar(language) }) }
}

fn is_reasonable(code: &str) -> bool {
    code.len() <= MAX_SIZE && code.lines().all(|line| line.len() <= MAX_LINE)
}

type Coloured = HashMap<(String, String), Arc<str>>;

/// Coloured code by language and text. The same example often stands on many pages, and colouring one costs as much
/// as the rest of a page; a development server colours the same blocks again and again.
static COLOURED: LazyLock<Mutex<Coloured>> = LazyLock::new(Mutex::default);

/// How many blocks are remembered.
const REMEMBERED: usize = 1_000;

fn coloured(syntax: &SyntaxReference, code: &str) -> Arc<str> {
    let key = (syntax.name.clone(), code.to_owned());
    let remembered = || COLOURED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(html) = remembered().get(&key) {
        return html.clone();
    }
    let mut html = String::new();
    write_coloured(&mut html, syntax, code);
    let html: Arc<str> = html.into();
    let mut remembered = remembered();
    if remembered.len() < REMEMBERED {
        remembered.insert(key, html.clone());
    }
    html
}

fn write_coloured(html: &mut String, syntax: &SyntaxReference, code: &str) {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut pen = Pen { html, class: None };
    let mut rest = code;
    for line in code.split_inclusive('\n') {
        let Ok(operations) = state.parse_line(line, &SYNTAXES) else { break };
        for (piece, operation) in ScopeRegionIterator::new(&operations, line) {
            if stack.apply(operation).is_err() {
                break;
            }
            pen.write(piece, class(&stack));
        }
        rest = &rest[line.len()..];
    }
    // A grammar that fails leaves the rest as it is.
    pen.write(rest, None);
    pen.lift();
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let class = |scope: &Scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class);
    stack.as_slice().iter().rev().find_map(class)
}

/// Writes pieces of code, neighbours of one class in one element.
struct Pen<'a> {
    html: &'a mut String,
    class: Option<&'static str>,
}

impl Pen<'_> {
    fn write(&mut self, piece: &str, class: Option<&'static str>) {
        if piece.is_empty() {
            return;
        }
        let is_blank = piece.bytes().all(|byte| byte.is_ascii_whitespace());
        if class != self.class && !(is_blank && self.class.is_none()) {
            self.lift();
            if let Some(class) = class.filter(|_| !is_blank) {
                self.html.push_str("<span class=\"");
                self.html.push_str(class);
                self.html.push_str("\">");
                self.class = Some(class);
            }
        }
        escape_to(self.html, piece);
    }

    fn lift(&mut self) {
        if self.class.take().is_some() {
            self.html.push_str("</span>");
        }
    }
}

fn similar(language: &str) -> Option<String> {
    let names = SYNTAXES.syntaxes().iter().flat_map(|syntax| {
        let extensions = syntax.file_extensions.iter().map(String::as_str);
        std::iter::once(syntax.name.as_str()).chain(extensions)
    });
    let words = names.filter(|name| name.len() > 2 && !name.contains(' '));
    closest(language, words).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, code: &str, expected: &str) {
        let mut html = String::new();
        highlight(&mut html, language, code).expect("a known language");
        assert_eq!(html, expected);
    }

    #[test]
    fn colours_what_it_knows() {
        check(
            "yaml",
            "title: \"<b>\" # nu\n",
            "<span class=\"hl-tag\">title</span><span class=\"hl-punctuation\">:</span> \
             <span class=\"hl-string\">&quot;&lt;b&gt;&quot;</span> <span class=\"hl-comment\"># nu\n</span>",
        );
        check("text", "a < b", "a &lt; b");
        let mut html = String::new();
        for language in
            ["rust", "toml", "html", "css", "js", "ts", "json", "bash", "console", "python", "diff", "markdown", "sql"]
        {
            assert_eq!(highlight(&mut html, language, "x"), Ok(()), "{language}");
        }
    }

    #[test]
    fn a_slip_is_answered_with_a_name() {
        let mut html = String::new();
        let unknown = highlight(&mut html, "pyton", "x < y").expect_err("unknown");
        assert_eq!((html.as_str(), unknown.suggestion.as_deref()), ("x &lt; y", Some("python")));
        assert_eq!(highlight(&mut html, "qqqqqq", "").expect_err("unknown").suggestion, None);
    }

    #[test]
    fn large_blocks_and_long_lines_are_plain() {
        for code in ["let x = 1;\n".repeat(6_000), "let x = 1;".repeat(300)] {
            let mut html = String::new();
            highlight(&mut html, "rust", &code).expect("a known language");
            assert_eq!(html, code);
        }
    }
}
