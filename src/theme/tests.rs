//! Stories of theme authors: small themes in memory, and what is said about them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::json;

use super::Theme;
use super::check::{Keys, TemplateView};
use super::components::ArgumentKind;
use crate::config::layers::Layers;
use crate::config::texts::Texts;
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::document::body::{Argument, ArgumentValue, Component};
use crate::source::Snapshot;
use crate::view::{CardView, ImageView, LinkView};

/// A view as small as a test needs it.
#[derive(Serialize, JsonSchema)]
struct Page {
    title: String,
    summary: Option<String>,
    image: Option<ImageView>,
    cards: Vec<CardView>,
    next: Option<LinkView>,
    count: usize,
    extra: serde_json::Value,
}

/// A view that has what the other has not.
#[derive(Serialize, JsonSchema)]
struct Listing {
    title: String,
    pager: Option<LinkView>,
}

type Files<'a> = &'a [(&'a str, &'a str)];

const SETTINGS: (&str, &str) = ("themes/mr/theme.yaml", "name: MR\n");
const TEXTS: (&str, &str) = (
    "themes/mr/texts/sv.yaml",
    "ui:\n  home: Start\nstates:\n  cancelled: \"Inställt: {title}\"\nmonths: [januari, februari]\n",
);
const POST: &str = "themes/mr/templates/post.html";

/// A theme whose other files are well.
fn with(files: Files) -> Snapshot {
    let base = [SETTINGS, TEXTS, (POST, ""), ("themes/mr/templates/list.html", "")];
    let mut all: BTreeMap<&str, &str> = base.into_iter().collect();
    all.extend(files.iter().copied());
    Snapshot::of_texts(all)
}

fn views() -> Vec<TemplateView> {
    vec![
        TemplateView { template: "post.html", schema: || schema_for!(Page) },
        TemplateView { template: "list.html", schema: || schema_for!(Listing) },
    ]
}

fn load(snapshot: &Snapshot, report: &mut Report) -> Option<Theme> {
    let layers = Layers::load(snapshot, "mr", None, report)?;
    let texts = Texts::load(snapshot, &layers, "sv", None, report)?;
    texts.require(&[], report);
    let theme = Theme::load(snapshot, &layers, &texts, "/bas", report).expect("no disk is involved");
    let sections = Keys { possible: vec!["blog".to_owned(), "toolkit".to_owned()], present: vec!["blog".to_owned()] };
    theme.check(&views(), sections, &texts, report);
    Some(theme)
}

/// `file:line:column code: message (label) [help]`, in the order of a report.
fn findings(snapshot: &Snapshot) -> Vec<String> {
    let mut report = Report::default();
    load(snapshot, &mut report);
    report.sorted().into_iter().map(|diagnostic| line(snapshot, diagnostic)).collect()
}

fn line(snapshot: &Snapshot, diagnostic: &Diagnostic) -> String {
    let place = diagnostic.place.as_ref().map(|place| position(snapshot, place)).unwrap_or_default();
    let label = diagnostic.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    format!("{place} {}: {}{label} [{}]", diagnostic.code.name, diagnostic.message, diagnostic.help.join("; "))
}

fn position(snapshot: &Snapshot, place: &Place) -> String {
    let text = snapshot.text(&place.path).map_or("", |text| text);
    let before = &text[..place.span.start];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let columns = before[start..].trim_start_matches('\u{feff}').chars().count() + 1;
    format!("{}:{}:{columns}", place.path, before.matches('\n').count() + 1)
}

/// Each of `expected` begins a finding's line or, after `…`, stands in it; there are no others.
fn expect(files: Files, expected: &[&str]) {
    let found = findings(&with(files));
    let fits = |(line, expected): (&String, &&str)| expected.split('…').all(|part| line.contains(part));
    let well = found.len() == expected.len() && found.iter().zip(expected).all(fits);
    assert!(well, "{files:#?}\nexpected {expected:#?}\nfound {found:#?}");
}

fn expect_in_post(post: &str, expected: &[&str]) {
    expect(&[(POST, post)], expected);
}

