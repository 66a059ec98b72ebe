//! How far a run is: stages count what they have done, and know nobody who looks.
//!
//! A step is one addition, without waiting for anybody. No output and no finding depends on these numbers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What takes long in a large site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Documents are read.
    Read,
    /// Pages and other outputs are made.
    Make,
    /// It is found out when the site will be another one.
    LookAhead,
    /// Files are written.
    Write,
    /// Addresses are asked.
    Ask,
    /// Files are held against what was built.
    Compare,
}

/// How far a run is. All clones are of one run.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    done: AtomicUsize,
    /// The stage, and of how many there is to do; none before the first.
    stage: Mutex<Option<(Stage, usize)>>,
}

/// What somebody sees who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What is done.
    pub stage: Stage,
    /// How many times it has been done.
    pub done: usize,
    /// Of how many; 0 where that cannot be told.
    pub of: usize,
}

impl Progress {
    /// A stage begins, with so much to do.
    pub fn begin(&self, stage: Stage, of: usize) {
        let mut now = self.0.stage.lock().unwrap_or_else(PoisonError::into_inner);
        *now = Some((stage, of));
        self.0.done.store(0, Ordering::Relaxed);
    }

    /// There is more to do than was known when the stage began.
    pub fn expect(&self, more: usize) {
        let mut now = self.0.stage.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.map(|(stage, of)| (stage, of + more));
    }

    /// One more is done.
    pub fn step(&self) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
    }

    /// How far it is; none when nothing has begun.
    pub fn look(&self) -> Option<Seen> {
        let now = self.0.stage.lock().unwrap_or_else(PoisonError::into_inner);
        now.map(|(stage, of)| Seen { stage, done: self.0.done.load(Ordering::Relaxed), of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_looks_sees_the_stage_and_how_far_it_is() {
        let progress = Progress::default();
        assert_eq!(progress.look(), None);
        progress.begin(Stage::Make, 3);
        let stages = progress.clone();
        stages.step();
        stages.expect(2);
        assert_eq!(progress.look(), Some(Seen { stage: Stage::Make, done: 1, of: 5 }));
        progress.begin(Stage::Write, 7);
        assert_eq!(progress.look(), Some(Seen { stage: Stage::Write, done: 0, of: 7 }));
    }
}
