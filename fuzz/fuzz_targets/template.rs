//! Any template makes pages or is refused with words.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    anslag_fuzz::make("theme/templates/post.html", text);
});
