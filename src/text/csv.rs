//! Tables for spreadsheets (RFC 4180).

/// For whom a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Programs: commas, and nothing but the table.
    Program,
    /// Excel, which takes bytes for those of its own code page unless a mark comes first, and parts fields where the system parts
    /// lists: with semicolons wherever numbers have a comma.
    Excel {
        /// Whether it parts fields with semicolons.
        semicolons: bool,
    },
}

/// A table as CSV: a line ends with CRLF, and a field is quoted where it must be.
///
/// A field that a spreadsheet would take for a formula gets an apostrophe first, since titles come from many hands.
pub fn table<const N: usize>(rows: impl Iterator<Item = [String; N]>, reader: Reader) -> String {
    let (mark, between) = match reader {
        Reader::Program => ("", ","),
        Reader::Excel { semicolons } => ("\u{feff}", if semicolons { ";" } else { "," }),
    };
    let rows = rows.map(|row| row.map(|text| field(&text)).join(between) + "\r\n");
    std::iter::once(mark.to_owned()).chain(rows).collect()
}

fn field(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', ';', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_say_what_they_said() {
        let rows = [["a", "b, c"], ["\"d\"", "e\nf"], ["=SUM(A1)", "å"]].map(|row| row.map(str::to_owned));
        let expected = "a,\"b, c\"\r\n\"\"\"d\"\"\",\"e\nf\"\r\n'=SUM(A1),å\r\n";
        assert_eq!(table(rows.clone().into_iter(), Reader::Program), expected);
        let expected = "\u{feff}a;\"b, c\"\r\n\"\"\"d\"\"\";\"e\nf\"\r\n'=SUM(A1);å\r\n";
        assert_eq!(table(rows.into_iter(), Reader::Excel { semicolons: true }), expected);
    }
}
