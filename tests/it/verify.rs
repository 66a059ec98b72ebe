//! What readers get is held against what was built: in the output folder, in a copy of it, and at the host.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::server::{Asked, Server, status, to};
use crate::site::{Files, Site, files_in, permit};

const POST: &str = "---\ntitle: Inlägg\ndate: 2026-01-02\n---\nText.\n";

/// A site of which one address leads elsewhere and one is gone.
fn built() -> Site {
    let moved = "---\ntitle: Flyttat\ndate: 2026-01-03\naliases: [/gammalt/]\n---\nText.\n";
    let site = Site::new()
        .settings("hosting: [headers]\n")
        .file("content/blog/inlagg.md", POST)
        .file("content/blog/flyttat.md", moved)
        .file("content/blog/borta.md", POST);
    site.build().exits(0);
    site.remove("content/blog/borta.md");
    site.run(["address", "gone", "/blogg/borta/", "--reason", "Ingen behöver det."]).exits(0);
    site.build().exits(0);
    site
}

/// What `verify` finds: each path or address with the word for it.
fn found(site: &Site, arguments: &[&str], exit: i32) -> BTreeMap<String, String> {
    let arguments = [&["verify", "--format", "json"], arguments].concat();
    let run = site.run(arguments);
    run.exits(exit);
    let report: Value = serde_json::from_str(&run.stdout).expect("it answers in JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = report["differences"].as_array().expect("a list");
    list.iter().map(|difference| (text(&difference["path"]), text(&difference["what"]))).collect()
}

fn differences(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(path, what)| ((*path).to_owned(), (*what).to_owned())).collect()
}

