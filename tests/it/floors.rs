//! The house of `src/` (ARCHITECTURE.md): who may use whom, which library lives where, and lists that must be whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anslag::plan::words::NEEDS;

use crate::site::{files_in, repository};

/// The floors, lowest first. A module uses those above it in this list, and no others.
const FLOORS: &[&str] = &[
    "text",
    "progress",
    "diagnostic",
    "image",
    "source",
    "data",
    "config",
    "outside",
    "addresses",
    "document",
    "view",
    "model",
    "plan",
    "kind",
    "overview",
    "theme",
    "session",
    "publish",
    "serve",
    "language_server",
    "cmd",
];

/// What stands at the root of the crate and is no floor: the macros, which are exported there.
const MACROS: &[&str] = &["code", "gate", "record", "choice"];

/// The homes of foreign libraries: no other module knows them.
const HOMES: &[(&str, &[&str])] = &[
    ("ab_glyph", &["image"]),
    ("annotate_snippets", &["diagnostic"]),
    ("clap", &["cmd"]),
    ("clap_complete", &["cmd"]),
    ("clap_mangen", &["cmd"]),
    ("crc32fast", &["image"]),
    ("erased_serde", &["view", "plan"]),
    ("fdeflate", &["image"]),
    ("gen_lsp_types", &["language_server"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("icu_collator", &["text"]),
    ("icu_locale_core", &["text"]),
    ("icu_normalizer", &["text"]),
    ("idna", &["text"]),
    ("imagesize", &["model"]),
    ("lopdf", &["model"]),
    ("memchr", &["document", "text"]),
    ("mimalloc", &["main"]),
    ("postcard", &["document", "publish", "session", "view"]),
    ("notify", &["source"]),
    ("pulldown_cmark", &["document"]),
    ("quick_xml", &["model", "overview"]),
    ("rapidhash", &["text"]),
    // What is not in the standard library is asked of the system here: of folders, and of the terminal.
    ("rustix", &["publish", "cmd"]),
    ("serde_yaml", &["data"]),
    ("sha2", &["text"]),
    ("simdutf8", &["text"]),
    ("strsim", &["text"]),
    ("syntect", &["document"]),
    ("tera", &["theme"]),
    ("tokio", &["serve"]),
    // The only ways to the network.
    ("ureq", &["outside"]),
    ("url", &["outside"]),
    ("terminal_size", &["cmd"]),
    ("two_face", &["document"]),
    ("walkdir", &["publish", "source"]),
    // `Err` is a failure of the machine, and comes only from where files are read or written, and on its way out.
    ("anyhow", &["source", "theme", "session", "publish", "serve", "language_server", "cmd"]),
    // Shapes of views, and nothing else.
    ("schemars", &["view", "kind", "overview", "theme"]),
];

/// A file of the program, without comments and tests.
struct Module {
    path: String,
    floor: String,
    code: String,
}

fn modules() -> Vec<Module> {
    let sources = files_in(&repository().join("src"));
    let sources = sources.into_iter().filter(|(path, _)| path.ends_with(".rs") && !path.ends_with("tests.rs"));
    let module = |(path, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).expect("sources are UTF-8");
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let floor = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        Module { floor, code: lines.collect::<Vec<_>>().join("\n"), path }
    };
    sources.map(module).collect()
}

/// The floors that a file names: `crate::x`, also in `use crate::{x, y::z}`.
fn used_by(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => used.extend(heads(list)),
            None => {
                used.insert(word(rest));
            }
        }
    }
    used.remove("");
    used
}

/// The first words of a list in braces, up to its end.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut heads, mut start) = (0, vec![word(list.trim_start())], 0);
    for (at, sign) in list.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = at + 1,
            _ => continue,
        }
        if start == at + 1 {
            heads.push(word(list[start..].trim_start()));
        }
    }
    heads
}

fn word(text: &str) -> String {
    text.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '_').collect()
}

