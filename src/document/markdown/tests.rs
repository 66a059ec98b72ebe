//! Markdown in, HTML out: holes are shown as `⟦link 0 target⟧`.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::document::body::{ArgumentValue, Part};
use crate::document::raw_html::{Token, Tokens};

const SV: MarkdownOptions = MarkdownOptions { language: "sv", raw_html: RawHtml::Safe, components: true };

fn run(text: &str, options: &MarkdownOptions) -> (Body, Report) {
    let mut report = Report::default();
    let body = compile(&Arc::from("x.md"), text, 0..text.len(), options, &mut report);
    (body, report)
}

fn show(body: &Body, parts: &[Part]) -> String {
    let mut shown = String::new();
    for part in parts {
        let _ = match part {
            Part::Html(html) => write!(shown, "{html}"),
            Part::LinkStart(n) => write!(shown, "⟦{}⟧", body.links[*n].target),
            Part::LinkEnd(_) => write!(shown, "⟦/⟧"),
            Part::Image(n) => write!(shown, "⟦image {} {}⟧", body.images[*n].target, body.images[*n].alt),
            Part::Component(n) => {
                let component = &body.components[*n];
                write!(shown, "⟦{}: {}⟧", component.name, show(body, &component.parts))
            }
        };
    }
    shown
}

/// Markdown and the HTML expected of it, without findings; what the gates say of it has tests of its own.
#[track_caller]
fn check(markdown: &str, expected: &str) {
    check_with(&SV, markdown, expected);
}

#[track_caller]
fn check_with(options: &MarkdownOptions, markdown: &str, expected: &str) {
    let (body, report) = run(markdown, options);
    let faults = report.sorted().into_iter().filter(|diagnostic| !diagnostic.code.gate);
    let messages: Vec<_> = faults.map(|diagnostic| diagnostic.message.clone()).collect();
    assert_eq!(messages, Vec::<String>::new(), "{markdown}");
    assert_eq!(show(&body, &body.parts), expected, "{markdown}");
}

/// Markdown and the findings expected of it: the code and the text at its place.
#[track_caller]
fn finds(markdown: &str, expected: &[(&str, &str)]) {
    finds_with(&SV, markdown, expected);
}

#[track_caller]
fn finds_with(options: &MarkdownOptions, markdown: &str, expected: &[(&str, &str)]) {
    let (_, report) = run(markdown, options);
    let found: Vec<_> = report
        .sorted()
        .iter()
        .map(|diagnostic| {
            (diagnostic.code.name, diagnostic.place.as_ref().map_or("", |place| &markdown[place.span.clone()]))
        })
        .collect();
    assert_eq!(found, expected, "{markdown}");
}

#[test]
fn paragraphs_and_inline() {
    check(
        "Hej *du* **där**, `kod` & ~~bort~~.",
        "<p>Hej <em>du</em> <strong>där</strong>, <code>kod</code> &amp; <del>bort</del>.</p>\n",
    );
    check("en\nrad  \nny\\\nsista", "<p>en\nrad<br>\nny<br>\nsista</p>\n");
    check("&amp; &aring; \\* \\&amp;", "<p>&amp; å * &amp;amp;</p>\n");
    check("***", "<hr>\n");
    check(
        "> citat\n\n1. ett\n2. två\n\n7) sju",
        "<blockquote>\n<p>citat</p>\n</blockquote>\n<ol>\n<li>ett</li>\n<li>två</li>\n</ol>\n<ol start=\"7\">\n<li>sju</li>\n</ol>\n",
    );
    check("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>\n");
    check("Term\n: Ett ord\n", "<dl>\n<dt>Term</dt>\n<dd>Ett ord</dd>\n</dl>\n");
}

#[test]
fn quotation_marks_follow_the_language() {
    let text = "\"Hej\", sa 'hon' -- det's sant... \"så 'här'\"";
    check(text, "<p>”Hej”, sa ’hon’ – det’s sant… ”så ’här’”</p>\n");
    let with = |language| MarkdownOptions { language, ..SV };
    check_with(&with("en-GB"), text, "<p>“Hej”, sa ‘hon’ – det’s sant… “så ‘här’”</p>\n");
    check_with(&with("de"), text, "<p>„Hej“, sa ‚hon‘ – det’s sant… „så ‚här‘“</p>\n");
    check_with(&with("fr"), "\"Oui\"", "<p>«\u{202F}Oui\u{202F}»</p>\n");
    check("`\"kod\" -- x` “typed”", "<p><code>&quot;kod&quot; -- x</code> “typed”</p>\n");
}

