//! What hinders publishing though a page could be made of it: findings in texts and on finished pages, and what a site
//! decides about them.

use crate::marked::{shown, unmark};
use crate::site::{Finding, Run, Site};

const POST: &str = "content/blog/x/index.md";
const HEAD: &str = "---\ntitle: Inlägg\ndate: 2026-10-01\nsummary: Kort.\n---\n";

/// Expects the findings that are marked in this file, all as grave as this, and no others.
#[track_caller]
fn finds(site: &Site, severity: &str, path: &str, marked: &str) -> Run {
    let (text, expected) = unmark(path, marked);
    site.write(path, text);
    let before = site.public();
    let run = if severity == "info" { site.check() } else { site.build() };
    let found = run.findings();
    let fits = |finding: &Finding| {
        let grave = Finding { severity: "error".to_owned(), ..finding.clone() };
        finding.severity == severity && expected.iter().any(|mark| mark.fits(&grave))
    };
    let told: String = found.iter().map(|finding| format!("\n  {} {}", finding.severity, shown(finding))).collect();
    assert!(found.len() == expected.len() && found.iter().all(fits), "for{marked}found{told}");
    assert_eq!(run.code, Some(i32::from(severity == "error")), "the exit code, with {told}");
    if severity == "error" {
        assert!(run.public == before, "nothing was published");
    }
    run
}

