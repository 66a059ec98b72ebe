//! Any `site.yaml` is read or refused with words.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    anslag_fuzz::make("site.yaml", text);
});