#[test]
fn headings_are_found_by_what_code_hosts_call_them() {
    for (link, target) in [
        ("#kom-igång--nu", "#kom-igang-nu"),
        ("#kom-ig%C3%A5ng--nu", "#kom-igang-nu"),
        ("#making-a-sites-theme", "#making-a-site-s-theme"),
        ("#mål", "#mål"),
        ("#borta", "#borta"),
        ("x.md#kom-igång--nu", "x.md#kom-igång--nu"),
    ] {
        let text = format!("[dit]({link})\n\n## Kom igång – nu\n\n## Making a site's theme\n\n## Egen {{#mål}}\n");
        let (body, _) = run(&text, &SV);
        assert_eq!(body.links[0].target, target, "{link}");
    }
}

#[test]
fn headings_have_ids() {
    check(
        "## Så går det till\n### Så går det till\n## !!!\n## Egen {#mål .bred lang=en}\nUnder\n=====\n",
        "<h2 id=\"sa-gar-det-till\">Så går det till</h2>\n<h3 id=\"sa-gar-det-till-2\">Så går det till</h3>\n\
         <h2 id=\"section\">!!!</h2>\n<h2 id=\"mål\" class=\"bred\" lang=\"en\">Egen</h2>\n<h1 id=\"under\">Under</h1>\n",
    );
    check("## Om [*Joined up*]{lang=en} {#ju}", "<h2 id=\"ju\">Om <span lang=\"en\"><em>Joined up</em></span></h2>\n");
    check("## Om [FRA](https://fra.eu){lang=en}", "<h2 id=\"om-fra\">Om ⟦https://fra.eu⟧FRA⟦/⟧</h2>\n");
    check("## A {#b} ##", "<h2 id=\"b\">A</h2>\n");
    check("Två\nrader {#c}\n---\n", "<h2 id=\"c\">Två\nrader</h2>\n");
    check("> ## A {#b}\n", "<blockquote>\n<h2 id=\"b\">A</h2>\n</blockquote>\n");
    let (body, _) = run("## \"Väl\" *känd* `x` ![bild](b.png)\n", &SV);
    assert_eq!(body.headings[0].text, "”Väl” känd x bild");
    assert_eq!(body.anchors, ["val-kand-x-bild"]);
    finds("## A {#b}\n## C {#b}", &[("duplicate-id", "b")]);
    finds("## A {onclick=x}", &[("bad-attribute", "onclick")]);
    finds("## A {#b} c", &[("bad-attribute", "{#b}")]);
    finds("## A {#b", &[("bad-attribute", "{#b")]);
    check("## A \\{b}", "<h2 id=\"a-b\">A {b}</h2>\n");
}

#[test]
fn links_and_images_are_holes() {
    check("[a *b*](../x.md#y \"t\") ![c](d.png)", "<p>⟦../x.md#y⟧a <em>b</em>⟦/⟧ ⟦image d.png c⟧</p>\n");
    check("<https://a.se> <a@b.se>", "<p>⟦https://a.se⟧https://a.se⟦/⟧ ⟦mailto:a@b.se⟧a@b.se⟦/⟧</p>\n");
    check("[![a](b.png)](c)", "<p>⟦c⟧⟦image b.png a⟧⟦/⟧</p>\n");
    check("[a][b] [b][] [b]\n\n[b]: /c\n", "<p>⟦/c⟧a⟦/⟧ ⟦/c⟧b⟦/⟧ ⟦/c⟧b⟦/⟧</p>\n");
    check("![a ![b](c) *d*](e)", "<p>⟦image e a b d⟧</p>\n");
    check("[x](<a b.pdf>){#i .k lang=en} y", "<p>⟦a b.pdf⟧x⟦/⟧ y</p>\n");
    let (body, _) = run("[x](y \"t\"){#i .k lang=en} ![z](w){.bred}", &SV);
    assert_eq!(body.links[0].title.as_deref(), Some("t"));
    assert_eq!(body.links[0].attributes.lang.as_deref(), Some("en"));
    assert_eq!(body.images[0].attributes.classes, ["bred"]);
    assert_eq!(body.anchors, ["i"]);
    check("[The *report*]{lang=en .x} hej", "<p><span class=\"x\" lang=\"en\">The <em>report</em></span> hej</p>\n");
    check("[ \"a_b_ c\" ]{.a_b_ .c_d} _e_", "<p><span class=\"a_b_ c_d\"> ”a_b_ c” </span> <em>e</em></p>\n");
    finds("[x](y){lang=engelska}", &[("bad-attribute", "engelska")]);
    finds("[x]{wide}", &[("bad-attribute", "wide")]);
    finds("[x [y](z)]{lang=en}", &[("bad-attribute", "{lang=en}")]);
    finds("[a][b]", &[("unknown-reference", "[a][b]")]);
    finds("[](x)", &[("empty-link", "[](x)")]);
    check("[a] [1]\\{x}", "<p>[a] [1]{x}</p>\n");
}

