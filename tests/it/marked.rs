//! Expected findings, written into the input under their spots.
//!
//! ```text
//! cancled: true
//! ^^^^^^^ unknown-key: write `cancelled`
//! ```
//!
//! A line of carets, a code and perhaps some words is no part of the file: it says what is found in the line above,
//! from which column to which, and a piece of what is said.

use std::fmt;

use crate::site::Finding;

/// A finding that is expected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub width: usize,
    pub code: String,
    pub words: String,
}

/// Takes the marks out of a text.
pub fn unmark(file: &str, marked: &str) -> (String, Vec<Mark>) {
    let (mut text, mut marks, mut line) = (String::new(), Vec::new(), 0);
    for piece in marked.split_inclusive('\n') {
        match read(piece) {
            Some(mark) => marks.push(Mark { file: file.to_owned(), line, ..mark }),
            None => {
                text.push_str(piece);
                line += 1;
            }
        }
    }
    (text, marks)
}

fn read(line: &str) -> Option<Mark> {
    let line = line.trim_end();
    let rest = line.trim_start_matches(' ');
    let said = rest.trim_start_matches('^');
    let (column, width) = (line.len() - rest.len() + 1, rest.len() - said.len());
    let said = said.strip_prefix(' ').filter(|_| width > 0)?;
    let (code, words) = said.split_once(": ").unwrap_or((said, ""));
    let is_code = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let mark = Mark { file: String::new(), line: 0, column, width, code: code.to_owned(), words: words.to_owned() };
    is_code.then_some(mark)
}

impl Mark {
    /// Whether this finding is the one that is expected.
    pub fn fits(&self, finding: &Finding) -> bool {
        finding.severity == "error"
            && self.code == finding.code
            && self.file == finding.file()
            && finding.line == Some(self.line)
            && finding.column == Some(self.column)
            // An empty place, such as the beginning of a file, is shown with one caret; one over several lines with any.
            && finding.width().is_none_or(|width| width.max(1) == self.width)
            && finding.words().contains(&self.words)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Self { file, line, column, width, code, words } = self;
        write!(formatter, "{file}:{line}:{column} ({width} signs) {code}: {words}")
    }
}

/// A finding in the same form.
pub fn shown(finding: &Finding) -> String {
    let mark = Mark {
        file: finding.file().to_owned(),
        line: finding.line.unwrap_or(0),
        column: finding.column.unwrap_or(0),
        width: finding.width().unwrap_or(0),
        code: finding.code.clone(),
        words: finding.words().replace('\n', " | "),
    };
    mark.to_string()
}
