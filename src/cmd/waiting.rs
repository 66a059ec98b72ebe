//! A line for people who wait: what is being done, and how far it is.
//!
//! It is shown at a terminal, of work that is not done soon, and taken away at the end: what stays on the screen is the same as
//! without. The work counts and knows nothing of it; a thread of its own looks at the counts and sleeps in between.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::arguments::{Common, ReportFormat};
use super::terminal::Terminal;
use crate::progress::{Progress, Seen, Stage};

/// After how long somebody is shown that something goes on.
const SILENCE: Duration = Duration::from_millis(500);

/// How often what is shown is renewed.
const TICK: Duration = Duration::from_millis(100);

/// How wide the line is where the terminal does not say.
const WIDTH: usize = 80;

/// Does some work, of which the line tells.
pub fn while_waiting<T>(common: &Common, progress: &Progress, work: impl FnOnce() -> T) -> T {
    let _line = Line::of(common, progress);
    work()
}

/// The line, which is gone when this is. Until then nothing may be said to the terminal but before the first stage.
pub struct Line(Option<(Sender<()>, JoinHandle<()>)>);

impl Line {
    /// Shows it when it is time.
    pub fn of(common: &Common, progress: &Progress) -> Self {
        let is_wanted = !common.quiet && common.format == ReportFormat::Human && Terminal::error(common).is_live;
        let line = is_wanted.then(|| {
            let ((end, ended), common, progress) = (channel(), common.clone(), progress.clone());
            (end, thread::spawn(move || show(&common, &progress, &ended)))
        });
        Self(line)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some((end, shown)) = self.0.take() {
            drop(end);
            let _ = shown.join();
        }
    }
}

/// Shows how far it is until that has ended. Nothing hangs on it that somebody reads this.
fn show(common: &Common, progress: &Progress, ended: &Receiver<()>) {
    let (mut is_shown, mut wait) = (false, SILENCE);
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = TICK;
        if let Some(seen) = progress.look() {
            // The window may have become another one. In the last column some terminals would begin a new line.
            let room = Terminal::error(common).width.unwrap_or(WIDTH).saturating_sub(1);
            let words: String = words(seen).chars().take(room).collect();
            let _ = write!(std::io::stderr(), "\r{words}\x1b[K");
            is_shown = true;
        }
    }
    if is_shown {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
}

fn words(Seen { stage, done, of }: Seen) -> String {
    match stage {
        Stage::Read => format!("{done} of {of} documents read"),
        Stage::Make => format!("{done} of {of} pages and files made"),
        Stage::LookAhead => "looking for when the site will be another one".to_owned(),
        Stage::Write => format!("{done} of {of} files written"),
        Stage::Ask => format!("{done} of {of} addresses asked"),
        Stage::Compare => format!("{done} of {of} files compared"),
    }
}