#[test]
fn targets_have_places() {
    let cases = [
        ("[å](mål.md)", "mål.md"),
        ("[a](  <b c>  \"t\")", "b c"),
        ("[a `](` b](c)", "c"),
        ("[a](b\\)c)", "b\\)c"),
        ("[a](b(c)d 'e')", "b(c)d"),
        ("[a][ref]\n\n[ref]: <mål.md> \"t\"", "mål.md"),
        ("[REF]\n\n> [ref]:\n>   mål.md", "mål.md"),
        ("> [a](\r\n> mål.md)", "mål.md"),
        ("\tx\n\n<https://å.se>", "https://å.se"),
        ("se www.skr.se/å_b--c.", "www.skr.se/å_b--c"),
        ("a **anna@skr.se**", "anna@skr.se"),
        ("https://a.se?x=1&amp;y=å", "https://a.se?x=1&amp;y=å"),
        ("<a href='mål.md'>x</a>", "mål.md"),
        ("<div>\r\n\t<a\r\n href=mål.md>x</a></div>", "mål.md"),
        ("> <div>\n> <a\n> href=\"mål.md\">x</a></div>", "mål.md"),
        ("[a![b](c)](mål)", "mål"),
        ("[*a*{](mål)", "mål"),
    ];
    for (markdown, expected) in cases {
        for before in ["", "\u{feff}---\r\nå: \"ö\"\r\n---\r\n"] {
            let text = format!("{before}{markdown}");
            let mut report = Report::default();
            let body = compile(&Arc::from("x.md"), &text, before.len()..text.len(), &SV, &mut report);
            assert!(report.sorted().iter().all(|diagnostic| diagnostic.code.gate), "{markdown} {report:?}");
            assert_eq!(
                body.links.iter().map(|link| &text[link.place.span.clone()]).collect::<Vec<_>>(),
                [expected],
                "{markdown}"
            );
        }
    }
    let (body, _) = run("![å][i]\n\n[i]: b.png", &SV);
    assert_eq!(body.images[0].place.span, 15..20);
}

#[test]
fn bare_addresses_become_links() {
    check(
        "Se https://a.se/x_y_z--w?a=1&b=2, *www.b.se* och (c@d.se).",
        "<p>Se ⟦https://a.se/x_y_z--w?a=1&b=2⟧https://a.se/x_y_z--w?a=1&amp;b=2⟦/⟧, <em>⟦http://www.b.se⟧www.b.se⟦/⟧</em> och (⟦mailto:c@d.se⟧c@d.se⟦/⟧).</p>\n",
    );
    check("\"https://a.se\" -- \"x\"", "<p>”⟦https://a.se⟧https://a.se⟦/⟧” – ”x”</p>\n");
    check(
        "`www.a.se` [www.b.se](c) <a href=\"d\">www.d.se</a>",
        "<p><code>www.a.se</code> ⟦c⟧www.b.se⟦/⟧ ⟦d⟧www.d.se⟦/⟧</p>\n",
    );
    check(
        "https://a.se?x&amp;y https://b.se/c\\_d",
        "<p>⟦https://a.se?x&y⟧https://a.se?x&amp;y⟦/⟧ ⟦https://b.se/c_d⟧https://b.se/c_d⟦/⟧</p>\n",
    );
    check(
        "| a |\n|---|\n|www.b.se|",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Tabell 1\">\n<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>⟦http://www.b.se⟧www.b.se⟦/⟧</td>\n</tr>\n</tbody>\n</table>\n</div>\n",
    );
}

