//! `anslag explain`.

use anyhow::Result;

use super::arguments::Common;
use super::terminal::Terminal;
use super::{End, print, refuse, speak};
use crate::diagnostic::Code;
use crate::diagnostic::render::explain as words;
use crate::session::codes;
use crate::text::suggest::closest;

/// How wide an explanation is, where there is room.
const WIDTH: usize = 80;

/// Explains a code, or lists all of them.
pub fn explain(common: &Common, code: Option<&str>) -> Result<End> {
    let codes = codes();
    let Some(code) = code else {
        let mark = |code: &Code| if code.gate { '*' } else { ' ' };
        let lines = codes.iter().map(|code| format!("{:<27} {} {}\n", code.name, mark(code), code.summary));
        print(&lines.collect::<String>())?;
        speak(common, "\n* a gate: `gates` in `site.yaml` may lower it, and a waiver spare from it until a day");
        return Ok(End::Well);
    };
    if let Some(found) = codes.iter().find(|known| known.name == code) {
        let width = Terminal::output(common).width.map_or(WIDTH, |width| width.min(WIDTH));
        print(&format!("{}\n", words(found, width).trim_end()))?;
        return Ok(End::Well);
    }
    let help = match closest(code, codes.iter().map(|code| code.name)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`anslag explain` lists all of them".to_owned(),
    };
    refuse(common, &format!("there is no code `{}`\n{help}", code.escape_debug()))
}
