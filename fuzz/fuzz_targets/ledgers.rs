//! Any `addresses.lock` and `links.lock` is read or refused with words, and what was read is written as it was read.
#![no_main]

use anslag::addresses::{ADDRESSES, Addresses};
use anslag::diagnostic::Report;
use anslag::outside::{LEDGER, Ledger};
use anslag::source::Snapshot;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let read = |text: &str| {
        let snapshot = Snapshot::of_texts([(ADDRESSES, text), (LEDGER, text)]);
        let mut report = Report::default();
        (Addresses::read(&snapshot, &mut report).write(), Ledger::read(&snapshot, &mut report).write())
    };
    let (addresses, links) = read(text);
    assert_eq!(read(&addresses).0, addresses);
    assert_eq!(read(&links).1, links);
    anslag_fuzz::make(ADDRESSES, text);
    anslag_fuzz::make(LEDGER, text);
});
