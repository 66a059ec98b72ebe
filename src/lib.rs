//! `anslag`: a static site generator for organisations that must publish reliably.
pub mod text;
pub mod diagnostic;
pub mod source;
pub mod data;
pub mod config;
pub mod document;
pub mod model;
pub mod view;
pub mod plan;
pub mod theme;
pub mod kind;
pub mod overview;
pub mod session;
pub mod publish;
pub mod cmd;
