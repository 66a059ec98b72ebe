//! `anslag serve` as a browser meets it, and as somebody who means harm: a real server, asked through raw sockets. What a
//! real browser makes of it, `tests/browser/serving.js` tells.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::site::{Site, program};

const POST: &str = "content/blog/inbjudan.md";
const NOW: &str = "2026-11-21T12:00:00+01:00";
/// So long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

fn post(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-10-01\nsummary: Kort sagt.\n---\n{text}\n")
}

fn site() -> Site {
    Site::plain().file(POST, post("Vi bjuder in", "Välkommen."))
}

/// A server, which ends with its story.
struct Server {
    child: Child,
    at: SocketAddr,
    base: String,
    said: Receiver<String>,
}

impl Server {
    fn of(site: &Site, options: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "--port", "0", "--root"]).arg(site.path("")).args(options);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let (send, said) = channel();
        let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(send.send(line))));
        let line = wait_for(&said, "the site is at ");
        let address = line.split_whitespace().find_map(|word| word.strip_prefix("http://")).expect("it is told where");
        let (host, path) = address.split_once('/').expect("an address has a path");
        Self { child, at: host.parse().expect("it is an address"), base: format!("/{path}"), said }
    }

    /// Waits until something is said.
    fn says(&self, words: &str) -> String {
        wait_for(&self.said, words)
    }

    /// What a request is answered, as it comes.
    fn raw(&self, request: &str) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("the server listens");
        let mut answer = Vec::new();
        let _cut_off = stream.read_to_end(&mut answer);
        answer
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.at).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        stream
    }

    /// The whole answer to a request of a path, with more headers.
    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let host = self.at;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
        Answer::of(&self.raw(&request))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// What a page is told of itself, one thing after the other.
    fn events(&self, page: &str) -> Events {
        let mut stream = self.connect();
        let request = format!("GET /_anslag/events?page={page} HTTP/1.1\r\nHost: {}\r\n\r\n", self.at);
        stream.write_all(request.as_bytes()).expect("the server listens");
        Events(BufReader::new(stream))
    }

    /// How much memory it takes, in kilobytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
        line.split_whitespace().nth(1).and_then(|size| size.parse().ok()).expect("it is a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_for(said: &Receiver<String>, words: &str) -> String {
    let mut heard = Vec::new();
    loop {
        match said.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(words) => return line,
            Ok(line) => heard.push(line),
            Err(error) => panic!("nobody said `{words}` ({error}), but:\n{}", heard.join("\n")),
        }
    }
}

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has headers");
        let headers = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let status = headers.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer has a status");
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn has_header(&self, line: &str) -> &Self {
        assert!(self.headers.lines().any(|found| found == line), "there is no `{line}` in:\n{}", self.headers);
        self
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).expect("the server goes on");
            assert!(read > 0, "the server has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("it is JSON");
            }
        }
    }

    /// The first of which something is true.
    fn find(&mut self, is_meant: impl Fn(&Value) -> bool) -> Value {
        loop {
            let view = self.next();
            if is_meant(&view) {
                return view;
            }
        }
    }
}

#[test]
fn a_site_is_shown_with_what_a_host_would_send() {
    let site = site().file("content/blog/bild/index.md", post("Med en fil", "[Listan över orter](lista.csv)"));
    site.write("content/blog/bild/lista.csv", "a,b,c,d,e");
    let server = Server::of(&site, &["--now", NOW]);
    let page = server.get("/blogg/inbjudan/");
    assert_eq!(page.status, 200);
    page.has_header("content-type: text/html; charset=utf-8").has_header("x-content-type-options: nosniff");
    assert!(page.headers.contains("content-security-policy: default-src 'none'") && !page.headers.contains("strict-t"));
    assert!(page.text().contains("Välkommen.") && page.text().contains("<script src=\"/_anslag/client.js\""));
    let file = "/blogg/bild/lista.csv";
    server.get(file).has_header("content-type: text/csv; charset=utf-8").has_header("content-length: 9");
    let part = server.ask("GET", file, "Range: bytes=2-4\r\n");
    assert_eq!((part.status, part.text().as_str()), (206, "b,c"));
    part.has_header("content-range: bytes 2-4/9");
    assert_eq!(server.ask("GET", file, "Range: bytes=9-\r\n").status, 416);
    let head = server.ask("HEAD", file, "");
    assert!(head.status == 200 && head.body.is_empty());
    head.has_header("content-length: 9");
    server.get("/blogg/inbjudan").has_header("location: /blogg/inbjudan/");
    server.get("/blogg/inbjudan/index.html?a=b").has_header("location: /blogg/inbjudan/?a=b");
    let missing = server.get("/borta/");
    assert!(missing.status == 404 && missing.text().contains("<h1"), "the site's own page says so");
}