#[test]
fn tables_tasks_and_footnotes() {
    check(
        "| | B |\n|---|:-:|\n| 1 | x\\|y |\n",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Tabell 1\">\n<table>\n<thead>\n<tr>\n<td></td>\n\
         <th scope=\"col\" class=\"align-center\">B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class=\"align-center\">x|y</td>\n</tr>\n</tbody>\n</table>\n</div>\n",
    );
    check(
        "- [x] gjort\n- [ ] ogjort\n",
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled checked aria-label=\"Klart\"> gjort</li>\n\
         <li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"Inte klart\"> ogjort</li>\n</ul>\n",
    );
    check(
        "B[^b] A[^a] B[^b]\n\n[^a]: Noten [x](y).\n\n[^b]: Två\n\n    stycken.\n",
        "<p>B<sup class=\"footnote-ref\"><a href=\"#fn:1\" id=\"fnref:1\" role=\"doc-noteref\">1</a></sup> \
         A<sup class=\"footnote-ref\"><a href=\"#fn:2\" id=\"fnref:2\" role=\"doc-noteref\">2</a></sup> \
         B<sup class=\"footnote-ref\"><a href=\"#fn:1\" id=\"fnref:1-2\" role=\"doc-noteref\">1</a></sup></p>\n\
         <section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Fotnoter\">\n<ol>\n\
         <li id=\"fn:1\"><p>Två</p>\n<p>stycken. \
         <a class=\"footnote-back\" role=\"doc-backlink\" href=\"#fnref:1\" aria-label=\"Tillbaka till hänvisning 1\">↩\u{FE0E}</a> \
         <a class=\"footnote-back\" role=\"doc-backlink\" href=\"#fnref:1-2\" aria-label=\"Tillbaka till hänvisning 1-2\">↩\u{FE0E}</a></p>\n</li>\n\
         <li id=\"fn:2\"><p>Noten ⟦y⟧x⟦/⟧. \
         <a class=\"footnote-back\" role=\"doc-backlink\" href=\"#fnref:2\" aria-label=\"Tillbaka till hänvisning 2\">↩\u{FE0E}</a></p>\n</li>\n</ol>\n</section>\n",
    );
    finds("a[^x]", &[("unknown-reference", "[^x]")]);
    finds("[^x]: y", &[("unused-footnote", "[^x]: y")]);
    finds("a[^x]\n\n[^x]: y\n\n[^x]: z", &[("duplicate-footnote", "[^x]: z")]);
}

#[test]
fn code_blocks() {
    check("    a < b\n", "<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>\n");
    check("```text\n::: x\n```", "<pre tabindex=\"0\"><code class=\"language-text\">::: x\n</code></pre>\n");
    check(
        "```rust\nfn x() {}\n```",
        "<pre tabindex=\"0\"><code class=\"language-rust\"><span class=\"hl-keyword\">fn</span> <span class=\"hl-function\">x</span><span class=\"hl-punctuation\">()</span> <span class=\"hl-punctuation\">{}</span>\n</code></pre>\n",
    );
    finds("- x\n\n  ~~~ pyton\n  x\n  ~~~", &[("unknown-code-language", "pyton")]);
    finds("```rust title=x\n```", &[("unused-code-words", " title=x")]);
}