/// Templates that are well, whatever is missing on a page.
const VALID: &[&str] = &[
    "",
    "å {{ page.title }} {{ page.summary }} {{ content }} {{ site.title }} {{ t.ui.home }}",
    "{{ page['title'] }} {{ page.cards[0].heading }} {{ page.extra.anything.at.all }}",
    "{# {{ page.titel }} #}{% raw %}{{ page.titel }}{% endraw %}",
    "{% if page.image %}{{ page.image.url }}{% endif %}",
    "{% if not page.image %}–{% else %}{{ page.image.url }}{% endif %}",
    "{% if page.image == null %}–{% elif page.title %}{{ page.image.url }}{% endif %}",
    "{% if page.image is none %}–{% else %}{{ page.image.url }}{% endif %}",
    "{% if page.image and page.image.caption %}{{ page.image.caption | upper }}{% endif %}",
    "{% if page.title == 'x' or not page.image %}{% else %}{{ page.image.url }}{% endif %}",
    "{{ page.image.url if page.image else '' }}",
    "{{ page.image?.url | default(value='') }}{{ page.summary | default(value='–') | upper }}",
    "{% if page.image.width %}{{ page.image.width + 1 }}{{ page.image.url }}{% endif %}",
    "{% set width = page.image.width %}{% if width %}{{ width + 1 }}{% endif %}{{ 'x' ~ page.image.alt }}",
    "{{ page.image.alt | default(value='') }}{{ 'wide' if page.image.width == 2 else 'narrow' }}",
    "{% set image = page.image %}{% if image %}{{ image.url }}{% endif %}",
    "{% set has = page.image and page.image.caption %}{% if has %}{{ page.image.caption | upper }}{% endif %}",
    "{% for card in page.cards %}{{ loop.index }} {{ card.heading }}{% if card.day %}{{ card.day.month }}{% endif %}{% endfor %}",
    "{% for card in page.cards %}{% if not card.day %}{% continue %}{% endif %}{{ card.day.month }}{% endfor %}",
    "{% for card in page.cards %}{% set_global last = card.heading %}{% endfor %}{{ last }}",
    "{% for card in page.cards | sort(attribute='heading') | reverse %}{{ card.heading }}{% endfor %}",
    "{% for kind, cards in page.cards | group_by(attribute='kind') %}{{ kind }}{% for card in cards %}{{ card.url }}{% endfor %}{% endfor %}",
    "{{ [card.heading for card in page.cards if card.summary] | join(sep=', ') }}",
    "{% for word in t.months %}{{ word }}{% endfor %}{{ t.months[0] | upper }}",
    "{% if page.cards | length > 3 and page.count >= 2 %}{{ page.count + 1 }}{% endif %}",
    "{% set text %}{{ page.title }}{% endset %}{{ text | upper }}",
    "{% filter upper %}{{ page.title }}{% endfilter %}",
    "{{ site.sections.blog.url }}{% if site.sections.toolkit %}{{ site.sections.toolkit.url }}{% endif %}",
    "{% for key, section in site.sections %}{{ key }}{{ section.title }}{% endfor %}",
    "{% if page.pager %}{{ page.pager.url }}{% endif %}{% if page.pager is defined %}{{ page.pager.url }}{% endif %}",
    "{% if unset is defined %}{{ unset }}{% endif %}{{ other | default(value='x') }}",
    "{% set m = {'a': page.title, 'b': 1} %}{{ m.a | upper }}{{ m['b'] + 1 }}",
    "{{ 'a' ~ page.summary ~ 1 }}{{ -page.count }}{{ 'x' in page.title }}{{ 'x' not in page.extra.list }}",
    "{{ page.title | default(value='}}') }}{{ \"%}\" }}{{- page.title -}}",
    "{% for x in range(end=3) %}{{ x }}{% else %}{{ page.title }}{% endfor %}",
];

#[test]
fn valid_templates_are_left_alone() {
    for post in VALID {
        expect_in_post(post, &[]);
    }
}

#[test]
fn what_the_check_accepts_is_rendered() {
    let image = json!({"url": "/b.png", "alt": "", "caption": null, "credit": null, "width": 2, "height": null});
    let link = |title: &str| json!({"title": title, "url": "/"});
    let card = json!({"url": "/", "kind": "post", "heading": "Hej", "summary": null, "day": null});
    let extra = json!({"anything": {"at": {"all": 1}}, "list": []});
    let bare = json!({"title": "x", "summary": null, "image": null, "cards": [card], "next": null, "count": 0, "extra": extra});
    let full = json!({"title": "x", "summary": "s", "image": image, "cards": [card], "next": link("n"), "count": 3, "extra": extra});
    for post in VALID {
        let mut theme = load(&with(&[(POST, post)]), &mut Report::default()).expect("a theme");
        theme.set_site(&json!({"title": "MR", "sections": {"blog": link("Blogg")}})).expect("JSON is a value");
        for page in [&bare, &full] {
            let rendered = theme.render("post.html", page, "", &mut Vec::new());
            assert!(rendered.is_ok(), "{post}: {:?}", rendered.map_err(|found| found.message));
        }
    }
}

#[test]
fn a_theme_is_shared_by_all_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Theme>();
}

