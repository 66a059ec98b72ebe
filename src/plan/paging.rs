//! Lists over several pages.

use crate::view::{Pager, PagerLink};

/// One page of a list.
pub struct Sheet<'a, T> {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// Its address.
    pub route: String,
    /// What it shows.
    pub items: &'a [T],
}

/// Cuts a list into pages at `/blogg/`, `/blogg/sida/2/` and so on. An empty list has one page.
pub fn sheets<'a, T>(items: &'a [T], per_page: usize, base: &str, word: &str) -> Vec<Sheet<'a, T>> {
    let count = items.len().div_ceil(per_page).max(1);
    let sheet = |index: usize| {
        let start = index * per_page;
        let end = items.len().min(start + per_page);
        Sheet { number: index + 1, count, route: address(base, word, index + 1), items: &items[start..end] }
    };
    (0..count).map(sheet).collect()
}

/// The address of a page of a list.
fn address(base: &str, word: &str, number: usize) -> String {
    if number == 1 { base.to_owned() } else { format!("{base}{word}/{number}/") }
}

/// How a reader gets from one page of a list to the others: the first, the last, and two on each side.
pub fn pager(number: usize, count: usize, words: String, href: impl Fn(usize) -> String) -> Pager {
    let near = number.saturating_sub(2).max(2)..=(number + 2).min(count.saturating_sub(1));
    let last = (count > 1).then_some(count);
    let offered: Vec<usize> = std::iter::once(1).chain(near).chain(last).collect();
    let link = |index: usize, page: usize| PagerLink {
        number: page,
        url: href(page),
        current: page == number,
        gap: index > 0 && offered[index - 1] + 1 < page,
    };
    Pager {
        number,
        count,
        words,
        previous: (number > 1).then(|| href(number - 1)),
        next: (number < count).then(|| href(number + 1)),
        pages: offered.iter().enumerate().map(|(index, page)| link(index, *page)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_into_pages() {
        let items: Vec<usize> = (0..45).collect();
        let sheets = sheets(&items, 20, "/blogg/", "sida");
        let shape: Vec<_> = sheets.iter().map(|sheet| (sheet.route.as_str(), sheet.items.len())).collect();
        assert_eq!(shape, [("/blogg/", 20), ("/blogg/sida/2/", 20), ("/blogg/sida/3/", 5)]);
    }

    #[test]
    fn an_empty_list_has_one_page() {
        assert_eq!(sheets::<u8>(&[], 20, "/blogg/", "sida").len(), 1);
    }

    #[test]
    fn far_pages_are_left_out_with_a_gap() {
        let pager = pager(7, 20, String::new(), |page| format!("/{page}/"));
        let pages: Vec<_> = pager.pages.iter().map(|page| (page.number, page.gap)).collect();
        assert_eq!(pages, [(1, false), (5, true), (6, false), (7, false), (8, false), (9, false), (20, true)]);
        assert_eq!(pager.previous.as_deref(), Some("/6/"));
    }

    #[test]
    fn short_lists_offer_each_page_once() {
        let numbers = |number, count| -> Vec<usize> {
            pager(number, count, String::new(), |page| page.to_string()).pages.iter().map(|page| page.number).collect()
        };
        assert_eq!(numbers(1, 1), [1]);
        assert_eq!(numbers(2, 2), [1, 2]);
        assert_eq!(numbers(1, 3), [1, 2, 3]);
        assert_eq!(numbers(5, 5), [1, 3, 4, 5]);
    }
}
