//! Any front matter is read or refused with words.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    anslag_fuzz::make("content/blog/fuzz.md", &format!("---\n{text}\n---\nText.\n"));
});
