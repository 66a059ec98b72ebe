//! Content from many hands: what somebody adds beside the texts, or writes in them, reads nothing that is not of the site, runs
//! nothing at readers', and costs no more than its share.
//!
//! That browsers agree is looked at by `tests/browser/vectors.js`.

use std::fmt::Write as _;
use std::process::Command;

use crate::site::{Site, permit, program, run};

const POST: &str = "content/blog/x.md";

/// A post with this text.
fn post(body: &str) -> String {
    format!("---\ntitle: Inlägg\ndate: 2026-10-01\nsummary: Kort.\n---\n{body}")
}

/// A drawing with something in it.
fn drawing(inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>\n")
}

/// Expects that one finding is made, of this code in this file.
#[track_caller]
fn refuses(site: &Site, code: &str, file: &str, words: &str) {
    site.check().exits(1).finds_codes(&[code]).finds(code, file, words);
}

// Files.

#[test]
fn files_that_could_run_are_refused() {
    let site = Site::plain().file(POST, post("Text.\n"));
    for name in [
        "x.html",
        "x.HTM",
        "x.xhtml",
        "x.xht",
        "x.shtml",
        "x.js",
        "x.mjs",
        "x.php",
        "x.phtml",
        "x.php.pdf",
        "x.html.txt",
        "x.xml",
        "x.xsl",
        "x.swf",
        "x.hta",
        "x.mht",
        "x.css",
        "x.wasm",
        "x.cgi",
        "_headers",
        "_redirects",
        "CNAME",
        "x",
        "x.okand",
        "nginx.conf",
        "web.config",
        "vercel.json",
        "staticwebapp.config.json",
        "_worker.js",
        "x.svgz",
        "x.pdf.",
    ] {
        let path = format!("content/pages/{name}");
        site.write(&path, "text");
        refuses(&site, "active-file", &path, "raw_html: all");
        site.remove(&path);
    }
    for name in ["x.pdf.txt", "rapport.2.0.csv", "BILAGA.DOCX", "x.zip", "karta.geojson", "data.json"] {
        site.write(&format!("content/pages/{name}"), "text");
    }
    site.check().well();
    // Who trusts all writers can say so.
    let site = site.settings("raw_html: all\n").file("content/pages/x.html", "<script>alert(1)</script>");
    site.file("content/pages/y.svg", drawing("<script>alert(1)</script>")).check().well();
}