#[test]
fn misspelt_names_are_found_wherever_they_stand() {
    for (post, expected) in [
        (
            "å\n {{ page.titel }}",
            "post.html:2:10 template-unknown-variable: `page` has no field `titel` (did you mean `title`?)",
        ),
        (
            "{{ pgae.title }}",
            "post.html:1:4 template-unknown-variable: there is no variable `pgae` here (did you mean `page`?)",
        ),
        ("{% if false %}{{ page.titel }}{% endif %}", "post.html:1:23 …`titel`"),
        ("{% if page.title %}{% else %}{{ page.titel }}{% endif %}", "post.html:1:38 …`titel`"),
        ("{% if page.titel %}{% endif %}", "post.html:1:12 …`titel`"),
        ("{% if page.imag %}{{ page.image.url }}{% endif %}", "post.html:1:12 …`imag` (did you mean `image`?)"),
        ("{% if page.titel is defined %}{% endif %}", "post.html:1:12 …`titel`"),
        (
            "{% for card in page.cards %}{{ card.headin }}{% endfor %}",
            "post.html:1:37 …`card` has no field `headin` (did you mean `heading`?)",
        ),
        ("{% for card in page.card %}{% endfor %}", "post.html:1:21 …`card` (did you mean `cards`?)"),
        ("{% for card in page.cards %}{% else %}{{ card.heading }}{% endfor %}", "post.html:1:42 …no variable `card`"),
        ("{{ page.title if page.titel else '' }}", "post.html:1:23 …`titel`"),
        ("{{ [c.headng for c in page.cards] | join }}", "post.html:1:7 …`headng`"),
        ("{% set x = page.titel %}", "post.html:1:17 …`titel`"),
        ("{{ page.title | default(value=page.titel) }}", "post.html:1:36 …`titel`"),
        ("{{ page.titel | default(value='') }}", "post.html:1:9 …`titel`"),
        ("{{ page['titel'] }}", "post.html:1:9 …`titel`"),
        ("{% if page.image %}{{ page.image.src }}{% endif %}", "post.html:1:34 …`page.image` has no field `src`"),
        ("{{ page.title.words }}", "post.html:1:15 …`page.title` is a text and has no field `words`"),
        ("{{ page.cards.heading }}", "post.html:1:15 …is a list"),
        ("{{ site.assets['styl.css'] }}", "post.html:1:16 …`site.assets` has no field `styl.css`"),
        ("{{ site.sections.blogg.url }}", "post.html:1:18 …`blogg` (did you mean `blog`?)"),
        ("{{ page.cards | sort(attribute='titel') | length }}", "post.html:1:32 …no field `titel`"),
        ("{{ loop.index }}", "post.html:1:4 …no variable `loop`"),
        ("{{ __tera_context }}", "post.html:1:4 …no variable `__tera_context`"),
        (
            "{{ t.ui.hem }}",
            "post.html:1:9 missing-text: the text `ui.hem` is missing in `sv` (did you mean `ui.home`?)",
        ),
        ("{{ t.menu.x }}", "post.html:1:6 missing-text: the text `menu` is missing"),
        (
            "{{ page.title | uper }}",
            "post.html:1:17 template-unknown-name: there is no filter `uper` (did you mean `upper`?)",
        ),
        ("{% if page.title is defnied %}{% endif %}", "post.html:1:21 …no test `defnied` (did you mean `defined`?)"),
        ("{{ now() }}", "post.html:1:4 template-unknown-name: there is no function `now`"),
        ("{{ <fact_bx /> }}", "post.html:1:5 template-unknown-name: there is no component `fact_bx`"),
        ("{% include 'hed.html' %}", "post.html:1:12 template-unknown-name: there is no template `hed.html`"),
        ("{% extends 'bas.html' %}", "post.html:1:12 …there is no template `bas.html`"),
    ] {
        expect_in_post(post, &[expected]);
    }
}

#[test]
fn values_that_may_be_missing_are_asked_for_first() {
    for (post, expected) in [
        (
            "{{ page.image.url }}",
            "post.html:1:9 template-optional-value: `page.image` may be missing, and is asked for `url` here",
        ),
        ("{% if page.image %}{% else %}{{ page.image.url }}{% endif %}", "post.html:1:38 template-optional-value"),
        ("{% if page.title or page.image %}{{ page.image.url }}{% endif %}", "post.html:1:42 template-optional-value"),
        ("{{ page.summary | upper }}", "post.html:1:9 …given to `upper`"),
        ("{% set width = page.image.width %}{{ width }}", "post.html:1:38 …`width` may be missing, and is printed"),
        ("{% if site.sections.toolkit.url %}{% endif %}", "post.html:1:21 template-optional-value"),
        ("{{ page.image.alt | upper }}", "post.html:1:9 template-optional-value"),
        ("{{ page.next?.url }}", "post.html:1:15 …is printed here"),
        ("{{ site.sections.toolkit.url }}", "post.html:1:18 template-optional-value"),
        ("{% set image = page.image %}{{ image.url }}", "post.html:1:32 template-optional-value"),
        ("{% for card in page.cards %}{{ card.day.day }}{% endfor %}", "post.html:1:37 template-optional-value"),
        ("{% for x in page.summary %}{% endfor %}", "post.html:1:18 …looped over"),
    ] {
        expect_in_post(post, &[expected]);
    }
}

#[test]
fn values_are_used_as_what_they_are() {
    for (post, expected) in [
        ("{% for x in page.count %}{% endfor %}", "post.html:1:18 template-wrong-type: this is a number"),
        ("{% for k, v in page.cards %}{% endfor %}", "post.html:1:21 template-wrong-type: only a map"),
        ("{{ page.cards | upper }}", "post.html:1:17 template-wrong-type: `upper` takes a text"),
        ("{{ page.title | first }}", "post.html:1:17 template-wrong-type: `first` takes a list"),
        ("{{ page.cards }}", "post.html:1:9 template-prints-structure"),
        ("{% if page.image %}{{ page.image }}{% endif %}", "post.html:1:28 template-prints-structure…`url`"),
    ] {
        expect_in_post(post, &[expected]);
    }
}

