//! Whether comments are taken, in a section or on a page.

use crate::data::Located;
use crate::text::date::When;
use crate::{choice, record};

record! {
    /// The state of comments on a page.
    pub struct Comments {
        /// Whether comments are taken.
        pub state: CommentState,
        /// The most signs a comment may have.
        pub limit: Option<usize>,
        /// Whether one must log in to comment.
        pub login: Option<bool>,
        /// The last day for comments.
        pub closes: Option<Located<When>>,
        /// The page with the rules.
        pub rules: Option<Located<String>>,
    }
}

choice! {
    /// Whether comments are taken.
    pub enum CommentState {
        /// They are.
        Open = "open",
        /// Not any longer; what was said stays.
        Closed = "closed",
        /// There are none.
        Off = "off",
    }
}
