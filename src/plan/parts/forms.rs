//! What readers can do on a page: comment, say whether it helped, write to somebody.

use super::Planner;
use crate::config::settings::{CommentState, Comments};
use crate::diagnostic::Report;
use crate::model::common::Common;
use crate::model::{Kind, Occasion};
use crate::text::address::encode;
use crate::view::{CommentsView, FormView};

impl Planner<'_> {
    pub(super) fn comments(&self, common: &Common, report: &mut Report) -> Option<CommentsView> {
        let section = match common.kind {
            Kind::Post => &self.settings().sections.blog,
            Kind::Event => &self.settings().sections.events,
            Kind::Tool => &self.settings().sections.toolkit,
            _ => return common.comments.as_ref().and_then(|own| self.comments_view(own, &common.path, report)),
        };
        match (&common.comments, &section.comments) {
            (Some(own), _) => self.comments_view(own, &common.path, report),
            // Paths in the settings start at the site's folder.
            (None, Some(general)) => self.comments_view(general, "site.yaml", report),
            (None, None) => None,
        }
    }

    fn comments_view(&self, comments: &Comments, from: &str, report: &mut Report) -> Option<CommentsView> {
        let words = self.words();
        let closes = self.desk().maybe(comments.closes.as_ref(), report)?;
        let open = match comments.state {
            CommentState::Off => return None,
            CommentState::Open => closes.zip(comments.closes.as_ref()).is_none_or(|(closes, written)| {
                !self.desk().is_over(&closes, Occasion::CommentsClose, &written.place.path)
            }),
            CommentState::Closed => false,
        };
        let login = comments.login.unwrap_or(false).then(|| words.text("comments.login"));
        let limit = comments.limit.map(|limit| words.format("comments.limit", &[("number", &limit.to_string())]));
        let until = closes.filter(|_| open).map(|day| words.format("comments.until", &[("date", &words.moment(&day))]));
        let rules =
            comments.rules.as_ref().and_then(|path| self.catalogue.reference(from, path, &[Kind::Page], report));
        Some(CommentsView {
            open,
            state: words.text(if open { "comments.open" } else { "comments.closed" }),
            conditions: login.into_iter().chain(limit).chain(until).collect(),
            rules: rules.map(|card| self.link_to(card)),
        })
    }

    pub(super) fn feedback(&self, common: &Common) -> Option<FormView> {
        let sections = &self.settings().sections;
        let general = match common.kind {
            Kind::Post => sections.blog.feedback,
            Kind::Event => sections.events.feedback,
            Kind::Tool => sections.toolkit.feedback,
            _ => false,
        };
        let subject = || self.words().format("forms.feedback_subject", &[("title", &common.title.value)]);
        common.feedback.unwrap_or(general).then(|| self.form("feedback", &subject(), &common.route))
    }

    /// A form, or the e-mail address that stands in for it.
    pub fn form(&self, kind: &str, subject: &str, route: &str) -> FormView {
        let forms = &self.settings().forms;
        let action = match kind {
            "contact" => &forms.contact,
            "feedback" => &forms.feedback,
            _ => &forms.subscribe,
        };
        let email = self.settings().email.clone();
        FormView {
            kind: kind.to_owned(),
            action: action.clone(),
            mailto: email
                .as_ref()
                .map(|email| format!("mailto:{email}?subject={}", encode(subject).replace('/', "%2F"))),
            email,
            page: self.settings().absolute(route),
        }
    }
}
