//! Those who answer for something.

use std::sync::Arc;

use super::Planner;
use crate::diagnostic::Report;
use crate::model::Kind;
use crate::model::common::{Common, Contact, ImageKeys, OutsideContact};
use crate::model::registry::Person;
use crate::view::{ContactView, ImageView, LinkView};

impl Planner<'_> {
    /// Those who answer for something.
    pub fn contacts(&self, contacts: &[Contact], report: &mut Report) -> Vec<ContactView> {
        let view = |contact: &Contact| match contact {
            Contact::Person(slug) => {
                self.context.registry.people.get(&slug.value).map(|person| self.person(person, report))
            }
            Contact::Outside(contact) => Some(outside(contact)),
        };
        contacts.iter().filter_map(view).collect()
    }

    /// Those who answer for lists, and for pages that name nobody.
    pub fn site_owners(&self, report: &mut Report) -> Vec<ContactView> {
        let mut owners = Vec::new();
        for slug in &self.settings().contact {
            if let Some(person) = self.context.registry.person(slug, report) {
                owners.push(self.person(person, report));
            }
        }
        owners
    }

    /// Those who answer for an entry.
    pub(super) fn owners(&self, common: &Common, report: &mut Report) -> Vec<ContactView> {
        match common.contact.as_slice() {
            [] if common.kind != Kind::Person => self.site_owners(report),
            contacts => self.contacts(contacts, report),
        }
    }

    /// A person as a contact.
    ///
    /// The organisation has the name it has now, or had on the day the person left: a contact is somebody to reach.
    pub fn person(&self, person: &Person, report: &mut Report) -> ContactView {
        let organisation = person.organisation.as_ref();
        let left = person.until.filter(|_| person.has_left(self.desk()));
        ContactView {
            name: person.name.clone(),
            role: person.role.clone(),
            organisation: organisation.and_then(|slug| self.context.organisation(slug, left.as_ref(), report)),
            email: person.email.clone(),
            phone: person.phone.clone(),
            phone_url: person.phone.as_deref().map(phone_url),
            url: Some(self.href(&person.route)),
        }
    }

    /// A link to a person's page.
    pub fn person_link(&self, slug: &str) -> Option<LinkView> {
        let person = self.context.registry.people.get(slug)?;
        Some(LinkView { title: person.name.clone(), url: self.href(&person.route) })
    }

    /// A person's portrait. The person's own page reports what is wrong with it.
    pub fn portrait(&self, (from, image): &(Arc<str>, ImageKeys)) -> Option<ImageView> {
        self.image(from, image, &mut Report::default())
    }
}

fn outside(contact: &OutsideContact) -> ContactView {
    ContactView {
        name: contact.name.clone(),
        role: contact.role.clone(),
        organisation: None,
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        phone_url: contact.phone.as_deref().map(phone_url),
        url: contact.url.as_ref().map(|url| url.0.clone()),
    }
}

/// A phone number for a `tel:` link (RFC 3966): digits, and a plus sign first.
fn phone_url(phone: &str) -> String {
    let digits: String = phone.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect();
    format!("tel:{digits}")
}
