//! Leaves out of a stylesheet what only its writers need: comments, indentation, and spaces where none is asked for.
//!
//! Nothing is reordered or reworded, so browsers read the same rules, and a theme may be commented and indented at no
//! cost to readers. Comments that begin with `/*!` (licences) stay.

/// The stylesheet without comments and needless spaces.
pub fn squeeze(css: &str) -> String {
    let mut squeezed = Squeezed { text: String::with_capacity(css.len()), last: "", gap: false };
    let mut rest = css;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("/*") => comment(rest),
            '"' | '\'' => string(rest, first),
            '\\' => escape(rest),
            'u' | 'U' if rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url(")) => address(rest),
            other => other.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        squeezed.add(part);
        rest = after;
    }
    squeezed.text
}

struct Squeezed<'c> {
    text: String,
    /// What was written last: a sign, or a string or an escape as a whole.
    last: &'c str,
    /// Whether spaces or comments stand between the text and what comes next.
    gap: bool,
}

impl<'c> Squeezed<'c> {
    fn add(&mut self, part: &'c str) {
        let is_comment = part.starts_with("/*") && !part.starts_with("/*!");
        if is_comment || part.chars().all(|letter| letter.is_ascii_whitespace()) {
            self.gap = true;
            return;
        }
        // Before a colon a space matters: `a :hover` is something inside of `a`.
        if std::mem::take(&mut self.gap) && !"{};,>:".contains(self.last) && !"{};,>".contains(part) {
            self.text.push(' ');
        }
        if part == "}" && self.last == ";" {
            self.text.pop();
        }
        self.text.push_str(part);
        self.last = part;
    }
}

fn comment(text: &str) -> usize {
    text[2..].find("*/").map_or(text.len(), |end| end + 4)
}

/// A string ends with its quote, or with the line where that was forgotten; then the end of the line matters.
fn string(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\n' => return at + 1,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A backslash with what it escapes. The space after a number belongs to it.
fn escape(text: &str) -> usize {
    let digits = text[1..].bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    let next = |at: usize| text[at..].chars().next();
    match digits {
        0 => 1 + next(1).map_or(0, char::len_utf8),
        _ => 1 + digits + next(1 + digits).filter(char::is_ascii_whitespace).map_or(0, char::len_utf8),
    }
}

/// `url(` with an address without quotes, in which `/*` begins no comment; or only the word before a string.
fn address(text: &str) -> usize {
    let inside = text[4..].trim_start();
    match inside.starts_with(['"', '\'']) {
        true => 4,
        false => text.find(')').map_or(text.len(), |end| end + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn browsers_read_the_same_rules() {
        for (css, expected) in [
            ("a {\n  color: red;\n  margin: 0 ;\n}\n", "a{color:red;margin:0}"),
            ("/* why */\n@layer base, parts;\n", "@layer base,parts;"),
            ("/*! OFL */ a { }", "/*! OFL */ a{}"),
            ("a /* not b */ > c:not(.d , .e) :hover {}", "a>c:not(.d,.e) :hover{}"),
            ("a/* */b {}", "a b{}"),
            ("a { width: calc(1px + 2em); --x: ; }", "a{width:calc(1px + 2em);--x:}"),
            ("a::after { content: \"  /* no */ ; } \"; }", "a::after{content:\"  /* no */ ; } \"}"),
            ("a { content: '\\'  ' ; }", "a{content:'\\'  '}"),
            ("a { b: url(x/*y.png) ; c: url( \"d  e.png\" ) }", "a{b:url(x/*y.png);c:url( \"d  e.png\" )}"),
            (".\\31  b {}", ".\\31  b{}"),
            (".sm\\: .b, .a\\> c { --x: \\; }", ".sm\\: .b,.a\\> c{--x:\\;}"),
            ("a { content: 'never closed\n  b: c }", "a{content:'never closed\n b:c}"),
            ("å { }  /* never closed", "å{}"),
            ("a { b: url(", "a{b:url("),
            ("\\", "\\"),
        ] {
            assert_eq!(squeeze(css), expected, "{css}");
            assert_eq!(squeeze(&squeeze(css)), squeeze(css), "{css}");
        }
    }
}
