//! `anslag explain`.

use anyhow::Result;

use super::{End, print};
use crate::diagnostic::Code;
use crate::diagnostic::render::explain as words;
use crate::session::codes;
use crate::text::suggest::closest;

/// Explains a code, or lists all of them.
pub fn explain(code: Option<&str>) -> Result<End> {
    let codes = codes();
    let Some(code) = code else {
        let mark = |code: &Code| if code.gate { '*' } else { ' ' };
        let lines = codes.iter().map(|code| format!("{:<27} {} {}\n", code.name, mark(code), code.summary));
        print(&lines.collect::<String>())?;
        eprintln!("\n* a gate: `gates` in `site.yaml` may lower it, and a waiver spare from it until a day");
        return Ok(End::Well);
    };
    if let Some(found) = codes.iter().find(|known| known.name == code) {
        print(&format!("{}\n", words(found).trim_end()))?;
        return Ok(End::Well);
    }
    eprintln!("anslag: there is no code `{}`", code.escape_debug());
    match closest(code, codes.iter().map(|code| code.name)) {
        Some(meant) => eprintln!("did you mean `{meant}`?"),
        None => eprintln!("`anslag explain` lists all of them"),
    }
    Ok(End::Usage)
}