#[test]
fn components() {
    check("::: fact-box title=\"Vad?\"\nHej *du*\n:::\nefter", "⟦fact-box: <p>Hej <em>du</em></p>\n⟧<p>efter</p>\n");
    check(
        "text\n::: a\n\n- b\n\n  ::: c\n  d\n  :::\n:::",
        "<p>text</p>\n⟦a: <ul>\n<li>\n<p>b</p>\n⟦c: <p>d</p>\n⟧</li>\n</ul>\n⟧",
    );
    check(":::: a\n::: b\n[x]\n:::\n::::\n\n[x]: y", "⟦a: ⟦b: <p>⟦y⟧x⟦/⟧</p>\n⟧⟧");
    check("::: a\n::: b\n:::\n:::", "⟦a: ⟦b: ⟧⟧");
    check("> ::: a\n> b\n> :::\n", "<blockquote>\n⟦a: <p>b</p>\n⟧</blockquote>\n");
    check("Term\n: Ord\n\n::: a\nb\n:::", "<dl>\n<dt>Term</dt>\n<dd>Ord</dd>\n</dl>\n⟦a: <p>b</p>\n⟧");
    check("::: a\nx[^1]\n:::\n\n[^1]: y\n\n\\::: text", &{
        let (body, _) = run("::: a\nx[^1]\n:::\n\n[^1]: y\n\n\\::: text", &SV);
        show(&body, &body.parts)
    });
    check("<pre>\n::: x\n</pre>\n\n<!--\n::: x\n-->", "<pre>\n::: x\n</pre>\n");
    let (body, _) = run("::: a n=2 ok=true t=\"x y\"\n:::", &SV);
    let values: Vec<_> = body.components[0].arguments.iter().map(|argument| argument.value.clone()).collect();
    assert_eq!(values, [ArgumentValue::Integer(2), ArgumentValue::Bool(true), ArgumentValue::Text("x y".into())]);
}

#[test]
fn faults_of_components() {
    finds("::: a\nb", &[("unclosed-component", "::: a")]);
    finds("a\n\n:::\n", &[("stray-component-end", ":::")]);
    finds(":::: a\n::: b\n::::\n", &[("unclosed-component", "::: b")]);
    finds(
        "- ::: a\n  b\n\nc\n\n:::",
        &[("stray-component-end", ":::"), ("unclosed-component", "::: a")]
            .map(|x| x)
            .iter()
            .rev()
            .copied()
            .collect::<Vec<_>>(),
    );
    finds("::: a\n- b\n  :::\n:::", &[("stray-component-end", ":::")]);
    finds("::: A b=1 b=2\n:::", &[("bad-component-name", "A"), ("duplicate-argument", "b")]);
    finds("::: a x=”y”\n:::", &[("bad-component-argument", "”y”")]);
    finds("a\n      ::: b", &[("misplaced-component", "::: b")]);
    finds("<div>\n::: a\n</div>", &[("misplaced-component", "::: a\n")]);
    finds("a[^1]\n\n[^1]: ::: a", &[("misplaced-component", ":::")]);
    let plain = MarkdownOptions { components: false, ..SV };
    finds_with(&plain, "::: a\n:::", &[("component-not-allowed", "::: a")]);
}

#[test]
fn raw_html_that_is_welcome() {
    check("a <abbr title=\"å &amp; <\">b</abbr><BR/>c", "<p>a <abbr title=\"å &amp; &lt;\">b</abbr><br>c</p>\n");
    check(
        "<details open>\n<summary>A</summary>\n\n*b*\n\n</details>",
        "<details open=\"\">\n<summary>A</summary>\n<p><em>b</em></p>\n</details>",
    );
    check("<a href=\"x.md\" lang=en>y</a> <img src=a.png alt='b' width=10>", "<p>⟦x.md⟧y⟦/⟧ ⟦image a.png b⟧</p>\n");
    check(
        "<table><tr><th scope=col id=x>a</th></tr></table>",
        "<table><tr><th scope=\"col\" id=\"x\">a</th></tr></table>",
    );
    check("a <!-- b --> c", "<p>a  c</p>\n");
    check(
        "| a |\n|---|\n| <ul><li>b</li></ul> |",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Tabell 1\">\n<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><ul><li>b</li></ul></td>\n</tr>\n</tbody>\n</table>\n</div>\n",
    );
    check("<div>\n\n::: a\nb\n:::\n\n</div>", "<div>\n⟦a: <p>b</p>\n⟧</div>");
    check("<p>1 &lt; 2 &copy;</p>", "<p>1 &lt; 2 ©</p>");
    let all = MarkdownOptions { raw_html: RawHtml::All, ..SV };
    check_with(&all, "<script>x</script>\n\na <b onclick=y id=z>", "<script>x</script>\n<p>a <b onclick=y id=z></p>\n");
    assert_eq!(run("<i id=z>", &all).0.anchors, ["z"]);
}

