//! `anslag`: a static site generator for organisations that must publish reliably.
pub mod cmd;
pub mod config;
pub mod data;
pub mod diagnostic;
pub mod document;
pub mod image;
pub mod kind;
pub mod model;
pub mod outside;
pub mod overview;
pub mod plan;
pub mod publish;
pub mod session;
pub mod source;
pub mod text;
pub mod theme;
pub mod view;