#[test]
fn texts_are_held_against_what_all_readers_need() {
    let site = Site::plain()
        .file("content/blog/x/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("content/blog/x/trappa-2.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let cases = [
        "# Rubrik\n^^^^^^^^ body-h1: write `##`\n",
        "## En\n\n#### Två\n^^^^^^^^ skipped-heading: write `###`\n",
        "### Tre\n^^^^^^^ skipped-heading: write `##`\n",
        "##\n^^ empty-heading: no words\n",
        "![](bild.svg)\n^^^^^^^^^^^^^ image-without-alt: {.decorative}\n",
        "![bild.svg](bild.svg)\n^^^^^^^^^^^^^^^^^^^^^ image-without-alt: write what it shows\n",
        "![trappa-2](trappa-2.svg)\n^^^^^^^^^^^^^^^^^^^^^^^^^ image-without-alt: `trappa-2`\n",
        "![Bild](bild.svg)\n^^^^^^^^^^^^^^^^^ image-without-alt: write what it shows\n",
        "![IMG_2031](bild.svg)\n^^^^^^^^^^^^^^^^^^^^^ image-without-alt\n",
        "Läs [här](/blogg/).\n    ^^^^^^^^^^^^^^ vague-link-text: `här`\n",
        "[Läs mer »](/blogg/)\n^^^^^^^^^^^^^^^^^^^^ vague-link-text: write what the link leads to\n",
        "Se https://example.org/x.\n   ^^^^^^^^^^^^^^^^^^^^^ vague-link-text: title of the page\n",
        "Se www.example.org.\n   ^^^^^^^^^^^^^^^ vague-link-text: `www.example.org`\n",
        "<a href=\"/blogg/\">klicka här</a>\n         ^^^^^^^ vague-link-text: `klicka här`\n",
        "[![](bild.svg){.decorative}](/blogg/)\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ vague-link-text: no words\n",
        "[Rapport (PDF)](/blogg/)\n^^^^^^^^^^^^^^^^^^^^^^^^ typed-label: take it away\n",
        "[Rapport, pdf](/blogg/)\n^^^^^^^^^^^^^^^^^^^^^^^ typed-label\n",
        "[>>](/blogg/)\n^^^^^^^^^^^^^ vague-link-text: `>>`\n",
        "[Rapport](/blogg/) (PDF, 2 MB) finns.\n                   ^^^^^^^^^^^ typed-label: by itself\n",
        "|  |  |\n^^^^^^^ table-without-header: first row\n|---|---|\n| 1 | 2 |\n",
        "Boken the rights of the child finns.\n      ^^^^^^^^^^^^^^^^^^^^^^^ unmarked-language: [the rights of the child]{lang=en}\n",
        "Boken [the rights of]{lang=en} the child finns.\n                               ^^^^^^^^^ unmarked-language\n",
    ];
    for body in cases {
        finds(&site, "error", POST, &format!("{HEAD}{body}"));
    }
    let fine = "\
## Så går det till

### Steg ett

![](bild.svg){.decorative} ![En bild](bild.svg) [Bloggen](/blogg/), [the rights of the child]{lang=en} och `the end of the`.

| A |  |
|---|---|
| 1 | 2 |
";
    finds(&site, "warning", POST, &format!("{HEAD}{fine}"));
}

#[test]
fn slips_of_markdown_are_not_published_as_they_were_typed() {
    let site = Site::plain();
    let warned = [
        "##Rubrik\n^^^^^^^^ unspaced-mark: write `## Rubrik`\n",
        "#Rubrik\n^^^^^^^ unspaced-mark: write `## Rubrik`\nText.\n",
        "#Mer att läsa\n^^^^^^^^^^^^^ unspaced-mark: write `## Mer att läsa`\n",
        "##Rubrik##\n^^^^^^^^^^ unspaced-mark: write `## Rubrik`\n",
        "Text.\n###1 Mer\n^^^^^^^^ unspaced-mark: write `### 1 Mer`\n",
        "> ##Rubrik\n  ^^^^^^^^ unspaced-mark: write `## Rubrik`\n",
        "-ett\n^^^^ unspaced-mark: write `- ett`\n-två\n-tre\n",
        "Vi tar med:\n*ett\n^^^^ unspaced-mark: write `* ett`\n*två\n",
        "> 1.Ett\n  ^^^^^ unspaced-mark: write `1. Ett`\n> 2.Två\n",
        "Det är **fet ** text.\n       ^^^^^^^^ loose-emphasis: write `**fet**`\n",
        "Det är ** fet** text.\n       ^^^^^^^^ loose-emphasis: write `**fet**`\n",
        "** Fet **\n^^^^^^^^^ loose-emphasis: write `**Fet**`\n",
        "**Obs!**Läs detta.\n^^^^^^^^ loose-emphasis: write a space after `**Obs!**`\n",
        "Det är **fet text.\n       ^^ loose-emphasis: no counterpart\n\nMer.\n",
        "Det är __fet __.\n       ^^^^^^^^ loose-emphasis: write `__fet__`\n",
        "**Läs [bloggen](/blogg/) **\n^^^^^^^^^^^^^^^^^^^^^^^^^^^ loose-emphasis: write `**Läs [bloggen](/blogg/)**`\n",
        "| a |\n^^^^^ table-without-rule: `|---|`\n| b |\n",
        "Tabell:\n|  a | b  |\n^^^^^^^^^^^ table-without-rule: `|---|---|`\n|--|\n| **1** | 2 |\n",
        "> | a | b |\n  ^^^^^^^^^ table-without-rule: `|---|---|`\n> | 1 | 2 |\n",
        "Se {{< figure src=\"x.jpg\" >}}.\n   ^^^^^^^^^^^^^^^^^^^^^^^^^^ foreign-shortcode: `:::`\n",
        "{{% notis %}}\n^^^^^^^^^^^^^ foreign-shortcode\n",
        "{% youtube 123 %}\n^^^^^^^^^^^^^^^^^ foreign-shortcode\n",
        "{{ site.title }}\n^^^^^^^^^^^^^^^^ foreign-shortcode\n",
        "{{ <b>x</b> }} {{ y }}\n^^^^^^^^^^^^^^ foreign-shortcode\n               ^^^^^^^ foreign-shortcode\n",
        "Se [[Bloggen]].\n   ^^^^^^^^^^^ foreign-shortcode: `[text](address)`\n",
    ];
    for body in warned {
        finds(&site, "warning", POST, &format!("{HEAD}{body}"));
    }
    let refused = [
        "Se [bloggen] (https://example.org/x).\n   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ broken-link: write `[bloggen](https://example.org/x)`\n",
        "[*Alla* inlägg] (/blogg/)\n^^^^^^^^^^^^^^^^^^^^^^^^^ broken-link: write `[*Alla* inlägg](/blogg/)`\n",
        "Se [a [b] c] (/blogg/)\n   ^^^^^^^^^^^^^^^^^^^ broken-link: write `[a [b] c](/blogg/)`\n",
        "Se [a] (https://example.org/x) och [b] (/blogg/).\n   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ broken-link: write `[a](https://example.org/x)`\n                                   ^^^^^^^^^^^^^ broken-link: write `[b](/blogg/)`\n",
        "Se (bloggen)[https://example.org/x].\n   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ broken-link: write `[bloggen](https://example.org/x)`\n",
        "```text\n^^^^^^^ unclosed-code: write a line\nkod\n\nText\n",
        "> ~~~~\n  ^^^^ unclosed-code: write a line ~~~~ where\n> kod\n> ~~~\n\nText.\n",
        "```\n^^^ unclosed-code\n",
    ];
    for body in refused {
        finds(&site, "error", POST, &format!("{HEAD}{body}"));
    }
}

#[test]
fn what_only_looks_like_a_slip_is_left_alone() {
    let fine = "\
## Så går det till

Vi talar om #mänskligarättigheter och #MR. Nummer
#1 är viktigast, och
#MR är en tagg.

#MR #kommun

#mänskligarättigheter

#MR-dagarna är igång!

#MänskligaRättigheter

#Almedalen2026 börjar

Namn: __, datum: __. Allt i content/** och themes/** räknas

– Hej, sa hon.
– Hej.

-5 grader
-7 grader

- ett
- två

\\#Rubrik och \\*\\*stjärnor \\*\\*, 2 ** 3 ** 4 och *ett* **två**. Fyll i: __ och __

** Uppskattat

|x| är ett belopp.

| A | B |
|---|---|
| 1 | **2** |

Se [1] (sidan 3), f(x)[0], \\[a] (/b/), `[text] (https://example.org/)`, `**a **`, `{{ x }}` och \\{{ x }}.

```text
##Rubrik
{{< x >}}
-ett
-två
[text] (https://example.org/)
```

~~~~text
```
~~~~

    ``` är inget staket
    i indragen kod

Paren (och [en klammer

slutar]) aldrig] (/blogg/).

<div>
#Rubrik
{% x %}
</div>

> ```text
> kod
> ```

#Metoo
";
    let site = Site::plain();
    finds(&site, "warning", POST, &format!("{HEAD}{fine}"));
}

#[test]
fn pages_say_who_answers_for_them_and_what_they_are_about() {
    let site = Site::plain();
    finds(&site, "error", POST, "---\n^^^ missing-summary: a sentence or two\ntitle: Inlägg\ndate: 2026-10-01\n---\n");
    let long = "Ord ".repeat(20);
    let title =
        format!("---\ntitle: \"{long}.\"\n       {} long-title: 81\ndate: 2026-10-01\n---\nText.\n", "^".repeat(83));
    finds(&site, "warning", POST, &title);
    let event = "---\n^^^ unreachable-registration: `url:`\ntitle: Dag\ndate: 2026-10-01\nstart: 2027-03-01\nplace: {city: Lund}\nregistration: {closes: 2027-02-01}\n---\nText.\n";
    site.remove(POST);
    site.forget("/blogg/x/");
    finds(&site, "warning", "content/events/x.md", event);
    site.remove("content/events/x.md");
    site.forget("/konferenser/x/");
    let tool = "---\ntitle: Bok\ndate: 2026-10-01\ntype: guide\nresources:\n  - {title: Läs mer, url: https://example.org/}\n            ^^^^^^^ vague-link-text\n  - {title: Boken (PDF), url: https://example.org/b.pdf}\n            ^^^^^^^^^^^ typed-label\n---\nText.\n";
    finds(&site, "error", "content/toolkit/x.md", tool);
    site.remove("content/toolkit/x.md");
    site.edit("site.yaml", |settings| settings.replace("contact: anna-berg\n", ""));
    finds(&site, "error", POST, "---\n^^^ missing-contact: `contact:`\ntitle: Inlägg\ndate: 2026-10-01\n---\nText.\n");
}

#[test]
fn what_is_only_worth_knowing_is_told_by_check() {
    let site = Site::plain();
    let long = "Kommunfullmäktige behandlar tillgänglighetsredogörelser ".repeat(41);
    site.write(POST, format!("{HEAD}{long}.\n"));
    let run = site.check();
    run.finds_codes(&["hard-to-read", "long-paragraph"]);
    let words = site.run(["build"]);
    words.exits(0).says("2 remarks; `anslag check` shows them");
    assert!(!words.stderr.contains("long-paragraph"), "{}", words.stderr);
}

/// A theme's page of a post, with this in it.
fn template(inside: &str) -> String {
    format!(
        "{{% extends \"plain/post.html\" %}}\n{{% block main -%}}\n<h1>{{{{ page.about.heading }}}}</h1>\n{inside}\n{{%- endblock main %}}\n"
    )
}

#[test]
fn pages_are_read_once_more_as_browsers_find_them() {
    let site = Site::plain().file("content/blog/y.md", format!("{HEAD}Text."));
    site.write(POST, format!("{}Text.", HEAD.replace("Kort.", "Kort och/eller gott.")));
    let cases = [
        ("<a href=\"/borta/\">Borta</a>\n         ^^^^^^^ missing-target: `/borta/`\n", 0),
        ("<a href=\"/blogg/#borta\">Borta</a>\n         ^^^^^^^^^^^^^ missing-anchor: `borta`\n", 0),
        ("<a href=\"#borta\">Borta</a>\n         ^^^^^^ missing-anchor\n", 0),
        ("<img src=\"/borta.png\" alt=\"\">\n          ^^^^^^^^^^ missing-target\n", 0),
        ("<img src=\"/feed.xml\">\n          ^^^^^^^^^ image-without-alt: no `alt`\n", 0),
        ("<p id=\"a\"></p><p id=\"a\"></p>\n   ^^^^^^ duplicate-id: twice\n", 0),
        ("<h3>Tre</h3>\n^^^ skipped-heading: level 3\n", 1),
        ("<h2> </h2>\n^^^^ empty-heading\n", 0),
        ("<a href=\"/blogg/\"><img src=\"/feed.xml\" alt=\"\"></a>\n         ^^^^^^^ nameless-control: no words\n", 0),
        ("<button></button>\n^^^^^^^^ nameless-control: no words\n", 0),
        (
            "<a href=\"/blogg/\" target=\"_blank\">Bloggen</a>\n         ^^^^^^^ unannounced-window: files.new_window\n",
            0,
        ),
        ("<script>alert(1)</script>\n^^^^^^^^ inline-code: a script\n", 0),
        ("<p style=\"color: red\">Text</p>\n^^^^^^^^^^^^^^^^^^^^^^ inline-code: a style\n", 0),
        ("<p onclick=\"x()\">Text</p>\n^^^^^^^^^^^^^^^^^ inline-code: a script\n", 0),
        (
            "<img src=\"https://example.com/a.png\" alt=\"\">\n          ^^^^^^^^^^^^^^^^^^^^^^^^^ outside-request: put a copy\n",
            0,
        ),
        ("<table><tr><td>1</td></tr></table>\n^^^^^^ table-without-header: `<th>`\n", 0),
        ("<A HREF=\"/borta/\">Borta</A>\n         ^^^^^^^ missing-target: `/borta/`\n", 0),
        ("<SCRIPT>alert(1)</SCRIPT>\n^^^^^^^^ inline-code: a script\n", 0),
        ("<a href=\"/\"></a>\n         ^ nameless-control: no words\n", 0),
        (
            "<script src=\"https://example.com/a.js\"></script>\n             ^^^^^^^^^^^^^^^^^^^^^^^^ outside-request\n",
            0,
        ),
        (
            "<link rel=\"preconnect\" href=\"https://example.com\">\n                             ^^^^^^^^^^^^^^^^^^^ outside-request\n",
            0,
        ),
        ("<h1>Två</h1>\n", 2),
    ];
    for (inside, special) in cases {
        let marked = template(inside.trim_end_matches('\n'));
        let (text, marks) = unmark("theme/templates/post.html", &marked);
        site.write("theme/templates/post.html", text);
        let run = site.build();
        let found = run.findings();
        assert_eq!(run.code, Some(1), "{inside}");
        let told: String = found.iter().map(|finding| format!("\n  {}", shown(finding))).collect();
        assert_eq!(found.len(), 1, "said once though met on two pages: {inside}{told}");
        assert!(found[0].words().contains("and one more"), "{told}");
        match special {
            0 => assert!(marks.iter().all(|mark| mark.fits(&found[0])), "{inside}{told}"),
            1 => {
                assert_eq!((found[0].code.as_str(), found[0].file()), ("skipped-heading", "theme/templates/post.html"));
            }
            _ => assert_eq!((found[0].code.as_str(), found[0].file()), ("page-basics", "theme/templates/post.html")),
        }
    }
    let fine = "<script type=\"application/ld+json\">{}</script><a href=\"/blogg/\" target=\"_blank\">Bloggen (nytt fönster)</a><a href=\"https://example.com/\">Ute</a>";
    site.write("theme/templates/post.html", template(fine));
    site.build().well();
}

#[test]
fn what_is_said_of_a_text_is_not_said_again_of_its_page() {
    let site = Site::plain().with("--base-url").with("https://test.example.org/mr/");
    let body = "## En {#a}\n\n#### Fyra {#a}\n^^^^^^^^^^^^^^ skipped-heading\n            ^ duplicate-id\n\n[Borta](/borta/) [Rubriken](#borta) [Bilagan](borta.md)\n        ^^^^^^^ missing-target\n                            ^^^^^^ missing-anchor\n                                              ^^^^^^^^ missing-target\n";
    finds(&site, "error", POST, &format!("{HEAD}{body}"));
}

#[test]
fn raw_html_without_limits_is_held_against_the_same() {
    let site = Site::plain().settings("raw_html: all\n");
    let body = "Text.\n\n<p style=\"color: red\">Hej</p>\n^^^^^^^^^^^^^^^^^^^^^^ inline-code: a style\n";
    finds(&site, "error", POST, &format!("{HEAD}{body}"));
}

#[test]
fn a_site_lowers_a_gate_with_its_reason() {
    let site = Site::plain().settings("gates: {skipped-heading: {level: warning, reason: Rättas i vår.}}\n");
    finds(&site, "warning", POST, &format!("{HEAD}### Tre\n^^^^^^^ skipped-heading\n"));
    let settings = |gates: &str| {
        format!(
            "title: T\nbase_url: https://test.example.org/\ncontact: anna-berg\ntheme: plain\norganisation: skr\ngates:\n{gates}"
        )
    };
    site.write(POST, format!("{HEAD}Text.\n"));
    finds(
        &site,
        "error",
        "site.yaml",
        &settings("  skipped-heding: {level: info, reason: Så.}\n  ^^^^^^^^^^^^^^ unknown-gate: `skipped-heading`\n"),
    );
    finds(
        &site,
        "error",
        "site.yaml",
        &settings("  unknown-key: {level: info, reason: Så.}\n  ^^^^^^^^^^^ unknown-gate: cannot be lowered\n"),
    );
    finds(
        &site,
        "error",
        "site.yaml",
        &settings("  skipped-heading: {level: info}\n                   ^ missing-key: `reason`\n"),
    );
}

const STATEMENT: &str = "---
title: Tillgänglighet
summary: Så tillgänglig är webbplatsen.
statement:
  conformity: partial
  faults: [{what: Gamla filmer saknar text, reason: non_compliance}]
  assessed: 2026-10-01
  method: Egen granskning.
  complaint_url: https://example.org/klagomal
---
Text.
";

#[test]
fn a_waiver_stands_in_the_statement_until_its_day_and_then_stops_the_build() {
    let head = "---\ntitle: Inlägg\ndate: 2026-10-01\nsummary: Kort.\nwaivers: [{code: skipped-heading, reason: Vi hinner inte., owner: anna-berg, until: 2026-12-31}]\n---\n";
    let site = Site::new()
        .settings("statement: content/pages/tillganglighet.md\n")
        .file("content/pages/tillganglighet.md", STATEMENT)
        .file(POST, format!("{head}### Tre\n"));
    let run = site.build();
    assert_eq!(run.code, Some(0), "{:?}", run.findings());
    let page = run.page("/tillganglighet/");
    page.says("Gamla filmer").says("Rubriker i fel ordning").says("Vi hinner inte.").says("31 december 2026");
    page.says("Anna Berg").has("href=\"/blogg/x/\"");
    let findings = run.findings();
    assert!(findings.iter().any(|found| found.code == "skipped-heading" && found.severity == "info"), "{findings:?}");
    site.run(["due"]).prints("2027-01-01T00:00:00+01:00").prints("waiver");
    let site = site.at("2027-01-01T00:00:00+01:00");
    let before = site.public();
    let run = site.build();
    run.finds_codes(&["waiver-ended", "skipped-heading"]);
    assert!(run.code == Some(1) && run.public == before, "nothing was published");
    // Mended in time, the waiver tells of what is not there.
    let site = site.at(crate::site::NOW);
    site.write(POST, format!("{head}## Två\n"));
    let run = site.build();
    assert_eq!((run.code, run.findings()[0].code.as_str()), (Some(0), "unused-waiver"));
}

#[test]
fn a_folder_or_the_theme_is_waived_in_the_settings() {
    let waiver = |path: &str| {
        format!(
            "waivers:\n  - {{code: skipped-heading, path: {path}, reason: Så., owner: anna-berg, until: 2026-12-31}}\n"
        )
    };
    let site = Site::plain().settings(&waiver("content/blog/")).file(POST, format!("{HEAD}### Tre\n"));
    assert_eq!(site.build().code, Some(0));
    let site = Site::plain().settings(&waiver("content/blog")).file(POST, format!("{HEAD}### Tre\n"));
    assert_eq!(site.build().code, Some(1), "a folder has its slash");
    for (path, meant) in
        [("content/blog", "content/blog/"), ("content/blogg/", "content/blog/"), ("content/blog/x/indx.md", POST)]
    {
        let site = Site::plain().settings(&waiver(path)).file(POST, format!("{HEAD}Text.\n"));
        let run = site.build();
        run.exits(1).finds_codes(&["waiver-path"]);
        run.finds("waiver-path", "site.yaml", &format!("write `{meant}`"));
    }
    let site = Site::plain()
        .settings(&waiver("content/blog/").replace("anna-berg", "anna-brg"))
        .file(POST, format!("{HEAD}### Tre\n"));
    site.build().finds_codes(&["skipped-heading", "unknown-person"]);
}

#[test]
fn a_statement_agrees_with_itself() {
    let site = Site::plain();
    let page = "content/pages/tillganglighet.md";
    let full = STATEMENT.replace("partial\n", "full\n              ^^^^ statement-disagrees: has faults\n");
    finds(&site, "error", page, &full);
    let without = STATEMENT.replace("partial\n", "partial\n              ^^^^^^^ statement-disagrees: nothing says\n");
    let without = without.replace("  faults: [{what: Gamla filmer saknar text, reason: non_compliance}]\n", "");
    finds(&site, "error", page, &without);
    site.edit("site.yaml", |settings| settings.replace("email: test@example.org\n", ""));
    finds(
        &site,
        "error",
        page,
        &STATEMENT.replace("partial\n", "partial\n              ^^^^^^^ statement-parts: contact_email\n"),
    );
}

#[test]
fn every_page_leads_to_the_statement() {
    let site = Site::plain().settings("statement: content/pages/tillganglighet.md\n");
    site.write("content/pages/tillganglighet.md", STATEMENT);
    let run = site.build();
    assert!(run.findings().iter().all(|found| found.code == "no-statement-link"), "{:?}", run.findings());
    assert_eq!(run.code, Some(1), "the small theme has no footer");
    let site = Site::new().settings("statement: content/pages/tillganglighet.md\n");
    site.write("content/pages/tillganglighet.md", STATEMENT);
    site.build().well();
    site.write(
        "theme/templates/not_found.html",
        "{% extends \"mr/not_found.html\" %}\n{% block footer %}{% endblock footer %}\n",
    );
    site.build().finds_codes(&["no-statement-link"]);
}

#[test]
fn signs_that_no_attribute_has_break_nothing() {
    let site = Site::plain().file(POST, format!("{HEAD}Text."));
    for odd in
        ["<p class = “x y”>Text</p>", "<p aå=\"x\">Text</p>", "<p å>Text</p>", "<p =>Text</p>", "<p \"'>Text</p>"]
    {
        site.write("theme/templates/post.html", template(odd));
        site.build().well();
    }
}

#[test]
fn every_template_gives_pages_a_language_a_title_and_anchors_as_browsers_read_them() {
    let site = Site::plain()
        .file(POST, format!("{HEAD}### Tre\n"))
        .settings("gates: {skipped-heading: {level: info, reason: Så.}}\n");
    site.write(
        "theme/templates/post.html",
        template("<p id=\"rätt &amp; fel\"><a href=\"#r%C3%A4tt%20&amp;%20fel\">Rätt</a></p>"),
    );
    assert_eq!(site.build().code, Some(0), "the anchor is there");
    let page = "<!doctype html><html lang=\"\"><head><title> </title></head><body><h1>X</h1><svg><title>Y</title></svg></body></html>\n";
    site.write("theme/templates/post.html", page);
    let run = site.build();
    let of_template: Vec<_> = run.findings().into_iter().filter(|found| found.severity == "error").collect();
    assert_eq!(of_template.len(), 2, "{of_template:?}");
    assert!(of_template.iter().all(|found| found.code == "page-basics"), "{of_template:?}");
    // A fault of the template is told although the text has one of its own.
    site.write(POST, format!("{HEAD}## A {{#a}}\n\n## B {{#a}}\n"));
    site.write("theme/templates/post.html", template("<p id=\"b\"></p><p id=\"b\"></p>{{ content | safe }}"));
    site.build().finds_codes(&["duplicate-id", "duplicate-id"]);
}

#[test]
fn decisions_that_are_wrong_are_said_once() {
    let twice = "waivers:\n  - {code: skipped-heading, path: content/blog/, reason: Så., owner: anna-berg, until: 2026-12-31}\n";
    let second = twice.replace("waivers:\n", "");
    let site = Site::plain().file(POST, format!("{HEAD}### Tre\n"));
    let run = site.settings(&format!("{twice}{second}")).build();
    run.finds_codes(&["skipped-heading", "repeated-waiver"]);
    let site = Site::plain().file(POST, format!("{HEAD}Text.\n"));
    let run = site.settings(&twice.replace("skipped-heading", "skiped-heading")).build();
    run.finds_codes(&["unknown-gate"]);
    let site = Site::plain().file(POST, format!("{HEAD}Text.\n"));
    let run = site.settings(&format!("{twice}{second}")).build();
    run.finds_codes(&["repeated-waiver"]);
}

#[test]
fn a_waiver_for_what_is_still_a_draft_is_used() {
    let waiver =
        "waivers: [{code: skipped-heading, path: content/blog/, reason: Så., owner: anna-berg, until: 2026-12-31}]\n";
    let draft = HEAD.replace("summary", "draft: true\nsummary");
    let site = Site::plain().settings(waiver).file(POST, format!("{draft}### Tre\n"));
    site.build().finds_codes(&["skipped-heading"]);
}

#[test]
fn a_draft_is_not_finished() {
    let site = Site::plain();
    let draft = HEAD.replace("summary", "draft: true\nsummary");
    finds(&site, "warning", POST, &format!("{draft}### Tre\n^^^^^^^ skipped-heading\n"));
}

#[test]
fn a_fault_on_many_pages_is_told_once_with_their_number() {
    let site = Site::plain();
    for name in ["a", "b", "c", "d"] {
        site.write(&format!("content/blog/{name}.md"), format!("{HEAD}Text."));
    }
    let marked = template(
        "<p style=\"color: red\">Text</p>\n^^^^^^^^^^^^^^^^^^^^^^ inline-code: met on the page `/blogg/a/` and 3 more",
    );
    finds(&site, "error", "theme/templates/post.html", &marked);
    let marked = template("<img src=\"bild.png\" alt=\"\">\n          ^^^^^^^^ missing-target: `/blogg/a/` and 3 more");
    finds(&site, "error", "theme/templates/post.html", &marked);
}

#[test]
fn each_thing_that_a_page_lacks_is_told() {
    let site = Site::plain().file(POST, format!("{HEAD}Text."));
    let sound =
        "<!doctype html>\n<html lang=\"sv\">\n<head>\n<title>Inlägg</title>\n</head>\n<h1>Inlägg</h1>\n</html>\n";
    let (head, drawing) = ("<title>Inlägg</title>\n", "<svg role=\"img\"><title>Karta</title></svg>");
    for (without, words, line) in [
        (sound.replace(" lang=\"sv\"", ""), "does not say its language", 2),
        (sound.replace("lang=\"sv\"", "lang=\"\""), "does not say its language", 2),
        (sound.replace(head, ""), "has no title", 1),
        (sound.replace("Inlägg</title>", "\n</title>"), "has no title", 4),
        // Drawings have titles of their own, and `<body>` may be left out.
        (sound.replace(head, "").replace("<h1>", &format!("{drawing}<h1>")), "has no title", 5),
        (sound.replace(head, &format!("{drawing}\n")), "has no title", 4),
        (sound.replace("h1>", "p>"), "0 headings of the first level", 1),
        (sound.replace("</h1>", "</h1><h1>Två</h1>"), "2 headings of the first level", 6),
    ] {
        site.write("theme/templates/post.html", &without);
        let run = site.build();
        run.finds_codes(&["page-basics"]);
        let found = &run.findings()[0];
        assert!(found.words().contains(words), "{without}{found:?}");
        assert_eq!((found.file(), found.line), ("theme/templates/post.html", Some(line)), "{without}{found:?}");
    }
    site.write("theme/templates/post.html", sound.replace("<h1>", &format!("{drawing}<svg/><h1>")));
    site.build().well();
}

#[test]
fn a_template_under_a_base_path_is_held_against_the_site_there() {
    let site = Site::plain().file(POST, format!("{HEAD}Text.")).with("--base-url").with("https://test.example.org/mr/");
    for inside in [
        "<a href=\"/mr/borta/\">Borta</a>\n         ^^^^^^^^^^ missing-target: `/borta/`",
        "<img src=\"/mr/borta.png\" alt=\"\">\n          ^^^^^^^^^^^^^ missing-target: `/borta.png`",
        "<a href=\"/mr/blogg/#borta\">Borta</a>\n         ^^^^^^^^^^^^^^^^ missing-anchor: `borta`",
        "<a href=\"https://test.example.org/mr/borta/\">Borta</a>\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-target: `/borta/`",
        // An address of the site stays one, however its host is written.
        "<a href=\"HTTPS://Test.example.org/mr/borta/\">Borta</a>\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-target: `/borta/`",
        "<a href=\"https://test.example.org:443/mr/blogg/#borta\">Borta</a>\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-anchor: `borta`",
    ] {
        finds(&site, "error", "theme/templates/post.html", &template(inside));
    }
    // Beside the site there may be others, of which nothing is known.
    let fine = "<a href=\"/annan/\">Annan</a><a href=\"/mrx/\">Annan</a><a href=\"{{ site.url }}blogg/\">Bloggen</a><a href=\"HTTPS://test.example.org:443/mr/blogg/\">Samma</a><a href=\"https://TEST.example.org/mr\">Hem</a>";
    site.write("theme/templates/post.html", template(fine));
    site.build().well();
}

#[test]
fn a_file_of_the_theme_is_waived() {
    let waiver = "waivers:\n  - {code: inline-code, path: theme/templates/post.html, reason: Så., owner: anna-berg, until: 2026-12-31}\n";
    let site = Site::plain().settings(waiver).file(POST, format!("{HEAD}Text."));
    site.write("theme/templates/post.html", template("<p style=\"color: red\">Text</p>"));
    let run = site.build();
    run.exits(0).finds_codes(&["inline-code"]);
    assert_eq!(run.findings()[0].severity, "info");
    site.edit("site.yaml", |settings| settings.replace("theme/templates/post.html", "themes/plain/"));
    assert_eq!(site.build().code, Some(1), "another theme is not spared");
    site.remove("theme/templates/post.html");
    site.build().exits(0).finds_codes(&["unused-waiver"]);
}

#[test]
fn a_statement_of_full_conformity_goes_with_no_waiver() {
    let waiver =
        "waivers: [{code: skipped-heading, path: content/blog/, reason: Så., owner: anna-berg, until: 2026-12-31}]\n";
    let full = STATEMENT.replace("partial", "full");
    let full = full.replace("  faults: [{what: Gamla filmer saknar text, reason: non_compliance}]\n", "");
    let site = Site::new()
        .settings("statement: content/pages/tillganglighet.md\n")
        .file("content/pages/tillganglighet.md", &full)
        .file(POST, format!("{HEAD}### Tre\n"));
    site.build().finds_codes(&["skipped-heading"]);
    let site = site.settings(waiver);
    let run = site.build();
    run.exits(1).finds("statement-disagrees", "content/pages/tillganglighet.md", "no waivers");
    // What is no matter of accessibility is none of the statement's.
    site.write(POST, "---\ntitle: Inlägg\ndate: 2026-10-01\n---\n");
    site.edit("site.yaml", |settings| settings.replace("skipped-heading", "missing-summary"));
    site.build().exits(0).finds_codes(&["missing-summary"]);
}

#[test]
fn a_statement_tells_of_gates_that_are_lowered() {
    let gates =
        "gates: {skipped-heading: {level: info, reason: Rättas i vår.}, missing-summary: {level: info, reason: Så.}}\n";
    let site = Site::new()
        .settings("statement: content/pages/tillganglighet.md\n")
        .settings(gates)
        .file("content/pages/tillganglighet.md", STATEMENT)
        .file(POST, format!("{HEAD}### Tre\n"));
    let run = site.build();
    run.exits(0).finds_codes(&["skipped-heading"]);
    let page = run.page("/tillganglighet/");
    page.says("Rubriker i fel ordning").says("Rättas i vår.").is_silent_about("Så.");
    // The statement is written before the findings are known, so a gate that finds nothing is told of as well.
    site.write(POST, format!("{HEAD}Text.\n"));
    let run = site.build();
    run.exits(0).finds("unused-level", "site.yaml", "`skipped-heading` is lowered");
    run.page("/tillganglighet/").says("Rättas i vår.");
    site.edit("content/pages/tillganglighet.md", |page| {
        page.replace("partial", "full")
            .replace("  faults: [{what: Gamla filmer saknar text, reason: non_compliance}]\n", "")
    });
    site.build().exits(1).finds("statement-disagrees", "content/pages/tillganglighet.md", "no lowered gates");
    site.edit("site.yaml", |settings| {
        settings.replace("{level: info, reason: Rättas", "{level: error, reason: Rättas")
    });
    site.build().well();
}

#[test]
fn a_heading_without_words_is_not_in_the_table_of_contents() {
    let site = Site::new().file(POST, format!("{HEAD}## Ett\n\n##\n\n## Två\n\n## Tre\n"));
    site.build().exits(1).finds_codes(&["empty-heading"]);
}

#[test]
fn alternative_texts_say_what_the_image_shows_wherever_they_are_written() {
    let site = Site::new().file("content/blog/x/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    for (alt, carets) in [("bild.svg", "^^^^^^^^^^"), ("foto", "^^^^^^"), ("...", "^^^^^"), ("DSC0001", "^^^^^^^^^")] {
        let figure = format!("::: figure src=\"bild.svg\" alt=\"{alt}\" caption=\"Ett träd\"\n");
        let mark = format!("{}{carets} image-without-alt: `{alt}`\n:::\n", " ".repeat(30));
        finds(&site, "error", POST, &format!("{HEAD}{figure}{mark}"));
        let image = format!("image: {{file: bild.svg, alt: \"{alt}\"}}\n");
        let mark = format!("{}{carets} image-without-alt: write what it shows\n", " ".repeat(29));
        finds(&site, "error", POST, &format!("{}{image}{mark}---\nText.\n", HEAD.trim_end_matches("---\n")));
    }
    // Without words it is said to decorate only.
    let head = HEAD.replace("summary", "image: {file: bild.svg, alt: \"\"}\nsummary");
    site.write(POST, format!("{head}::: figure src=\"bild.svg\" alt=\"\"\n:::\n"));
    site.build().well();
}

#[test]
fn a_waiver_whose_owner_has_left_wants_another() {
    let head = "---\ntitle: Inlägg\ndate: 2026-10-01\nsummary: Kort.\nwaivers: [{code: skipped-heading, reason: Så., owner: bo-ek, until: 2026-12-31}]\n---\n";
    let site = Site::plain().file("content/people/bo-ek.md", "---\ntitle: Bo Ek\nuntil: 2026-11-20\n---\n");
    site.write(POST, format!("{head}### Tre\n"));
    let site = site.at("2026-11-20T23:59:59+01:00");
    site.build().exits(0).finds_codes(&["skipped-heading"]);
    // Nothing has changed but the day.
    let site = site.at("2026-11-21T00:00:00+01:00");
    site.build().exits(0).finds("waiver-owner-left", POST, "Bo Ek left after 2026-11-20");
}

#[test]
fn a_statement_says_where_readers_meet_what_is_waived() {
    let site = Site::new()
        .settings("statement: content/pages/tillganglighet.md\n")
        .file("content/pages/tillganglighet.md", STATEMENT)
        .file(POST, format!("{HEAD}### Tre\n"));
    let site = site.settings(
        "waivers: [{code: skipped-heading, path: PATH, reason: Vi hinner inte, owner: anna-berg, until: 2026-12-31}]\n",
    );
    let mut before = "PATH";
    for (path, link) in [
        (POST, "<a href=\"/blogg/x/\">Inlägg</a>"),
        ("content/blog/x/", "<a href=\"/blogg/x/\">Inlägg</a>"),
        ("content/blog/", "<a href=\"/blogg/\">Blogg</a>"),
    ] {
        site.edit("site.yaml", |settings| settings.replace(before, path));
        let page = site.build().page("/tillganglighet/");
        page.says("Vi hinner inte. Vi ska ha").has(&format!("<p>Sidan: {link}</p>"));
        before = path;
    }
}

#[test]
fn a_draft_that_is_shown_is_still_not_finished() {
    let site = Site::plain().settings("raw_html: all\n").with("--drafts");
    let draft = HEAD.replace("summary", "draft: true\nsummary");
    finds(&site, "warning", POST, &format!("{draft}### Tre\n^^^^^^^ skipped-heading\n"));
    finds(
        &site,
        "warning",
        POST,
        &format!("{draft}<p style=\"color: red\">Hej</p>\n^^^^^^^^^^^^^^^^^^^^^^ inline-code\n"),
    );
    // The theme is not the draft's.
    site.write(POST, format!("{draft}Text."));
    let marked = template("<p style=\"color: red\">Text</p>\n^^^^^^^^^^^^^^^^^^^^^^ inline-code");
    finds(&site, "error", "theme/templates/post.html", &marked);
}

#[test]
fn after_the_last_day_of_a_waiver_the_level_of_the_gate_holds() {
    let gates = "gates: {skipped-heading: {level: warning, reason: Rättas i vår.}}\n";
    let waiver =
        "waivers: [{code: skipped-heading, path: content/blog/, reason: Så., owner: anna-berg, until: 2026-11-01}]\n";
    let site = Site::plain().settings(gates).settings(waiver).file(POST, format!("{HEAD}### Tre\n"));
    let run = site.build();
    run.exits(1).finds("waiver-ended", "site.yaml", "2026-11-01");
    let heading = run.findings().into_iter().find(|found| found.code == "skipped-heading").expect("it is told");
    assert_eq!(heading.severity, "warning");
    // Where one has ended, another may still hold.
    let head = HEAD.replace(
        "summary",
        "waivers: [{code: skipped-heading, reason: Så., owner: anna-berg, until: 2027-01-31}]\nsummary",
    );
    site.write(POST, format!("{head}### Tre\n"));
    let run = site.build();
    let heading = run.findings().into_iter().find(|found| found.code == "skipped-heading").expect("it is told");
    assert_eq!(heading.severity, "info");
}

#[test]
fn a_fault_of_a_template_is_told_beside_those_of_the_text() {
    let site = Site::plain();
    let cases = [
        // What the text has, what the template has, and the codes of both.
        (
            "## Två\n\n#### Fyra\n",
            "{{ content | safe }}<h2>Två</h2><h4>Mall</h4>",
            &["skipped-heading", "skipped-heading"][..],
        ),
        ("##\n", "{{ content | safe }}<h2></h2>", &["empty-heading", "empty-heading"]),
        (
            "|  |  |\n|---|---|\n| 1 | 2 |\n",
            "{{ content | safe }}<table><tr><td>1</td></tr></table>",
            &["table-without-header", "table-without-header"],
        ),
        ("Läs [här](/blogg/).\n", "{{ content | safe }}<a href=\"/\"></a>", &["vague-link-text", "nameless-control"]),
        ("Läs [här](/blogg/).\n", "{{ content | safe }}", &["vague-link-text"]),
        ("[![](bild.svg){.decorative}](/blogg/)\n", "{{ content | safe }}", &["vague-link-text"]),
        ("# Ett\n", "{{ content | safe }}", &["body-h1"]),
    ];
    site.write("content/blog/x/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    for (body, inside, codes) in cases {
        site.write(POST, format!("{HEAD}{body}"));
        site.write("theme/templates/post.html", template(inside));
        let run = site.build();
        let mut found: Vec<(String, String)> =
            run.findings().iter().map(|found| (found.code.clone(), found.file().to_owned())).collect();
        found.sort_by(|one, other| one.1.cmp(&other.1));
        let files = [POST, "theme/templates/post.html"];
        let expected: Vec<(String, String)> =
            codes.iter().zip(files).map(|(code, file)| ((*code).to_owned(), file.to_owned())).collect();
        assert_eq!(found, expected, "{body}{inside}");
    }
    // A heading of the first level in the text says nothing of the language of the page.
    site.write(POST, format!("{HEAD}# Ett\n"));
    site.write(
        "theme/templates/post.html",
        "<!doctype html><html><head><title>X</title></head><body><h1>X</h1>{{ content | safe }}</body></html>\n",
    );
    site.build().finds_codes(&["body-h1", "page-basics"]);
}
