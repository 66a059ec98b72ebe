//! Text and the small types made of it, known to every floor: dates, slugs, HTML, addresses, fingerprints, order.

pub mod address;
pub mod alternative;
pub mod collation;
pub mod columns;
pub mod csv;
pub mod date;
pub mod digest;
pub mod fingerprint;
pub mod html;
pub mod label;
pub mod locale;
pub mod markup;
pub mod slug;
pub mod suggest;
pub mod utf8;
pub mod words;