#[test]
fn blocks_includes_and_components_are_followed() {
    let base = (
        "themes/mr/templates/base.html",
        "<title>{% block title %}{{ page.title }}{% endblock %}</title>{% block main %}{% endblock main %}",
    );
    let card = (
        "themes/mr/components/card.html",
        "{% component card(card: map, level: integer = 2, @t) %}\n{{ card.heading }}{{ level }}{{ t.ui.home }}{% endcomponent card %}",
    );
    let well = "{% extends 'base.html' %}{% block main %}{{ super() }}{% for card in page.cards %}{{ <card card={card} /> }}{% endfor %}{% endblock %}";
    expect(&[base, card, (POST, well)], &[]);
    for (files, expected) in [
        (
            vec![base, (POST, "{% extends 'base.html' %}{% block mian %}{% endblock %}")],
            "post.html:1:35 template-unknown-block: …`mian` (did you mean `main`?)",
        ),
        (
            vec![base, (POST, "{% extends 'base.html' %}{% block main %}{{ page.titel }}{% endblock %}")],
            "post.html:1:50 …`titel`",
        ),
        (
            vec![
                ("themes/mr/templates/base.html", "{% block title %}{{ page.titel }}{% endblock %}"),
                (POST, "{% extends 'base.html' %}{% block title %}{{ super() }}{% endblock %}"),
            ],
            "base.html:1:26 …`titel`…found with the view of `post.html`",
        ),
        (
            vec![
                ("themes/mr/templates/part.html", "\n{{ card.headin }}"),
                (POST, "{% for card in page.cards %}{% include 'part.html' %}{% endfor %}"),
            ],
            "part.html:2:9 …`headin`",
        ),
        (
            vec![
                (
                    "themes/mr/components/card.html",
                    "{% component card(card: map) %}\n{{ card.headin }}{% endcomponent card %}",
                ),
                (POST, "{% for c in page.cards %}{{ <card card={c} /> }}{% endfor %}"),
            ],
            "card.html:2:9 …`headin`",
        ),
        (
            vec![card, (POST, "{% for c in page.cards %}{{ <card crad={c} card={c} /> }}{% endfor %}")],
            "post.html:1:35 component-argument: …takes no `crad` (did you mean `card`?)",
        ),
        (vec![card, (POST, "{{ <card /> }}")], "post.html:1:5 component-argument: the component `card` needs `card`"),
        (
            vec![card, (POST, "{{ <card card={page.title} /> }}")],
            "post.html:1:21 component-argument: the argument `card` must be a map, and this is a text",
        ),
        (
            vec![
                ("themes/mr/components/x.html", "{% component x(link: map) %}{{ link.url }}{% endcomponent x %}"),
                (POST, "{{ <x link={page.next} /> }}"),
            ],
            "post.html:1:18 template-optional-value: the argument `link` must be a map, and may be missing here",
        ),
        (
            vec![
                ("themes/mr/components/x.html", "{% component x() %}{{ t.ui.home }}{% endcomponent x %}"),
                (POST, "{{ <x /> }}"),
            ],
            "x.html:1:23 …no variable `t` here…add `@t`",
        ),
        (
            vec![
                ("themes/mr/components/x.html", "{% component x() %}{{ body }}{% endcomponent x %}"),
                (POST, "{{ <x /> }}"),
            ],
            "x.html:1:23 template-optional-value",
        ),
        (
            vec![(
                "themes/mr/components/x.html",
                "{% component x(person: map) {\"person\": \"person\"} %}{{ person.nam }}{% endcomponent x %}",
            )],
            "x.html:1:62 …`person` has no field `nam` (did you mean `name`?)",
        ),
        (
            vec![(
                "themes/mr/components/x.html",
                "{% component x(src: map) {\"src\": \"file\"} %}{{ src.width + 1 }}{% endcomponent x %}",
            )],
            "x.html:1:51 template-optional-value",
        ),
    ] {
        expect(&files, &[expected]);
    }
}

#[test]
fn all_syntax_errors_are_reported_in_one_run() {
    let post = (POST, "\r\n{{ page.title");
    let list = ("themes/mr/templates/list.html", "\u{feff}å {% fi %}");
    expect(&[post, list], &["list.html:1:6 template-syntax", "post.html:2:9 template-syntax…never closed"]);
    expect_in_post(
        "å{% if page.title %}\n{% for x in page.cards %}{% endfor %}",
        &["post.html:1:5 template-syntax: `{% if %}` is never closed"],
    );
    expect_in_post("{% set x %}{% set y = 1 %}", &["post.html:1:4 template-syntax: `{% set %}` is never closed"]);
    expect_in_post("{% <card> %}", &["post.html:1:5 template-syntax: `{% <card> %}` is never closed"]);
    expect_in_post("{{ page.öl }}", &["post.html:1:9 template-syntax"]);
    let broken_and_misspelt = [(POST, "{{ page.titel }}"), ("themes/mr/templates/list.html", "{{")];
    expect(&broken_and_misspelt, &["list.html:1:1 template-syntax", "post.html:1:9 template-unknown-variable"]);
}