#[test]
fn a_drawing_that_runs_is_refused_wherever_it_stands_and_however_it_is_spelt() {
    let site = Site::plain().file(POST, post("Text.\n"));
    for path in ["content/blog/x.svg", "content/pages/y/z.SVG", "content/people/x.Svg"] {
        site.write(path, drawing("<script>alert(1)</script>"));
        refuses(&site, "active-file", path, "`<script>`");
        site.write(path, drawing("<g onload=\"alert(1)\"/>"));
        refuses(&site, "active-file", path, "`onload`");
        site.write(path, "<svg");
        refuses(&site, "active-file", path, "no whole XML");
        site.write(path, drawing("<title>Ett träd</title><path d=\"M0 0h9\"/>"));
        site.check().well();
    }
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_refused() {
    let site = Site::plain().file(POST, post("Text.\n"));
    let mut image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    for side in [20_000_u32, 20_000] {
        image.extend(side.to_be_bytes());
    }
    image.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    site.write("content/blog/x.png", &image);
    refuses(&site, "image-too-large", "content/blog/x.png", "400 million pixels; 100 are the most");
    site.remove("content/blog/x.png");
    // An object stream of 200 MB in 200 kB.
    let packed = fdeflate::compress_to_vec(&vec![0; 200 << 20]);
    let mut pdf = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    let stream = format!("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>stream\n", packed.len());
    for object in [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R>>".to_vec(),
        [stream.as_bytes(), &packed, b"\nendstream"].concat(),
    ] {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n", places.len()).bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let start = pdf.len();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    places.iter().for_each(|place| writeln!(table, "{place:010} 00000 n ").unwrap());
    pdf.extend(format!("{table}trailer<</Root 1 0 R/Size 5>>\nstartxref\n{start}\n%%EOF").bytes());
    site.write("content/blog/x.pdf", &pdf);
    let frugal = frugally(&site, 256);
    assert_eq!(frugal.code, Some(1), "{}", frugal.stderr);
    refuses(&site, "unreadable-file", "content/blog/x.pdf", "decompress");
}

/// Checks the site with so many megabytes.
fn frugally(site: &Site, megabytes: usize) -> crate::site::Run {
    shell(site, &format!("ulimit -d {}; exec \"$0\" check --threads 2", megabytes << 10))
}

/// Runs a line of a shell to which the program is `$0`.
fn shell(site: &Site, line: &str) -> crate::site::Run {
    let mut command = Command::new("sh");
    command.args(["-c", line]).arg(program().get_program()).current_dir(site.path(""));
    run(command)
}

// Names.

#[test]
fn names_that_are_one_to_some_file_systems_are_one_address() {
    // `ö` in one sign, and `o` with two dots.
    let (composed, marked) = ("\u{f6}", "o\u{308}");
    let clash = |files: &[(&str, String)], first: &str, second: &str| {
        let site = Site::plain();
        files.iter().for_each(|(path, text)| site.write(path, text));
        let run = site.check();
        run.exits(1).finds_codes(&["duplicate-address"]);
        // Both are named.
        let written = site.run(["check"]).stderr;
        assert!(written.contains(first) && written.contains(second), "{first} and {second} in {written}");
    };
    // Slugs are of plain letters; former addresses may be of any.
    let alias = |name: &str| format!("---\ntitle: Sida\naliases: [/{name}/]\n---\nText.\n");
    for (one, other) in [(composed, marked), (composed, "\u{d6}"), ("stra\u{df}e", "STRASSE")] {
        clash(
            &[("content/pages/a.md", alias(one)), ("content/pages/b.md", alias(other))],
            "content/pages/a.md",
            "content/pages/b.md",
        );
    }
    let names = [composed, marked].map(|letter| format!("content/pages/k{letter}p.pdf.txt"));
    clash(&[(&names[0], "x".to_owned()), (&names[1], "y".to_owned())], &names[0], &names[1]);
    clash(
        &[("content/pages/stra\u{df}e.txt", "x".to_owned()), ("content/pages/STRASSE.txt", "y".to_owned())],
        "STRASSE",
        "stra\u{df}e",
    );
}

// Reading.

#[test]
fn a_folder_that_cannot_be_read_is_never_an_empty_one() {
    let site = Site::plain().file("content/blog/2026/x.md", post("Text.\n"));
    site.build().well();
    let before = site.public();
    let folder = site.path("content/blog/2026");
    permit(&folder, 0o000);
    for command in ["check", "build"] {
        if let Some(run) = site.run_bound([command]) {
            run.exits(3).says("content/blog/2026");
        }
    }
    permit(&folder, 0o700);
    assert!(before == site.public(), "the site is as it was");
}

#[test]
fn what_is_no_file_is_never_opened() {
    let site = Site::plain().file(POST, post("Text.\n"));
    site.build().well();
    for path in [
        "content/blog/y.md",
        "content/blog/y.png",
        "themes/plain/templates/y.html",
        "links.lock",
        "content/organisations.yaml",
    ] {
        if site.path(path).exists() {
            site.remove(path);
        }
        let made = Command::new("mkfifo").arg(site.path(path)).status().unwrap();
        assert!(made.success(), "a pipe can be made");
        let run = site.check();
        run.exits(1).finds("special-file", path, "take it away");
        std::fs::remove_file(site.path(path)).unwrap();
    }
}

// Limits.

#[test]
fn templates_that_lead_deep_are_refused() {
    let site = Site::plain().file(POST, post("Text.\n"));
    let own = "theme/templates/post.html";
    let many = 50_000;
    for tag in [
        format!("{{{{ 1{} }}}}", "+1".repeat(many)),
        format!("{{{{ page{} }}}}", " | str".repeat(many)),
        format!("{{{{ page{} }}}}", ".a".repeat(many)),
        format!("{{{{ page{} }}}}", "[\"a\"]".repeat(many)),
        format!("{{{{ {}1{} }}}}", "(".repeat(many), ")".repeat(many)),
        format!("{{% if true %}}{}{{% endif %}}", "{% elif true %}".repeat(many)),
        format!("{}{}", "{% if true %}".repeat(many), "{% endif %}".repeat(many)),
        // Even where the tag is never closed, or holds what no template may.
        format!("{{{{ 1{}", "+1".repeat(many)),
        format!("{{{{ 1{} § }}}}", "+1".repeat(many)),
    ] {
        site.write(own, &tag);
        refuses(&site, "template-syntax", own, "");
    }
    site.write("theme/components/rec.html", "{% component rec() %}{{ <rec /> }}{% endcomponent rec %}\n");
    site.write(own, "{% extends \"base.html\" %}{% block main %}<h1>A</h1>{{ <rec /> }}{% endblock main %}\n");
    site.check().exits(1).finds("template-render", own, "recursion");
    site.remove("theme/components");
    site.write(own, "{% include \"post.html\" %}\n");
    refuses(&site, "template-cycle", own, "contains itself");
    // A page that grows without end ends at its limit.
    let rows = "{% for a in range(end=30000) %}{% for b in range(end=3000) %}aaaaaaaa{% endfor %}{% endfor %}";
    site.write(own, format!("{{% extends \"base.html\" %}}{{% block main %}}<h1>A</h1>{rows}{{% endblock main %}}\n"));
    site.check().exits(1).finds("template-render", own, "64 MiB");
}

/// A text of some size.
type Text = Box<dyn Fn(usize) -> String>;

/// `ANSLAG_GROWTH=1000000 cargo test --release --test it hard_texts -- --nocapture` goes from 1 to 8 MB.
#[test]
fn hard_texts_take_time_in_proportion_to_their_size() {
    let small = std::env::var("ANSLAG_GROWTH").map_or(25_000, |size| size.parse().expect("a number of bytes"));
    let component = "{% component ruta() %}<aside>{{ body | safe }}</aside>{% endcomponent ruta %}\n";
    let site = Site::plain().file("theme/components/ruta.html", component);
    let takes = |text: &dyn Fn(usize) -> String, size: usize| {
        site.write(POST, post(&text(size)));
        let run = shell(&site, "\"$0\" check --format json >report.json; echo $?; times");
        // The exit code, what the shell itself took, and what the program took: user and system.
        let lines: Vec<&str> = run.stdout.lines().collect();
        assert!(matches!(lines[0], "0" | "1"), "it ends with {}: {}", lines[0], run.stderr);
        lines[2].split(' ').map(seconds).sum::<f64>()
    };
    let repeated = |piece: &'static str| move |size: usize| piece.repeat(size / piece.len()) + "\n";
    let texts: Vec<(&str, Text)> = vec![
        ("equal headings", Box::new(repeated("## Rubrik\n\n"))),
        ("open brackets", Box::new(repeated("["))),
        ("emphasis", Box::new(repeated("*a **b "))),
        ("elements", Box::new(repeated("<b>a</b> "))),
        ("nested elements", Box::new(|size| format!("{}a{}\n", "<b>".repeat(size / 7), "</b>".repeat(size / 7)))),
        (
            "backticks",
            Box::new(|size| {
                (1..).map(|long: usize| format!("a{}", "`".repeat(long))).take((2 * size).isqrt()).collect()
            }),
        ),
        (
            "a long reference used often",
            Box::new(|size| format!("[a]: /{}\n\n{}\n", "b".repeat(size / 2), "[a] ".repeat(size / 8))),
        ),
        (
            "footnotes",
            Box::new(|size| (0..size / 30).map(|number| format!("x[^{number}]\n\n[^{number}]: b\n\n")).collect()),
        ),
        ("quotes", Box::new(repeated("> a\n"))),
        ("rows of a table", Box::new(move |size| format!("|a|b|\n|-|-|\n{}", repeated("|a|b|\n")(size)))),
        ("code", Box::new(move |size| format!("```rust\n{}```\n", repeated("fn a() { let b = \"c\"; }\n")(size)))),
        ("links elsewhere", Box::new(repeated("<https://example.org/> "))),
        ("links to nothing", Box::new(repeated("[a](#b) [c](@d) "))),
        ("images that are not there", Box::new(repeated("![a](b.png) "))),
        ("components", Box::new(repeated("::: ruta\na\n:::\n"))),
        ("components that nobody knows", Box::new(repeated("::: rta\na\n:::\n"))),
    ];
    // Eight times as much takes sixty-four times as long where it grows with the square. What takes hardly any time is not
    // measured against anything.
    let floor = 0.15;
    for (what, text) in texts {
        let [least, most] = [1, 8].map(|factor| takes(&*text, small * factor));
        println!("{what}: {least:.2} s of processor time, and {most:.2} s for eight times as much");
        assert!(most < least.max(floor) * 14.0, "{what}: {least:.2} s, and {most:.2} s for eight times as much");
    }
}

/// A time such as `1m2.5s`.
fn seconds(text: &str) -> f64 {
    let (minutes, rest) = text.split_once('m').expect("minutes come first");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    number(minutes) * 60.0 + number(rest.trim_end_matches('s'))
}