#[test]
fn a_site_under_a_path_is_there() {
    let site = site().with("--base-url");
    let server = Server::of(&site, &["--now", NOW, "--base-url", "https://example.org/mr/"]);
    assert_eq!(server.base, "/mr/");
    server.get("/").has_header("location: /mr/");
    server.get("/mr").has_header("location: /mr/");
    assert!(server.get("/mr/blogg/inbjudan/").text().contains("href=\"/mr/"));
    assert_eq!(server.get("/blogg/inbjudan/").status, 404);
}

#[test]
fn former_addresses_are_answered_as_by_a_host_that_was_told_of_them() {
    let lock = "# anslag addresses 1\n\
                /blogg/borta/ 2026-09-01 gone 2026-11-20 Texten har dragits tillbaka.\n\
                /blogg/gammal/ 2026-09-01 -> /blogg/inbjudan/#valkommen\n\
                /rapport.pdf 2026-09-01 gone 2026-11-20 Rapporten har dragits tillbaka.\n";
    let text = post("Vi bjuder in", "## Välkommen").replace("date:", "aliases: [/inbjudan/]\ndate:");
    let site = Site::plain().file(POST, text).file("addresses.lock", lock);
    let server = Server::of(&site, &["--now", NOW]);
    let gone = server.get("/blogg/borta/");
    assert!(gone.status == 410 && gone.text().contains("Texten har dragits tillbaka."), "{}", gone.text());
    assert!(gone.text().contains("client.js"), "the page is kept as the site is");
    let file = server.get("/rapport.pdf");
    assert!(file.status == 410 && file.text().contains("<h1"), "a file that is gone has no page of its own");
    let moved = server.get("/blogg/gammal/?fraga=1");
    assert_eq!(moved.status, 301);
    moved.has_header("location: /blogg/inbjudan/#valkommen").has_header("cache-control: no-store");
    let alias = server.get("/inbjudan/");
    assert_eq!(alias.status, 301);
    alias.has_header("location: /blogg/inbjudan/");
}

#[test]
fn what_is_not_published_is_shown_and_written_nowhere() {
    let draft = post("Hemligt", "Kanariefågel.").replace("date:", "draft: true\ndate:");
    let coming = post("Kommande", "Framtid.").replace("2026-10-01", "2030-01-01");
    let site = site().file("content/blog/utkast.md", draft).file("content/blog/kommande.md", coming);
    let server = Server::of(&site, &["--now", NOW]);
    assert!(server.get("/blogg/utkast/").text().contains("Kanariefågel."));
    assert!(server.get("/blogg/kommande/").text().contains("Framtid."));
    assert!(!site.path("public").exists() && !site.path(".anslag").exists(), "the disk is as it was");
    drop(server);
    let run = site.build();
    run.well();
    assert!(run.public.iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("Kanariefågel")));
    let server = Server::of(&site, &["--now", NOW, "--as-published"]);
    assert_eq!((server.get("/blogg/utkast/").status, server.get("/blogg/kommande/").status), (404, 404));
}

#[test]
fn an_edit_of_a_text_is_told_to_its_page_and_to_no_other() {
    let site = site().file("content/blog/annat.md", post("Annat", "Står still."));
    let server = Server::of(&site, &["--now", NOW, "--follow"]);
    let (mut own, mut other) = (server.events("/blogg/inbjudan/"), server.events("/blogg/annat/"));
    let (before, still) = (own.next(), other.next());
    site.write(POST, post("Vi bjuder in", "Varmt välkommen."));
    let now = own.find(|view| view["page"] != before["page"]);
    assert_eq!(now["written"][1], "/blogg/inbjudan/");
    assert!(server.get("/blogg/inbjudan/").text().contains("Varmt välkommen."));
    assert_eq!(other.find(|view| !view["written"].is_null())["page"], still["page"]);
    // The feed has it as soon as nothing more comes.
    server.says("made in");
    own.next();
    assert!(server.get("/feed.xml").text().contains("Varmt välkommen."));
}

