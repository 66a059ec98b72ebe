//! Answers to questions about a text, in the words of the protocol.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use gen_lsp_types::{Diagnostic, Location, Position, TextEdit, Uri};
use serde_json::{Value, json};

use super::completion::{Proposal, proposals};
use super::files::Folder;
use super::findings::{Finding, Fix};
use super::hover::explained;
use super::making::{OpenTexts, Site, name_of};
use super::positions::{Positions, Units};
use super::subject::{Subject, TextOf, touches};
use crate::diagnostic::Place;
use crate::session::codes;

/// What is asked about: a place in a text, and what is known beside it.
pub struct Question<'a> {
    /// Where the site is.
    pub folder: &'a Folder,
    /// The site; none before the first is made.
    pub site: Option<&'a Site>,
    /// The texts that are open in the editor.
    pub open: &'a OpenTexts,
    /// What its positions count.
    pub units: Units,
    /// The file, from the site's folder.
    pub path: Arc<str>,
    /// The text as it is now.
    pub text: Arc<str>,
    /// The place in it.
    pub position: Position,
    /// What was found in the file last.
    pub found: &'a [Finding],
}

/// The text of a file: as it stands in the editor, or else as it is written.
pub fn text_of(open: &OpenTexts, site: Option<&Site>, path: &str) -> Option<Arc<str>> {
    let written = || site?.session.snapshot.text(path).cloned();
    open.get(path).map(|open| open.text.clone()).or_else(written)
}

impl Question<'_> {
    /// What may be written here.
    pub fn completion(&self) -> Value {
        let positions = self.positions();
        let proposals = proposals(self.site, &self.path, &self.text, positions.offset(self.position));
        let range = positions.range(&proposals.span);
        let item = |(place, proposal): (usize, &Proposal)| {
            let mut item = json!({
                "label": proposal.label,
                "kind": proposal.kind,
                // Files are sought by their titles too.
                "filterText": match &proposal.detail {
                    Some(detail) if proposal.label.contains('/') => format!("{} {detail}", proposal.label),
                    _ => proposal.label.clone(),
                },
                "sortText": format!("{place:05}"),
                "textEdit": TextEdit { range, new_text: proposal.new.clone() },
            });
            if let Some(detail) = &proposal.detail {
                item["detail"] = detail.as_str().into();
            }
            if let Some(words) = &proposal.words {
                item["documentation"] = json!({"kind": "markdown", "value": words});
            }
            item
        };
        let items: Vec<Value> = proposals.all.iter().enumerate().map(item).collect();
        json!({"isIncomplete": proposals.is_part, "items": items})
    }

    /// What there is to say of what stands here, and why what is wrong with it matters.
    pub fn hover(&self) -> Value {
        let positions = self.positions();
        let said = explained(self.site, &self.path, &self.text, positions.offset(self.position));
        let at = |finding: &&Finding| {
            let range = finding.shown.range;
            range.start <= self.position && self.position <= range.end && range.start != range.end
        };
        let known = codes();
        let reasons = self.found.iter().filter(at).filter_map(|finding| {
            let name = serde_json::to_value(&finding.shown.code).ok()?;
            let code = known.iter().find(|code| Some(code.name) == name.as_str())?;
            Some(format!("`{}`: {}", code.name, code.explanation))
        });
        let words: Vec<String> = said.iter().map(|(words, _)| words.clone()).chain(reasons).collect();
        if words.is_empty() {
            return Value::Null;
        }
        let mut hover = json!({"contents": {"kind": "markdown", "value": words.join("\n\n---\n\n")}});
        if let Some((_, span)) = &said {
            hover["range"] = json!(positions.range(span));
        }
        hover
    }

    /// Where what is named here stands.
    pub fn definition(&self) -> Value {
        let Some(site) = self.site else { return Value::Null };
        let component = || self.component(site);
        let place = self.subject(site).map_or_else(component, |subject| subject.place(site, &self.texts()));
        place.map_or(Value::Null, |place| json!(self.location(&place)))
    }

    /// Who names what is named here; where nothing is, who names this file.
    pub fn references(&self) -> Value {
        let Some(site) = self.site else { return Value::Null };
        let own = || Subject::File { path: self.path.clone(), anchor: None };
        let places = self.subject(site).unwrap_or_else(own).named_at(site, &self.texts());
        let mut files: BTreeMap<Arc<str>, Vec<Range<usize>>> = BTreeMap::new();
        for place in places {
            files.entry(place.path).or_default().push(place.span);
        }
        let locations = files.into_iter().flat_map(|(path, spans)| {
            let text = text_of(self.open, self.site, &path).unwrap_or_default();
            let positions = Positions::of(&text, self.units);
            let uri = self.name_of(&path);
            spans.iter().map(|span| Location { uri: uri.clone(), range: positions.range(span) }).collect::<Vec<_>>()
        });
        json!(locations.collect::<Vec<_>>())
    }

    /// What may be written to mend these findings.
    pub fn fixes(&self, asked: &Value) -> Value {
        // Among them may be findings of other servers, in whatever form.
        let asked = asked.as_array().into_iter().flatten();
        let asked: Vec<Diagnostic> = asked.filter_map(|one| serde_json::from_value(one.clone()).ok()).collect();
        let positions = self.positions();
        let is_asked = |finding: &&Finding| {
            let Finding { shown, .. } = finding;
            asked.iter().any(|asked| (asked.range, &asked.code) == (shown.range, &shown.code))
        };
        let fixes = self.found.iter().filter(is_asked).filter_map(|finding| {
            let Fix { range, old, new } = finding.fix.as_ref()?;
            // Somebody may have written on since.
            let span = positions.offset(range.start)..positions.offset(range.end);
            if self.text.get(span)? != old {
                return None;
            }
            let uri = self.name_of(&self.path);
            Some(json!({
                "title": format!("Write `{new}`"),
                "kind": "quickfix",
                "isPreferred": true,
                "diagnostics": [finding.shown],
                "edit": {"changes": {uri.0: [TextEdit { range: *range, new_text: new.clone() }]}},
            }))
        });
        json!(fixes.collect::<Vec<_>>())
    }

    fn name_of(&self, path: &str) -> Uri {
        name_of(self.open, self.folder, path)
    }

    fn positions(&self) -> Positions<'_> {
        Positions::of(&self.text, self.units)
    }

    fn texts(&self) -> Box<TextOf<'_>> {
        Box::new(|path| text_of(self.open, self.site, path))
    }

    /// What is named here.
    fn subject(&self, site: &Site) -> Option<Subject> {
        let offset = self.positions().offset(self.position);
        let names = site.session.said(&self.path, &self.text).names;
        let name = names.into_iter().find(|name| touches(&name.place.span, offset))?;
        Subject::of(site, &self.path, &name)
    }

    /// Where the component is defined that is called here.
    fn component(&self, site: &Site) -> Option<Place> {
        let offset = self.positions().offset(self.position);
        let body = site.session.said(&self.path, &self.text).body;
        let call = body.components.iter().find(|call| touches(&call.place.span, offset))?;
        Some(site.session.theme()?.about_component(&call.name)?.place)
    }

    fn location(&self, place: &Place) -> Location {
        let text = text_of(self.open, self.site, &place.path).unwrap_or_default();
        let uri = self.name_of(&place.path);
        Location { uri, range: Positions::of(&text, self.units).range(&place.span) }
    }
}