#[test]
fn raw_html_that_is_refused() {
    finds("<script>alert(1)</script>", &[("raw-html-element", "script")]);
    finds("a <b onclick=\"x\">c</b>", &[("raw-html-attribute", "onclick")]);
    finds("<p style='x'>a</p>", &[("raw-html-attribute", "style")]);
    finds("<iframe src=x></iframe>", &[("raw-html-element", "iframe")]);
    finds("a <b>c", &[("unbalanced-html", "<b>")]);
    finds("a</b>", &[("unbalanced-html", "</b>")]);
    finds("<div>\n\na\n", &[("unbalanced-html", "<div>")]);
    finds("- <div>\n\n</div>", &[("unbalanced-html", "<div>"), ("unbalanced-html", "</div>")]);
    finds("<b><i>x</b></i>", &[("unbalanced-html", "</b>"), ("unbalanced-html", "</i>")]);
    finds("*<b>*</b>", &[("unbalanced-html", "<b>"), ("unbalanced-html", "</b>")]);
    finds("a <div>b</div>", &[("misplaced-html", "div"), ("unbalanced-html", "</div>")]);
    finds("[a <a href=x>b</a>](c)", &[("misplaced-html", "a"), ("unbalanced-html", "</a>")]);
    finds("<table>x</table>", &[("misplaced-html", "x")]);
    finds("<p>\n\na\n\n</p>", &[("misplaced-html", "a")]);
    finds("a <svg onload=alert(1)>", &[("raw-html-element", "svg")]);
    check("a <svg/onload=alert(1)>", "<p>a &lt;svg/onload=alert(1)&gt;</p>\n");
    finds("<b id=a></b><b id=a></b>", &[("duplicate-id", "a")]);
    finds("<b title=x title=y></b>", &[("raw-html-attribute", "title")]);
    finds("<?php x ?>", &[("raw-html-element", "<?php x ?>")]);
    finds("<img src=x>", &[("raw-html-attribute", "img")]);
    finds("<div\n\nx", &[("raw-html-syntax", "<div")]);
    let none = MarkdownOptions { raw_html: RawHtml::None, ..SV };
    finds_with(&none, "<b>a</b> <!-- c -->", &[("raw-html-element", "b"), ("raw-html-element", "b")]);
}

#[test]
fn dangerous_targets_never_get_out() {
    let tricks = [
        "[a](javascript:alert(1))",
        "[a](JaVaScript:alert(1))",
        "[a](javascript&colon;alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](&#x6A;avascript:alert(1))",
        "[a](java&Tab;script:alert(1))",
        "[a](java&NewLine;script:alert(1))",
        "[a](<&#1;javascript:alert(1)>)",
        "[a](< javascript:alert(1)>)",
        "[a](\\javascript:x) [b](javascript\\:x)",
        "[a](vbscript:x)",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](data:image/svg+xml,x)",
        "![a](javascript:x)",
        "<javascript:alert(1)>",
        "[a][b]\n\n[b]: javascript:x",
        "[a](java\u{200b}script:x)",
        "<a href=\"javascript:x\">a</a>",
        "<a href=\" &#14; javascript:x\">a</a>",
        "<a href=java&#115;cript:x>a</a>",
        "<a HREF='jav&#x09;ascript:x'>a</a>",
        "<img src=\"javascript:x\" alt=\"\">",
        "<img src=\"data:image/png;x\" alt=\"\">",
    ];
    for raw_html in [RawHtml::Safe, RawHtml::All, RawHtml::None] {
        for trick in tricks {
            if raw_html != RawHtml::Safe && (trick.starts_with("<a") || trick.starts_with("<i")) {
                continue;
            }
            let (body, report) = run(trick, &MarkdownOptions { raw_html, ..SV });
            assert!(
                report.sorted().iter().any(|diagnostic| diagnostic.code.name == "dangerous-link"),
                "{trick} {report:?}"
            );
            let html = show(&body, &body.parts).to_lowercase();
            assert!(!html.contains("⟦java") && !html.contains("⟦data") && !html.contains("⟦vb"), "{trick} {html}");
        }
    }
    finds("[a](ftp://x)", &[("unknown-link-scheme", "ftp://x")]);
}

#[test]
fn excerpt_and_fingerprint() {
    let (body, _) = run("# R\n\n> citat\n\n![b](c)\n\nEtt *stycke* med [länk](x)\n-- två ord.\n\nMer", &SV);
    assert_eq!(body.excerpt, "b");
    let (again, _) = run("# R\n\n> citat\n\n![](c)\n\nEtt *stycke* med [länk](x)\n-- två ord.\n\nMer", &SV);
    assert_eq!(again.excerpt, "Ett stycke med länk – två ord.");
    assert_ne!(body.fingerprint, again.fingerprint);
}

