//! A site for the editor in which it is written: what is wrong while it is typed, and what may be written next (Language Server
//! Protocol 3.17).
//!
//! Three threads: one reads what the editor says, one makes the site with the texts as they stand in the editor ([`making`]), and
//! this one answers. Answers come from the site that was made last and from the text as it is now, so nobody waits for a site to
//! be made. Nothing is written to the disk.

mod wire;
mod positions;
mod files;
mod findings;
mod making;
mod conversation;
mod cursor;
mod keys;
mod completion;
mod subject;
mod hover;
mod answers;

use std::io::{BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result};
use jiff::Timestamp;

use crate::session::Options;
use conversation::{Conversation, Next};
use making::{Made, Time};
use wire::Heard;

/// What is served, and how.
pub struct Asked {
    /// What a run is asked for; the folder is found when the editor says what it has opened.
    pub options: Options,
    /// The site's folder, where the editor is not to say it.
    pub root: Option<PathBuf>,
    /// The time at which the site is looked at; the machine's if none.
    pub now: Option<Timestamp>,
    /// The time of the machine.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Is told what goes on.
    pub log: Box<dyn Fn(&str)>,
}

/// How many things may wait to be looked at before whoever brings more has to wait.
const WAITING: usize = 16;

/// Something that has happened.
enum Turn {
    /// The editor has said something.
    Heard(Heard),
    /// A site has been made.
    Made(Box<Result<Made>>),
    /// Files of the site have changed, which the conversation knows already.
    Files,
    /// The editor has gone.
    Gone,
}

/// Talks with an editor until that ends it or is gone. Says whether it was ended as the protocol has it.
///
/// # Errors
/// There can be no more threads.
pub fn serve(asked: Asked, input: impl Read + Send + 'static, output: impl Write) -> Result<bool> {
    let (tell, told) = sync_channel(WAITING);
    listen(input, tell.clone())?;
    let time = Time { fixed: asked.now, clock: asked.clock };
    let conversation = Conversation::new(asked.options, asked.root, time, output, tell);
    Ok(converse(conversation, &told, &asked.log))
}

/// Hears what the editor says, on a thread that ends with the process: nothing else ends the wait for more.
fn listen(input: impl Read + Send + 'static, tell: SyncSender<Turn>) -> Result<()> {
    let hear = move || {
        let mut input = BufReader::new(input);
        while let Ok(Some(heard)) = wire::read(&mut input) {
            if tell.send(Turn::Heard(heard)).is_err() {
                return;
            }
        }
        let _nobody_listens = tell.send(Turn::Gone);
    };
    thread::Builder::new().spawn(hear).context("cannot start a thread")?;
    Ok(())
}

fn converse(mut conversation: Conversation<impl Write>, told: &Receiver<Turn>, log: &dyn Fn(&str)) -> bool {
    for turn in told {
        let next = match turn {
            Turn::Heard(heard) => conversation.hear(heard, log),
            Turn::Made(made) => conversation.take(*made, log),
            Turn::Files => Ok(Next::More),
            Turn::Gone => Ok(conversation.end()),
        };
        match next {
            // Whose turn it was does not matter: whoever watches the files does not wait for its own.
            Ok(Next::More) if conversation.look_again().is_ok() => {}
            Ok(Next::End { well }) => return well,
            // Nobody reads any more.
            Ok(Next::More) | Err(_) => return false,
        }
    }
    false
}
