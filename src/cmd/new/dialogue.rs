//! What a new document lacks, asked for on the terminal. What has been given already is not asked.

use std::io::{BufRead, Write};

use anyhow::Result;
use jiff::civil::Date;

use super::{Answers, Person, person_meant, place_of};
use crate::cmd::arguments::{line, place, when};
use crate::model::Kind;
use crate::text::slug::slug;

/// A terminal, or what stands in for one in tests.
pub struct Dialogue<'a> {
    pub input: &'a mut dyn BufRead,
    pub output: &'a mut dyn Write,
}

/// Somebody went away in the middle.
pub struct Left;

/// An answer; none inside when nothing was answered.
type Answer<T> = Result<Result<Option<T>, Left>>;

/// Hands over the answer, or ends when somebody has left.
macro_rules! answered {
    ($answer:expr) => {
        match $answer? {
            Ok(answer) => answer,
            Err(left) => return Ok(Err(left)),
        }
    };
}

impl Dialogue<'_> {
    /// Asks for what is missing.
    pub fn complete(
        &mut self,
        kind: Kind,
        mut answers: Answers,
        people: &[Person],
        today: Date,
        bundle: bool,
    ) -> Result<Result<Answers, Left>> {
        if answers.title.is_none() {
            let question = if kind == Kind::Person { "Name" } else { "Title" };
            answers.title = answered!(self.must(question, &|text| match line(text) {
                Ok(title) if slug(&title).is_empty() =>
                    Err("write letters or digits: the address is made of them".to_owned()),
                title => title,
            }));
        }
        if kind == Kind::Event {
            if answers.start.is_none() {
                answers.start = answered!(self.ask("Starts (such as 2027-05-03T09:30)", None, &when));
            }
            if answers.end.is_none() && answers.start.is_some() {
                answers.end = answered!(self.ask("Ends", None, &when));
            }
            if answers.place.is_none() {
                answers.place = answered!(self.ask("Place (the town, or a name and the town)", None, &place));
            }
        }
        let is_owned = matches!(kind, Kind::Post | Kind::Event | Kind::Tool | Kind::Page | Kind::Series);
        if is_owned && answers.contact.is_none() && !people.is_empty() {
            answers.contact = answered!(self.owner(people));
        }
        if answers.slug.is_none() {
            let proposal = slug(answers.title.as_deref().unwrap_or_default());
            let parse = |text: &str| {
                let slug = slug(text);
                if slug.is_empty() { Err("write letters or digits".to_owned()) } else { Ok(slug) }
            };
            answers.slug = answered!(self.ask("Last piece of the address", Some(&proposal), &parse));
            let path = place_of(kind, answers.slug.as_deref().unwrap_or_default(), &answers, today, bundle);
            writeln!(self.output, "{}", path.display())?;
        }
        Ok(Ok(answers))
    }

    /// Asks who answers for the page, by number, slug or name.
    fn owner(&mut self, people: &[Person]) -> Answer<String> {
        writeln!(self.output, "Who answers for it?")?;
        for (index, person) in people.iter().enumerate() {
            writeln!(self.output, "  {}. {} ({})", index + 1, person.name, person.slug)?;
        }
        let parse = |text: &str| {
            let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            match number {
                Some(index) => {
                    people.get(index).map(|person| person.slug.clone()).ok_or("there is no such number".to_owned())
                }
                None => person_meant(text, people),
            }
        };
        self.ask("Number or name", None, &parse)
    }

    /// Asks until there is an answer.
    fn must<T>(&mut self, question: &str, parse: &dyn Fn(&str) -> Result<T, String>) -> Answer<T> {
        loop {
            match self.ask(question, None, parse)? {
                Ok(None) => {}
                answered => return Ok(answered),
            }
        }
    }

    /// Asks until the answer can be understood. No answer is the proposal, or none.
    fn ask<T>(
        &mut self,
        question: &str,
        proposal: Option<&str>,
        parse: &dyn Fn(&str) -> Result<T, String>,
    ) -> Answer<T> {
        loop {
            match proposal {
                Some(proposal) => write!(self.output, "{question} [{proposal}]: ")?,
                None => write!(self.output, "{question}: ")?,
            }
            self.output.flush()?;
            let mut written = String::new();
            if self.input.read_line(&mut written)? == 0 {
                writeln!(self.output)?;
                return Ok(Err(Left));
            }
            let text = match (written.trim(), proposal) {
                ("", None) => return Ok(Ok(None)),
                ("", Some(proposal)) => proposal,
                (text, _) => text,
            };
            match parse(text) {
                Ok(answer) => return Ok(Ok(Some(answer))),
                Err(words) => writeln!(self.output, "  {words}")?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(kind: Kind, given: Answers, typed: &str) -> (Option<Answers>, String) {
        let people = [("anna-berg", "Anna Berg"), ("bo-ek", "Bo Ek")];
        let people = people.map(|(slug, name)| Person { slug: slug.to_owned(), name: name.to_owned() });
        let (mut input, mut output) = (typed.as_bytes(), Vec::new());
        let mut dialogue = Dialogue { input: &mut input, output: &mut output };
        let today = Date::constant(2026, 11, 21);
        let answers = dialogue.complete(kind, given, &people, today, false).expect("memory does not fail");
        (answers.ok(), String::from_utf8(output).expect("what is asked is text"))
    }

    #[test]
    fn what_is_missing_is_asked_for_until_it_is_understood() {
        let typed = "\n!!!\nMR-dagen i Lund\n3 maj 2027\n2027-05-03T09:30\n\nAulan, Lund\n7\nana berg\n2\n\n";
        let (answers, said) = talk(Kind::Event, Answers::default(), typed);
        let answers = answers.expect("all has been answered");
        assert_eq!(answers.title.as_deref(), Some("MR-dagen i Lund"));
        assert_eq!((answers.contact.as_deref(), answers.slug.as_deref()), (Some("bo-ek"), Some("mr-dagen-i-lund")));
        assert_eq!(answers.place.map(|place| place.city).as_deref(), Some("Lund"));
        assert!(answers.start.is_some() && answers.end.is_none());
        for words in [
            "write letters or digits",
            "write 2027-05-03",
            "no such number",
            "did you mean `anna-berg`?",
            "1. Anna Berg (anna-berg)",
            "[mr-dagen-i-lund]: ",
            "content/events/2027/mr-dagen-i-lund.md",
        ] {
            assert!(said.contains(words), "{words} in\n{said}");
        }
    }

    #[test]
    fn what_is_given_is_not_asked_for() {
        let given = Answers {
            title: Some("Hej".to_owned()),
            contact: Some("bo-ek".to_owned()),
            slug: Some("hej".to_owned()),
            ..Answers::default()
        };
        let (answers, said) = talk(Kind::Post, given, "");
        assert!(answers.is_some() && said.is_empty(), "{said}");
    }

    #[test]
    fn who_leaves_in_the_middle_gets_nothing() {
        assert!(talk(Kind::Event, Answers::default(), "MR-dagen\n").0.is_none());
        assert!(talk(Kind::Person, Answers::default(), "").0.is_none());
    }
}