#[test]
fn a_module_uses_lower_floors_only() {
    let height = |floor: &str| FLOORS.iter().position(|known| *known == floor);
    let mut wrong = Vec::new();
    for module in modules().iter().filter(|module| !matches!(module.floor.as_str(), "lib" | "main")) {
        let Some(own) = height(&module.floor) else {
            wrong.push(format!("{} is on no floor", module.path));
            continue;
        };
        for used in used_by(&module.code).iter().filter(|used| !MACROS.contains(&used.as_str())) {
            if height(used).is_none_or(|used| used > own) {
                wrong.push(format!("{} uses `{used}`, which is not below it", module.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_floors_names_what_is_there() {
    let there: BTreeSet<String> = modules().into_iter().map(|module| module.floor).collect();
    let floors = FLOORS.iter().copied().chain(["lib", "main"]).map(str::to_owned).collect();
    assert_eq!(there, floors);
}

#[test]
fn each_foreign_library_has_one_home() {
    let mut wrong = Vec::new();
    for module in modules() {
        for (library, homes) in HOMES {
            let names_it = module.code.match_indices(&format!("{library}::")).any(|(at, _)| {
                let before = module.code[..at].chars().next_back().unwrap_or(' ');
                !before.is_ascii_alphanumeric() && !matches!(before, '_' | ':')
            });
            if names_it && !homes.contains(&module.floor.as_str()) {
                wrong.push(format!("{} uses `{library}`, which lives in {homes:?}", module.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_has_a_home() {
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap();
    let names =
        dependencies.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name.trim().replace('-', "_"));
    // These say things that every floor needs: dates, threads, and how views are written.
    let everywhere = ["jiff", "rayon", "serde", "serde_json", "slug"];
    let homeless: Vec<String> = names
        .filter(|name| !everywhere.contains(&name.as_str()) && !HOMES.iter().any(|(library, _)| library == name))
        .collect();
    assert!(homeless.is_empty(), "{homeless:?} have no home in the table");
}

#[test]
fn only_one_command_asks_a_network() {
    let asks = |module: &Module| module.floor != "outside" && module.code.contains("Manners");
    let asking: Vec<String> = modules().into_iter().filter(asks).map(|module| module.path).collect();
    assert_eq!(asking, ["cmd/external.rs"]);
}

#[test]
fn every_code_that_is_declared_can_be_explained() {
    let mut declared: BTreeMap<String, String> = BTreeMap::new();
    for module in modules() {
        let declarations = module.code.split("code! {").skip(1).chain(module.code.split("gate! {").skip(1));
        for declaration in declarations {
            // Where the macros themselves are declared, nothing else is.
            let is_macro = declaration.starts_with(" $") || declaration.starts_with(" @");
            let Some(name) = declaration.split('"').nth(1).filter(|_| !is_macro) else { continue };
            if let Some(first) = declared.insert(name.to_owned(), module.path.clone()) {
                panic!("`{name}` is declared in {first} and in {}", module.path);
            }
        }
    }
    let known: BTreeSet<String> = anslag::session::codes().into_iter().map(|code| code.name.to_owned()).collect();
    let declared_names: BTreeSet<String> = declared.keys().cloned().collect();
    assert!(known.len() > 60, "the codes are found");
    let unknown: Vec<_> = declared_names.symmetric_difference(&known).collect();
    assert!(unknown.is_empty(), "declared, but not listed for `anslag explain`, or the other way round: {unknown:?}");
    for name in &known {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{name}");
    }
}

#[test]
fn every_text_that_the_program_says_is_asked_of_themes() {
    let needs: BTreeMap<&str, &[&str]> = NEEDS.iter().map(|(key, names)| (*key, *names)).collect();
    let mut wrong = Vec::new();
    let mut found = 0;
    for module in modules() {
        for (call, key, rest) in calls(&module.code) {
            found += 1;
            let is_there = match call {
                "of" => needs.keys().any(|known| known.starts_with(&format!("{key}."))),
                "badge" => needs.contains_key(format!("states.{key}").as_str()),
                _ => needs.contains_key(key),
            };
            if !is_there {
                wrong.push(format!("{} says `{key}`, which is not in NEEDS", module.path));
            } else if call == "format" {
                let filled = filled(rest);
                let asked: BTreeSet<&str> = needs[key].iter().copied().collect();
                if !filled.is_empty() && filled != asked {
                    wrong.push(format!("{} fills {filled:?} into `{key}`, and NEEDS says {asked:?}", module.path));
                }
            }
        }
    }
    assert!(found > 40, "the texts are found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All calls such as `words.text("dates.date")`: the function, the key, and what follows.
fn calls(code: &str) -> Vec<(&'static str, &str, &str)> {
    let mut calls = Vec::new();
    for call in ["text", "of", "format", "badge"] {
        for (at, found) in code.match_indices(&format!(".{call}(\"")) {
            let speaker = code[..at].trim_end_matches("()").ends_with("words");
            if let Some((key, rest)) = code[at + found.len()..].split_once('"').filter(|_| speaker) {
                calls.push((call, key, rest));
            }
        }
    }
    calls
}

/// The names in `&[("title", …), ("number", …)]` right after a key.
fn filled(rest: &str) -> BTreeSet<&str> {
    let Some(list) = rest.trim_start_matches([',', ' ', '\n']).strip_prefix("&[") else { return BTreeSet::new() };
    let (mut depth, mut end) = (1, list.len());
    for (at, sign) in list.char_indices() {
        match sign {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            end = at;
            break;
        }
    }
    list[..end].split("(\"").skip(1).filter_map(|item| item.split_once("\",")).map(|(name, _)| name).collect()
}
