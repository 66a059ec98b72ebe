//! Faults of the machine, at a call of one's choice: `faults.c` stands between the program and the system.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::site::{Run, Site, repository};

/// The library, or why there is none.
static LIBRARY: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let source = repository().join("tests/it/faults/faults.c");
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{}.so", std::process::id()));
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
    let compiled = compiler.output().map_err(|error| format!("there is no `cc`: {error}"))?;
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    Ok(library)
});

/// Whether faults can be made here; else says why not.
pub fn can_be_made() -> bool {
    match &*LIBRARY {
        Ok(_) => true,
        Err(why) => {
            println!("skipped: {why}");
            false
        }
    }
}

/// What happens, at which call.
#[derive(Clone, Copy)]
pub struct Fault<'a> {
    /// What is to happen, in the words of `faults.c`.
    pub happens: &'a str,
    /// At the how-manieth call, from 1.
    pub at: usize,
    /// Of calls of this name alone, if one is given.
    pub call: &'a str,
}

/// What a run gave, and the call at which the fault happened, with its path; none when there were fewer calls.
pub struct Faulty {
    pub run: Run,
    pub happened: Option<(String, String)>,
}

impl Fault<'_> {
    /// Runs the program on a site, with the fault.
    pub fn run(&self, site: &Site, arguments: &[&str]) -> Faulty {
        let library = LIBRARY.as_ref().expect("somebody has asked whether faults can be made");
        let log = site.path("fault.log");
        let _ = fs::remove_file(&log);
        let mut command = site.command(arguments);
        command.env("LD_PRELOAD", library).env("FAULT_UNDER", site.path("")).env("FAULT_LOG", &log);
        command.env("FAULT_DO", self.happens).env("FAULT_AT", self.at.to_string());
        if !self.call.is_empty() {
            command.env("FAULT_CALL", self.call);
        }
        let run = site.finish(command);
        let happened = fs::read_to_string(&log).ok().and_then(|log| {
            let (call, path) = log.lines().next()?.split_once(' ')?;
            Some((call.to_owned(), path.to_owned()))
        });
        Faulty { run, happened }
    }
}