#[test]
fn circles_and_depth_are_refused() {
    expect_in_post("{% extends 'post.html' %}", &["post.html:1:12 template-cycle…`mr/post.html` → `mr/post.html`"]);
    expect_in_post("{% include 'mr/post.html' %}", &["post.html:1:12 template-cycle"]);
    let circle = [(POST, "{% include 'a.html' %}"), ("themes/mr/templates/a.html", "{% include 'post.html' %}")];
    expect(&circle, &["template-cycle"]);
    let deep: Vec<(String, String)> = (0..300)
        .map(|n| (format!("themes/mr/templates/d{n}.html"), format!("{{% include 'd{}.html' %}}", n + 1)))
        .chain([("themes/mr/templates/d300.html".to_owned(), String::new())])
        .collect();
    let files: Vec<(&str, &str)> = deep.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(findings(&with(&files)).iter().any(|line| line.contains("more than 50 deep")));
}

#[test]
fn components_that_call_themselves_end() {
    let tree = "{% component tree(items: array) %}{% for item in items %}{{ <tree items={[item, items]} /> }}{{ <tree items={[items]} /> }}{% endfor %}{% endcomponent tree %}";
    let files = [("themes/mr/components/tree.html", tree), (POST, "{{ <tree items={page.cards} /> }}")];
    expect(&files, &[]);
    let mut report = Report::default();
    let theme = load(&with(&files), &mut report).expect("the theme is well formed");
    let page = json!({"cards": [1, 2]});
    let refused = theme.render("post.html", &page, "", &mut Vec::new()).expect_err("it never ends");
    assert!(refused.message.contains("recursion depth"), "{}", refused.message);
}

#[test]
fn nesting_is_bounded() {
    for post in ["{% if page.title %}".repeat(5_000), format!("{{{{ {} }}}}", "(".repeat(5_000)), "{{".repeat(50_000)] {
        let found = findings(&with(&[(POST, &post)]));
        assert!(found.len() == 1 && found[0].contains("template-syntax"), "{found:?}");
    }
    let long = format!("{{{{ page.title{} }}}}", " ~ page.title".repeat(100));
    expect_in_post(&long, &[]);
}