#[test]
fn an_output_folder_is_what_was_built_until_somebody_touches_it() {
    let site = built();
    site.write("public/.gitkeep", "");
    site.run(["verify", "--strict"]).exits(0).says("0 missing, 0 changed; 0 foreign");
    site.edit("public/blogg/inlagg/index.html", |html| html.replace("Text", "Svek"));
    site.remove("public/404.html");
    site.write("public/kommentar.php", "<?php");
    let wanted =
        differences(&[("404.html", "missing"), ("blogg/inlagg/index.html", "changed"), ("kommentar.php", "foreign")]);
    assert_eq!(found(&site, &[], 1), wanted);
    site.run(["verify"]).exits(1).prints("missing  404.html\n").prints("changed  blogg/inlagg/index.html\n");
    site.build().exits(0);
    assert_eq!(found(&site, &[], 0), differences(&[("kommentar.php", "foreign")]));
    found(&site, &["--strict"], 1);
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_read_is_told_like_the_rest() {
    let site = built();
    site.write("public/sekretess/akt.txt", "Inte vår.");
    site.remove("public/404.html");
    let closed = ["public/blogg", "public/index.html", "public/sekretess"].map(|path| site.path(path));
    closed.iter().for_each(|path| permit(path, 0o000));
    let run = site.run_bound(["verify"]);
    closed.iter().for_each(|path| permit(path, 0o755));
    let Some(run) = run else { return };
    let words = "cannot be read: Permission denied (os error 13)\n";
    run.exits(1).prints("missing  404.html\n").prints(&format!("changed  index.html  {words}"));
    run.prints(&format!("changed  blogg/inlagg/index.html  {words}")).prints(&format!("foreign  sekretess  {words}"));
    run.says("; 1 foreign");
}

#[test]
fn a_change_that_keeps_size_and_time_is_seen() {
    let site = built();
    let place = site.path("public/blogg/inlagg/index.html");
    let modified = fs::metadata(&place).and_then(|metadata| metadata.modified()).expect("the page is there");
    site.edit("public/blogg/inlagg/index.html", |html| html.replace("Text", "Svek"));
    let file = fs::File::options().write(true).open(&place).expect("the page can be opened");
    file.set_modified(modified).expect("times can be set");
    assert_eq!(found(&site, &[], 1), differences(&[("blogg/inlagg/index.html", "changed")]));
}

#[test]
fn a_copy_is_held_against_the_output_byte_for_byte() {
    let site = built();
    for (path, bytes) in files_in(&site.path("public")) {
        site.write(&format!("kopia/{path}"), bytes);
    }
    let copy = site.path("kopia");
    let copy = copy.to_str().expect("the folder has a name");
    assert_eq!(found(&site, &[copy], 0), BTreeMap::new());
    site.edit("kopia/index.html", |html| html + "<script>stjäl()</script>");
    site.remove("kopia/blogg/flyttat/index.html");
    site.write("kopia/extra/fil.txt", "Hej");
    let wanted = [("blogg/flyttat/index.html", "missing"), ("extra/fil.txt", "foreign"), ("index.html", "changed")];
    assert_eq!(found(&site, &[copy], 1), differences(&wanted));
}

#[test]
#[cfg(unix)]
fn a_link_is_never_a_file_of_the_site() {
    let site = built();
    let (page, elsewhere) = (site.path("public/index.html"), site.path("annan.html"));
    fs::rename(&page, &elsewhere).expect("the page can be moved");
    std::os::unix::fs::symlink(&elsewhere, &page).expect("a link can be made");
    assert_eq!(found(&site, &[], 1), differences(&[("index.html", "changed")]));
    let (folder, moved) = (site.path("public/blogg"), site.path("annan"));
    fs::rename(&folder, &moved).expect("the folder can be moved");
    std::os::unix::fs::symlink(&moved, &folder).expect("a link can be made");
    let found = found(&site, &[], 1);
    assert_eq!((&*found["blogg"], &*found["blogg/inlagg/index.html"]), ("foreign", "missing"));
}

#[test]
fn without_a_build_there_is_nothing_to_hold_against() {
    let site = Site::new().file("content/blog/inlagg.md", POST);
    site.run(["verify"]).exits(2).says("`anslag build` first");
    let site = built();
    site.run(["verify", "finns-inte"]).exits(2).says("neither a folder nor a web address");
    site.remove("public/index.html");
    site.run(["verify", "http://test.example.org/"]).exits(2).says("is not as it was built");
}

/// A host that gives these files, with the rules that anslag writes for it.
fn host(files: Files) -> Server {
    Server::answering(move |asked: &Asked| {
        let path = asked.address.strip_prefix("http://test.example.org").expect("the site's own host");
        let name = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        match (path, files.get(&name[1..])) {
            ("/gammalt/", _) => to(301, "/blogg/flyttat/").into_bytes(),
            ("/blogg/borta/", _) => status(410).into_bytes(),
            (_, Some(body)) => answer(200, body),
            (_, None) => answer(404, files.get("404.html").map_or(b"", Vec::as_slice)),
        }
    })
}

fn answer(status: u16, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Such\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

const HOST: &str = "http://test.example.org/";

#[test]
fn a_host_that_gives_what_was_built_is_well() {
    let site = built();
    let server = host(files_in(&site.path("public")));
    assert_eq!(found(&site, &[HOST, &server.resolve()], 0), BTreeMap::new());
    let asked = server.asked();
    assert!(asked.contains(&"GET http://test.example.org/blogg/inlagg/".to_owned()), "{asked:#?}");
    assert!(
        !asked.iter().any(|asked| asked.ends_with("/_headers")),
        "what the host reads is not asked for: {asked:#?}"
    );
}

#[test]
fn a_host_that_gives_something_else_is_found_out() {
    let site = built();
    let mut files = files_in(&site.path("public"));
    files.remove("blogg/index.html");
    files.insert("index.html".to_owned(), b"<p>Hackad".to_vec());
    files.insert("404.html".to_owned(), b"Not found".to_vec());
    let server = host(files);
    let wanted = [
        ("/", "changed"),
        ("/404.html", "changed"),
        ("/anslag-verify/nothing-is-here/", "changed"),
        ("/blogg/", "missing"),
    ];
    assert_eq!(found(&site, &[HOST, &server.resolve()], 1), differences(&wanted));
    site.write("lista", "http://test.example.org/blogg/inlagg/\n/blogg/\n");
    let list = site.path("lista");
    let list = list.to_str().expect("the file has a name");
    let options = [HOST, &server.resolve(), "--list", list];
    assert_eq!(found(&site, &options, 1), differences(&[("/blogg/", "missing")]));
    site.write("lista", "/finns-inte/\n");
    let run = site.run(["verify", HOST, &server.resolve(), "--list", list]);
    run.exits(2).says("`/finns-inte/` is no address that the site has published");
}

#[test]
fn a_former_address_must_lead_where_it_should() {
    let site = built();
    let files = files_in(&site.path("public"));
    let server = Server::answering(move |asked: &Asked| match asked.address.as_str() {
        "http://test.example.org/gammalt/" => to(301, "https://annan.example.org/").into_bytes(),
        "http://test.example.org/blogg/borta/" => answer(200, b"<p>Casino"),
        _ => {
            let path = asked.address.strip_prefix("http://test.example.org/").expect("the site's own host");
            let name =
                if path.ends_with('/') || path.is_empty() { format!("{path}index.html") } else { path.to_owned() };
            files.get(&name).map_or_else(|| answer(404, &files["404.html"]), |body| answer(200, body))
        }
    });
    let wanted = differences(&[("/blogg/borta/", "changed"), ("/gammalt/", "changed")]);
    assert_eq!(found(&site, &[HOST, &server.resolve()], 1), wanted);
    let run = site.run(["verify", HOST, &server.resolve()]);
    run.exits(1).prints("changed  /gammalt/  leads to https://annan.example.org/\n");
}

#[test]
fn a_host_that_is_not_there_is_a_failure_of_the_machine() {
    let site = built();
    site.run(["verify", "http://test.invalid/"]).exits(3).says("has no host of that name");
    let json = site.run(["verify", "--format", "json"]);
    let report: Value = serde_json::from_str(&json.stdout).expect("it answers in JSON");
    assert_eq!((&report["version"], &report["differences"]), (&json!(1), &json!([])));
}

#[test]
fn an_output_folder_that_is_gone_is_missing_and_nothing_is_written() {
    let site = built();
    site.remove("public");
    let found = found(&site, &[], 1);
    assert_eq!(found["index.html"], "missing");
    assert!(!site.path("public").exists());
    let empty = Site::empty();
    empty.run(["verify"]).exits(2);
    assert!(files_in(&empty.path("")).is_empty() && !empty.path(".anslag").exists());
}

#[test]
fn what_is_asked_for_in_vain_is_said() {
    let site = built();
    site.write("lista", "\n");
    let list = site.path("lista");
    let list = list.to_str().expect("the file has a name");
    site.run(["verify", HOST, "--list", list]).exits(2).says("the list names no address");
    site.run(["verify", "public", "--list", list]).exits(2).says("go with the web address of a host");
    let run = site.run(["verify", "http://namn:hemligt@test.example.org/"]);
    run.exits(2).says("neither a folder nor a web address");
}

#[test]
fn a_host_that_falls_silent_is_not_asked_for_ever() {
    let site = built();
    let server = Server::answering(|_: &Asked| status(429));
    site.run(["verify", HOST, &server.resolve()]).exits(3).says("answered 429, as did those before");
    assert!(server.asked().len() < 20, "most of the site was not asked for");
}