#[test]
fn too_deep_is_refused() {
    finds(&format!("{}x", ">".repeat(5_000)), &[("nested-too-deep", ">")]);
    finds(&format!("{}x", "- ".repeat(5_000)), &[("nested-too-deep", "-")]);
    let lists: String = (0..300).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    finds(&lists, &[("nested-too-deep", "-")]);
    finds(&format!("{}x", "<b>".repeat(100_000)), &[("nested-too-deep", "<")]);
    finds(&"::: a\n\n".repeat(5_000), &[("nested-too-deep", ":")]);
    check(&"- ".repeat(5_000), "<hr>\n");
}

fn time(input: &str) -> Duration {
    let start = Instant::now();
    let _ = run(input, &SV);
    start.elapsed()
}

/// Whether four times the input takes about four times the time. Others use the machine too, so one good round is enough:
/// what grows with the square never has one.
fn grows_in_proportion(input: impl Fn(usize) -> String) -> bool {
    let (small, large) = (input(1), input(4));
    // Quadratic work would take 16 times as long. A machine that does other things needs room and more than one try.
    (0..20).any(|_| time(&large) < time(&small) * 10 + Duration::from_millis(20))
}

#[test]
fn hard_input_takes_linear_time() {
    let hard = [
        "[",
        "![",
        "*",
        "**a ",
        "`",
        "``a`",
        "<",
        "<a ",
        "<b x=\"",
        "[a]{",
        "[a]{lang=\"",
        "[a](",
        "[a](b){",
        "_a",
        "~~",
        "\"",
        "'",
        "www.",
        "www.a_b.",
        "https://",
        "a@",
        "@",
        "&",
        "&a;",
        "\\",
        "::: ",
        ":::\n",
        "::: a\n",
        "- ",
        "1. ",
        "# a\n",
        "# a {#b}\n",
        "|",
        "| a\n",
        "> a\n",
        "[^a]",
        "[^a]: b\n\n",
        "[a]: b\n",
        "<!-- ",
        "<?",
        "<![CDATA[",
        "</b>",
        "<b></b>",
        "]",
        "](",
        "](a)",
        "{#a}",
        "# {#\n",
        "[[a]{.b}",
        "![a](b)",
        "*:::",
        "a\n",
        "\t",
        "- a\n",
        "  - a\n",
        "<div>\n\n",
        "<a href=x>",
        "[a][b] ",
        "```\n",
        "~~~a\n",
        "^",
        "$",
        "<a@b.c>",
        "\r",
        "()",
        "**a ** ",
        "[a] (/b/) ",
        "(a)[/b/] ",
        "{{ a }} ",
        "{{",
        "[[",
        "|a|\n",
        "-a\n",
        "#A\n",
        "#A\n\n",
    ];
    for piece in hard {
        let count = 8_000 / piece.len();
        assert!(grows_in_proportion(|times| piece.repeat(times * count)), "{piece:?}");
    }
}

#[test]
fn many_things_on_one_line_take_linear_time() {
    let arguments = |count: usize| (0..count).map(|n| format!(" a{n}=1")).collect::<String>();
    let links = |count: usize| format!("[a](b) ![{}](c)", "[a](b) ".repeat(count));
    let lines = |count: usize| "<pre>\n".to_owned() + &"::: x\n".repeat(count);
    let braces = |count: usize| "# ".to_owned() + &"a *{#*".repeat(count);
    let slips = |count: usize| "[a] (https://b.se/) ".repeat(count);
    let inputs: [&dyn Fn(usize) -> String; 5] =
        [&|count| format!("::: a{}\n:::", arguments(count)), &links, &lines, &braces, &slips];
    for (at, input) in inputs.iter().enumerate() {
        assert!(grows_in_proportion(|times| input(times * 1_000)), "{at}");
    }
}

#[test]
fn equal_headings_take_linear_time() {
    assert!(grows_in_proportion(|times| "## Program\n".repeat(times * 5_000)));
}

/// Pieces of what was meant as Markdown and is none.
const SLIPS: [&str; 10] = ["##Å", "\n-å", "\n|å|", "__", "] (/å)", ")[/å]", "{{", "}}", "[[", "]]"];

fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "å ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "*",
        "**",
        "_",
        "`",
        "```",
        "```rust\n",
        "[",
        "]",
        "(",
        ")",
        "](",
        "![",
        "<",
        ">",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<script>",
        "</script>",
        "<a href=\"",
        "javascript:",
        "x\">",
        "</a>",
        "<p>",
        "</p>",
        "<table>",
        "<td>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        " onclick=x",
        "<img src=a alt=b>",
        "<svg",
        "<!--",
        "-->",
        "&",
        "&lt;",
        "&#60;",
        "\"",
        "'",
        "--",
        "...",
        "{",
        "}",
        "{#a}",
        "{lang=en}",
        "{.b}",
        "# ",
        "## a {#b}",
        "- ",
        "1. ",
        "> ",
        "    ",
        ":::",
        "::: a",
        "::: b x=\"y\"",
        ":: ",
        ": ",
        "|",
        "|---|",
        "| a |\n|---|\n",
        "[^1]",
        "[^1]: ",
        "[r]: x\n",
        "[r]",
        "www.a.se",
        "https://å.se/",
        "@b.se",
        "\\",
        "---\n",
        "===\n",
        "~~",
        "- [ ] ",
        "\u{0}",
        "\u{feff}",
        "🙂",
        "<br>",
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
        "<?",
        "<![CDATA[",
        "<textarea>",
        "<style>",
    ];
    let pieces = prop::sample::select([&pieces[..], &SLIPS].concat());
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_safe(text in prop_oneof![soup(), any::<String>()]) {
        let (body, report) = run(&text, &SV);
        for diagnostic in report.sorted() {
            let place = diagnostic.place.as_ref().expect("a place");
            prop_assert!(text.get(place.span.clone()).is_some(), "{diagnostic:?}");
        }
        let places = body.links.iter().map(|link| &link.place).chain(body.images.iter().map(|image| &image.place));
        let places = places.chain(body.headings.iter().map(|heading| &heading.place));
        for place in places {
            prop_assert!(text.get(place.span.clone()).is_some());
        }
        let html = rendered(&body, &body.parts);
        let tree = scraper::Html::parse_fragment(&html);
        for element in tree.root_element().descendent_elements() {
            let element = element.value();
            prop_assert!(!matches!(element.name(), "script" | "style" | "iframe" | "svg" | "textarea" | "template"), "{html}");
            prop_assert!(element.attrs().all(|(name, _)| !name.starts_with("on") && name != "style"), "{html}");
        }
        let broken = ["raw-html-syntax", "raw-html-element", "misplaced-html", "unbalanced-html"];
        if !report.sorted().iter().any(|diagnostic| broken.contains(&diagnostic.code.name)) {
            prop_assert_eq!(skeleton(&tree.root_element().inner_html()), skeleton(&html), "{}", text);
        }
    }
}

/// The HTML with its holes filled as plainly as can be.
fn rendered(body: &Body, parts: &[Part]) -> String {
    let mut html = String::new();
    for part in parts {
        match part {
            Part::Html(piece) => html.push_str(piece),
            Part::LinkStart(n) => {
                let target = crate::text::html::escape(&body.links[*n].target);
                html.push_str(&format!("<a href=\"{target}\">"));
            }
            Part::LinkEnd(_) => html.push_str("</a>"),
            Part::Image(_) => html.push_str("<img>"),
            Part::Component(n) => {
                html.push_str("<div>");
                html.push_str(&rendered(body, &body.components[*n].parts));
                html.push_str("</div>");
            }
        }
    }
    html
}

/// The tags and the text of the HTML, as a browser writes them or as we do.
fn skeleton(html: &str) -> String {
    let piece = |token| match token {
        Token::Text(span) => html[span].replace("&quot;", "\"").split_whitespace().collect(),
        Token::Open(tag) => format!("<{}>", &html[tag.name]),
        Token::Close { name, .. } => format!("</{}>", &html[name]),
        _ => String::new(),
    };
    Tokens::new(html).map(piece).collect::<String>().replace("&nbsp;", "")
}

#[test]
fn code_names_are_unique_and_explained() {
    let names: std::collections::BTreeSet<_> = CODES.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), CODES.len());
    assert!(CODES.iter().all(|code| code.explanation.len() > 80 && !code.summary.ends_with('.')));
}