#[test]
fn themes_that_are_not_there() {
    let layers = |files: Files, name: &str| {
        let mut report = Report::default();
        let snapshot = Snapshot::of_texts(files.iter().copied());
        Layers::load(&snapshot, name, None, &mut report);
        report.sorted().into_iter().map(|diagnostic| line(&snapshot, diagnostic)).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(layers(&[SETTINGS], "mr"), "");
    for (files, name, expected) in [
        (vec![SETTINGS], "mrr", "unknown-theme: there is no theme `mrr` (did you mean `mr`?) [write `mr`]"),
        (vec![SETTINGS], "plain", "there is no theme `plain` [the themes here are `mr`]"),
        (vec![], "mr", "[put the theme's files into `themes/mr/`; `anslag init DIR` writes a new site"),
        (vec![SETTINGS], "../mr", "there is no theme `../mr`"),
        (vec![SETTINGS], "site", "cannot be named `site`"),
        (vec![("themes/mr/templates/x.html", "")], "mr", "has no file `theme.yaml`"),
        (
            vec![("themes/mr/theme.yaml", "name: MR\nextends: bas\n"), ("themes/base/theme.yaml", "name: B\n")],
            "mr",
            "theme.yaml:2:10 unknown-theme: there is no theme `bas` (did you mean `base`?)",
        ),
        (vec![("themes/mr/theme.yaml", "name: MR\nextends: mr\n")], "mr", "theme.yaml:2:10 theme-cycle: …`mr` → `mr`"),
        (vec![("themes/mr/theme.yaml", "nam: MR\n")], "mr", "unknown-key"),
        (
            vec![SETTINGS, ("themes/mr/templats/x.html", "")],
            "mr",
            "templats/x.html:1:1 unknown-theme-file: …(did you mean `templates/`?)",
        ),
        (vec![SETTINGS, ("theme/post.html", "")], "mr", "theme/post.html:1:1 unknown-theme-file"),
        (vec![SETTINGS, ("theme/templates/post.htm", "")], "mr", "end in `.html`"),
        (vec![SETTINGS, ("theme/texts/sv.yml", "")], "mr", "named after their language"),
    ] {
        let found = layers(&files, name);
        assert!(expected.split('…').all(|part| found.contains(part)), "{name}: expected {expected}\nfound {found}");
    }
}

#[test]
fn texts_are_merged_and_held_against_each_other() {
    let own = ("theme/texts/sv.yaml", "ui:\n  home: Hem\n");
    let snapshot = with(&[own]);
    let mut report = Report::default();
    let layers = Layers::load(&snapshot, "mr", None, &mut report).expect("a theme");
    let texts = Texts::load(&snapshot, &layers, "sv", None, &mut report).expect("texts");
    assert_eq!(texts.get("ui.home"), "Hem");
    assert_eq!(texts.format("states.cancelled", &[("title", "MR-dagarna")]), "Inställt: MR-dagarna");
    assert_eq!(texts.list("months"), ["januari", "februari"]);
    texts.require(&[("states.cancelled", &["name"]), ("states.moved", &[])], &mut report);
    let found: Vec<_> = report.sorted().into_iter().map(|diagnostic| line(&snapshot, diagnostic)).collect();
    assert!(found[0].contains("sv.yaml:1:1 missing-text: the text `states.moved` is missing [add"), "{found:?}");
    assert!(found[1].contains("sv.yaml:4:14 unknown-placeholder: nothing fills `{title}`"), "{found:?}");

    let english = (
        "themes/mr/texts/en.yaml",
        "ui: {home: Home, search: Search}\nstates: {cancelled: \"Cancelled: {title}\"}\nmonths: [January]\n",
    );
    expect(&[("theme/texts/sv.yaml", "own: Eget\n"), ("themes/mr/texts/en.yaml", TEXTS.1)], &[]);
    expect(&[english], &["en.yaml:1:26 untranslated-text: the text `ui.search` is missing in `sv`"]);
    for (text, expected) in [
        ("ui: Hem\n", "theme/texts/sv.yaml:1:5 wrong-text"),
        ("ui: {home: 5}\n", "theme/texts/sv.yaml:1:12 wrong-text: `ui.home` should be a text"),
        ("months: [a]\n", "theme/texts/sv.yaml:1:9 wrong-text"),
        ("- a\n", "theme/texts/sv.yaml:1:1 wrong-text"),
        ("öl: a\n", "theme/texts/sv.yaml:1:1 wrong-text"),
    ] {
        expect(&[("theme/texts/sv.yaml", text)], &[expected]);
    }
    expect(&[("themes/mr/theme.yaml", "name: MR\nlanguages: [sv, de]\n")], &["theme.yaml:2:17 missing-text: …`de`"]);
}

#[test]
fn a_site_overrides_what_it_wants() {
    let files = [
        (POST, "<p>{% block main %}theme {{ page.title }}{% endblock %} {{ <mark word=\"x\" /> }}</p>"),
        ("themes/mr/components/mark.html", "{% component mark(word: string) %}[{{ word }}]{% endcomponent mark %}"),
        ("theme/templates/post.html", "{% extends 'mr/post.html' %}{% block main %}own, {{ super() }}{% endblock %}"),
        ("theme/components/mark.html", "{% component mark(word: string) %}({{ word }}){% endcomponent mark %}"),
    ];
    expect(&files, &[]);
    let theme = load(&with(&files), &mut Report::default()).expect("a theme");
    let mut out = Vec::new();
    theme.render("post.html", &json!({"title": "<å>"}), "", &mut out).expect("it renders");
    assert_eq!(String::from_utf8_lossy(&out), "<p>own, theme &lt;å&gt; (x)</p>");

    expect(
        &[("theme/templates/pst.html", "")],
        &["theme/templates/pst.html:1:1 unused-template…did you mean `post.html`?"],
    );
    expect(&[("theme/templates/part.html", ""), ("theme/templates/post.html", "{% include 'part.html' %}")], &[]);
}

#[test]
fn a_theme_extends_another() {
    let files = [
        ("themes/mr/theme.yaml", "name: MR\nextends: base\n"),
        ("themes/base/theme.yaml", "name: Base\n"),
        ("themes/base/templates/post.html", "{% block a %}base{% endblock %}"),
        (POST, "{% extends 'base/post.html' %}{% block a %}{{ super() }} and mr{% endblock %}"),
        ("theme/templates/post.html", "{% extends 'mr/post.html' %}{% block a %}{{ super() }} and site{% endblock %}"),
    ];
    expect(&files, &[]);
    let theme = load(&with(&files), &mut Report::default()).expect("a theme");
    let mut out = Vec::new();
    theme.render("post.html", &json!({}), "", &mut out).expect("it renders");
    assert_eq!(out, b"base and mr and site");
}

#[test]
fn assets_get_hashed_names() {
    let files = [
        ("themes/mr/assets/style.css", "@import \"parts/print.css\";a{background: url('img/ö b.svg#x') }"),
        ("themes/mr/assets/parts/print.css", "b { background: url(../img/%C3%B6%20b.svg) }"),
        ("themes/mr/assets/img/ö b.svg", "<svg/>"),
    ];
    let snapshot = with(&files);
    let theme = load(&snapshot, &mut Report::default()).expect("a theme");
    let addresses = &theme.assets.addresses;
    assert!(addresses["style.css"].starts_with("/bas/assets/style.") && addresses["style.css"].ends_with(".css"));
    let svg = addresses["img/ö b.svg"].strip_prefix("/bas/assets/").expect("an address");
    assert!(svg.starts_with("img/%C3%B6%20b."), "{svg}");
    let style = theme.assets.outputs.iter().find(|output| output.route.starts_with("/assets/style.")).expect("a style");
    let super::assets::AssetContent::Text(text) = &style.content else { panic!("a stylesheet is rewritten") };
    let print = addresses["parts/print.css"].strip_prefix("/bas/assets/").expect("an address");
    assert_eq!(*text, format!("@import \"{print}\";a{{background:url('{svg}#x')}}"));

    for (css, expected) in [
        ("a { b: url(x.png) }", "style.css:1:12 unknown-asset: there is no asset `x.png`"),
        ("a { b: url(../../x.png) }", "style.css:1:12 unknown-asset"),
        ("a { b: url(styl.css) }", "style.css:1:12 unknown-asset: …(did you mean `style.css`?)"),
        (
            "@import 'https://example.org/x.css';",
            "style.css:1:10 external-asset: `https://example.org/x.css` is loaded",
        ),
        ("a { b: url(//example.org/x.png) }", "style.css:1:12 external-asset"),
        ("@import 'style.css';", "style.css:1:10 asset-cycle"),
    ] {
        expect(&[("themes/mr/assets/style.css", css)], &[expected]);
    }
    expect(&[("themes/mr/assets/style.css", "a { b: url(data:image/png;base64,x) url(#x) }")], &[]);
}

#[test]
fn markdown_calls_components() {
    let box_ = "{% component fact_box(title: string, level: string = \"info\", open: bool = false, n: integer = 1, @t) %}<b>{{ title }}{{ t.ui.home }}</b>{{ body }}{% endcomponent fact_box %}";
    let figure = "{% component figure(src: map) {\"src\": \"file\"} %}{{ src.url }}{% endcomponent figure %}";
    let cards = "{% component cards(cards: array) %}{% endcomponent cards %}";
    let files = [
        ("themes/mr/components/fact_box.html", box_),
        ("themes/mr/components/figure.html", figure),
        ("themes/mr/components/cards.html", cards),
    ];
    let theme = load(&with(&files), &mut Report::default()).expect("a theme");
    assert_eq!(theme.markdown_components(), ["fact-box", "figure"]);
    assert_eq!(theme.argument_kind("figure", "src"), ArgumentKind::File);
    assert_eq!(theme.argument_kind("fact-box", "title"), ArgumentKind::Plain);
    let text = |text: &str| ArgumentValue::Text(text.to_owned());
    for (name, arguments, expected) in [
        ("fact-box", vec![("title", text("x"))], ""),
        (
            "fact-box",
            vec![("title", text("x")), ("n", ArgumentValue::Integer(2)), ("open", ArgumentValue::Bool(true))],
            "",
        ),
        ("figure", vec![("src", text("x.png"))], ""),
        (
            "fact-bx",
            vec![],
            "1 unknown-component: the theme has no component `fact-bx` for Markdown (did you mean `fact-box`?)",
        ),
        ("cards", vec![], "1 unknown-component: …the components are `fact-box`, `figure`"),
        ("fact-box", vec![], "1 component-argument: the component `fact-box` needs `title` [add `title=\"…\"`]"),
        (
            "fact-box",
            vec![("titel", text("x")), ("title", text("x"))],
            "2 component-argument: the component `fact-box` takes no `titel` (did you mean `title`?)",
        ),
        (
            "fact-box",
            vec![("title", ArgumentValue::Integer(1))],
            "3 component-argument: `title` of `fact-box` should be a text in quotes",
        ),
        (
            "fact-box",
            vec![("title", text("x")), ("n", text("2"))],
            "3 component-argument: `n` of `fact-box` should be a whole number [write `n=2`]",
        ),
        (
            "fact-box",
            vec![("title", text("x")), ("t", text("2"))],
            "2 component-argument: the component `fact-box` takes no `t`",
        ),
        (
            "figure",
            vec![("src", ArgumentValue::Bool(true))],
            "3 component-argument: `src` of `figure` should be the path of a file",
        ),
    ] {
        let place = |start| Place { path: "content/x.md".into(), span: start..start };
        let argument = |(name, value): (&str, ArgumentValue)| Argument {
            name: name.to_owned(),
            name_place: place(2),
            value,
            place: place(3),
        };
        let arguments = arguments.into_iter().map(argument).collect();
        let call = Component { name: name.to_owned(), place: place(1), arguments, parts: Vec::new() };
        let mut report = Report::default();
        theme.check_component(&call, &mut report);
        let found: Vec<_> = report
            .sorted()
            .into_iter()
            .map(|found| {
                let at = found.place.as_ref().map_or(0, |place| place.span.start);
                let found = Diagnostic { place: None, ..found.clone() };
                format!("{at}{}", line(&Snapshot::default(), &found))
            })
            .collect();
        let found = found.join("\n");
        assert!(
            expected.split('…').all(|part| found.contains(part)) && expected.is_empty() == found.is_empty(),
            "{name}: expected {expected}\nfound {found}"
        );
    }
    let arguments = BTreeMap::from([("title".to_owned(), json!("<x>"))]);
    let html = theme.render_component("fact-box", &arguments, "<p>body</p>").expect("it renders");
    assert_eq!(html, "<b>&lt;x&gt;Start</b><p>body</p>");
}

#[test]
fn a_page_that_fails_says_where() {
    let files = [(POST, "{% include 'part.html' %}"), ("themes/mr/templates/part.html", "å\n{{ page.extra.a.b }}")];
    let snapshot = with(&files);
    let theme = load(&snapshot, &mut Report::default()).expect("a theme");
    let found = theme.render("post.html", &json!({"extra": {}}), "", &mut Vec::new()).expect_err("there is no a");
    assert!(
        line(&snapshot, &found).contains("part.html:2:15 template-render: field `a` is not defined"),
        "{}",
        line(&snapshot, &found)
    );
    assert_eq!(position(&snapshot, &found.related[0].0), "themes/mr/templates/post.html:1:12");
    let found = theme.render("pst.html", &json!({}), "", &mut Vec::new()).expect_err("there is no such template");
    assert_eq!(found.code.name, "unknown-template");
}

#[test]
fn views_without_a_template_are_named() {
    let snapshot = Snapshot::of_texts([SETTINGS, TEXTS, (POST, "")]);
    let found = findings(&snapshot);
    assert!(
        found.len() == 1 && found[0].contains("unknown-template: the theme has no template `list.html`"),
        "{found:?}"
    );
}

#[test]
fn maps_keep_their_order() {
    let post = "{% for kind, cards in page.cards | group_by(attribute='kind') %}{{ kind }}{% endfor %}{% for key, value in page.extra %}{{ key }}{% endfor %}";
    let theme = load(&with(&[(POST, post)]), &mut Report::default()).expect("a theme");
    let cards: Vec<_> = ["k", "b", "k", "z", "a", "y", "c"].iter().map(|kind| json!({"kind": kind})).collect();
    let page = json!({"cards": cards, "extra": {"d": 1, "e": 2, "f": 3, "g": 4, "h": 5, "i": 6}});
    for _ in 0..20 {
        let mut out = Vec::new();
        theme.render("post.html", &page, "", &mut out).expect("it renders");
        assert_eq!(String::from_utf8_lossy(&out), "kbzaycdefghi");
    }
}

#[test]
fn the_known_filters_are_those_of_tera() {
    for filter in super::link::FILTERS {
        let mut tera = tera::Tera::default();
        tera.add_raw_template("x", &format!("{{{{ x | {filter} }}}}"))
            .unwrap_or_else(|error| panic!("{filter}: {error}"));
    }
}

/// Pieces that templates are made of, right and wrong.
const PIECES: [&str; 56] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{-",
    "-%}",
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "in",
    "endfor",
    "set",
    "endset",
    "block",
    "endblock",
    "filter",
    "endfilter",
    "component",
    "endcomponent",
    "raw",
    "endraw",
    "x",
    "page",
    "title",
    ".",
    "?.",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "<",
    "/>",
    ">",
    "</",
    "|",
    "=",
    "==",
    "not",
    "and",
    "is",
    ":",
    ",",
    "...",
    "'a'",
    "\"å\"",
    "1.5",
    "@",
    "~",
    "\\",
    "é",
];

proptest! {
    #[test]
    fn no_template_makes_the_check_fail(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        let post = pieces.join(" ");
        findings(&with(&[(POST, &post)]));
    }

    #[test]
    fn what_tera_reads_is_read(body in expression()) {
        let post = format!("{{{{ {body} }}}}{{% if {body} %}}{{% endif %}}{{% set x = {body} %}}");
        let accepted = tera::Tera::default().add_raw_template("x", &post).is_ok();
        prop_assert!(!accepted || super::syntax::parse(&post).is_some(), "{}", post);
    }

    #[test]
    fn no_stylesheet_makes_the_scanner_fail(css in "(url\\(|@import|image-set\\(|['\"()\\\\/* a-zåé;]){0,40}") {
        findings(&with(&[("themes/mr/assets/style.css", &css)]));
    }
}

/// Expressions as authors write them.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "page.title",
        "page.cards[0]",
        "1",
        "2.5",
        "'a'",
        "true",
        "none",
        "t.ui.home",
        "[1, 2]",
        "{'a': 1}",
        "a?.b",
        "-x",
        "x[1:2]",
        "x[::-1]",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let operators =
            vec!["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", ">=", "and", "or", "in", "not in", "~"];
        prop_oneof![
            (inner.clone(), prop::sample::select(operators), inner.clone())
                .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("{a} if {b} else {c}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("not {a}")),
            inner.clone().prop_map(|a| format!("{a} | upper")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} | default(value={b})")),
            inner.clone().prop_map(|a| format!("{a} is defined")),
            inner.clone().prop_map(|a| format!("{a} is not none")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a} for x in {b} if x]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, ...{b}]")),
            inner.prop_map(|a| format!("range(end={a})")),
        ]
    })
}