#[test]
fn a_picture_that_is_replaced_is_shown_with_its_own_size() {
    let png = |width: u8| {
        [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0"[..], &[width], b"\0\0\0\x05\x08\x06\0\0\0\0\0\0\0"].concat()
    };
    let site = site().file("content/blog/bild.png", png(7));
    site.write(POST, post("Vi bjuder in", "![Två personer vid ett bord](bild.png)"));
    let server = Server::of(&site, &["--now", NOW]);
    assert!(server.get("/blogg/inbjudan/").text().contains("width=\"7\""));
    let mut events = server.events("/blogg/inbjudan/");
    let mut before = events.next();
    for width in [8, 9] {
        // A title makes the site wholly; the picture is then what it was, or another.
        site.edit(POST, |text| text.replace("Vi bjuder", "Vi bjuder alla"));
        let titled = events.find(|view| view["page"] != before["page"]);
        assert!(server.get("/blogg/inbjudan/").text().contains(&format!("width=\"{}\"", width - 1)));
        site.write("content/blog/bild.png", png(width));
        before = events.find(|view| view["page"] != titled["page"]);
        assert!(server.get("/blogg/inbjudan/").text().contains(&format!("width=\"{width}\"")));
    }
}

#[test]
fn a_mistake_leaves_the_last_site_that_was_well() {
    let site = site();
    let server = Server::of(&site, &["--now", NOW]);
    let mut events = server.events("/blogg/inbjudan/");
    let before = events.next();
    assert!(before["wrong"].is_null());
    site.edit(POST, |text| text.replace("date:", "dat:"));
    let wrong = events.find(|view| !view["wrong"].is_null());
    let words = wrong["wrong"].as_str().expect("it is told in words");
    assert!(words.contains("content/blog/inbjudan.md:3:1") && words.contains("did you mean `date`?"), "{words}");
    assert!(server.get("/blogg/inbjudan/").text().contains("Välkommen."));
    site.edit(POST, |text| text.replace("dat:", "date:"));
    assert_eq!(events.find(|view| view["wrong"].is_null())["page"], before["page"]);
}

#[test]
fn while_nothing_has_been_well_a_page_says_what_is_wrong() {
    let site = site();
    site.edit(POST, |text| text.replace("date:", "dat:"));
    let server = Server::of(&site, &["--now", NOW]);
    let page = server.get("/");
    assert_eq!(page.status, 503);
    let words =
        ["<html lang=\"sv\">", "<noscript>", "Webbplatsen kan inte byggas", "content/blog/inbjudan.md:3:1", "`date`"];
    words.iter().for_each(|words| assert!(page.text().contains(words), "{words} in {}", page.text()));
    assert_eq!(server.events("/").next()["language"], "sv");
    site.edit(POST, |text| text.replace("title:", "titel:"));
    server.says("what is wrong is shown, since nothing has been well yet");
    site.edit(POST, |text| text.replace("dat:", "date:").replace("titel:", "title:"));
    server.says("; shown");
    site.edit(POST, |text| text.replace("date:", "dat:"));
    server.says("the last site that was well is shown");
}

#[test]
fn where_no_settings_can_be_read_what_is_wrong_is_told_in_english() {
    let server = Server::of(&Site::empty(), &["--now", NOW]);
    let page = server.get("/");
    assert_eq!(page.status, 503);
    assert!(page.text().contains("The site cannot be built") && page.text().contains("`site.yaml`"), "{}", page.text());
}

#[test]
fn whatever_happens_to_the_files_the_site_is_the_same_in_the_end() {
    let site = site();
    let server = Server::of(&site, &["--now", NOW]);
    let mut events = server.events("/blogg/");
    events.next();
    let has = |server: &Server, events: &mut Events, path: &str, words: &str| {
        while !server.get(path).text().contains(words) {
            events.next();
        }
    };
    // Another branch: the folder goes, and comes back with other files.
    std::fs::rename(site.path("content"), site.path("gone")).expect("a folder can be moved");
    events.find(|view| !view["wrong"].is_null());
    std::fs::rename(site.path("gone"), site.path("content")).expect("a folder can be moved");
    events.find(|view| view["wrong"].is_null());
    // A thousand files at once, in a folder that was not there.
    for number in 0..1000 {
        site.write(&format!("content/blog/manga/nummer-{number}.md"), post(&format!("Nummer {number}"), "Text."));
    }
    has(&server, &mut events, "/blogg/nummer-999/", "Nummer 999");
    site.remove("content/blog/manga");
    has(&server, &mut events, "/blogg/nummer-999/", "404");
    // As editors save: a new file in the place of the old one.
    site.write("content/blog/ny.tmp", post("Vi bjuder in", "Sparad genom byte."));
    std::fs::rename(site.path("content/blog/ny.tmp"), site.path(POST)).expect("a file can be moved");
    has(&server, &mut events, "/blogg/inbjudan/", "Sparad genom byte.");
    // Settings that nobody can read, and then can.
    let settings = std::fs::read(site.path("site.yaml")).expect("it is there");
    site.write("site.yaml", "title: [");
    events.find(|view| !view["wrong"].is_null());
    site.write("site.yaml", settings);
    events.find(|view| view["wrong"].is_null());
}

#[test]
fn the_time_can_be_set_from_its_own_pages_alone() {
    let coming = post("Kommande", "Framtid.").replace("2026-10-01", "2030-01-01");
    let site = site().file("content/blog/kommande.md", coming);
    let server = Server::of(&site, &["--now", NOW, "--as-published"]);
    let mut events = server.events("/blogg/kommande/");
    let before = events.next();
    assert_eq!(before["time"], "2026-11-21T12:00:00");
    let origin = format!("Origin: http://{}\r\n", server.at);
    let set = |headers: &str| server.ask("POST", "/_anslag/time?at=2031-01-01T08%3A00", headers).status;
    assert_eq!((set(""), set("Origin: https://evil.example\r\n")), (405, 403));
    assert_eq!(set(&origin), 204);
    assert_eq!(events.find(|view| view["page"] != before["page"])["time"], "2031-01-01T08:00:00");
    assert!(server.get("/blogg/kommande/").text().contains("Framtid."));
    assert_eq!(server.ask("POST", "/_anslag/time?at=", &origin).status, 204);
    assert!(events.find(|view| view["time"].is_null())["wrong"].is_null());
}

#[test]
fn whoever_means_harm_gets_nothing() {
    let site = site().file(".env", "SECRET").file("content/.hidden.md", "SECRET");
    let server = Server::of(&site, &["--now", NOW]);
    let ask = |line: &str, host: &str| server.raw(&format!("{line}\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    let own = server.at.to_string();
    for path in [
        "/../.env",
        "/%2e%2e/.env",
        "/..%2f.env",
        "/blogg/..%5c.env",
        "/.env",
        "/content/.hidden.md",
        "/site.yaml",
        "//etc/passwd",
        "/%00",
        "/\\..\\.env",
        "http://evil.example/",
    ] {
        let answer = ask(&format!("GET {path} HTTP/1.1"), &own);
        let text = String::from_utf8_lossy(&answer);
        assert!(
            !text.contains("SECRET") && !text.contains("HTTP/1.1 200") || path.starts_with("http:"),
            "{path}: {text}"
        );
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "", "evil.example:80", "localhost@evil.example"] {
        let answer = ask("GET / HTTP/1.1", host);
        assert!(!String::from_utf8_lossy(&answer).contains(" 200 "), "{host}");
    }
    for garbage in ["\r\n\r\n", "GET\r\n\r\n", "\u{0}\u{1}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        assert!(!String::from_utf8_lossy(&server.raw(garbage)).contains(" 200 "), "{garbage:?}");
    }
    for method in ["PUT", "DELETE", "POST", "TRACE", "CONNECT"] {
        assert_ne!(server.ask(method, "/", "").status, 200, "{method}");
    }
    // It is still there.
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_port_that_is_taken_is_said_to_be() {
    let site = site();
    let server = Server::of(&site, &["--now", NOW]);
    let port = server.at.port().to_string();
    let run = site.run(["serve", "--port", &port]);
    run.exits(3).says("`--port` takes another one");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_flat_however_often_a_text_is_saved() {
    let site = site();
    let server = Server::of(&site, &["--now", NOW]);
    let mut events = server.events("/blogg/inbjudan/");
    let mut page = events.next()["page"].clone();
    let mut save = |rounds: std::ops::Range<usize>| {
        for round in rounds {
            // Every tenth changes more than one page.
            site.write(POST, post(&format!("Vi bjuder in {}", round / 10), &format!("Gång {round}.")));
            page = events.find(|view| view["page"] != page)["page"].clone();
        }
    };
    save(0..100);
    let before = server.memory();
    save(100..300);
    let after = server.memory();
    assert!(after < before + before / 5, "it took {before} kB and now takes {after}");
}
