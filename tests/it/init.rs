//! `anslag init`: the first minute of somebody who wants a site.

use crate::site::{Site, files_in, repository};

#[test]
fn a_new_site_builds_and_nothing_at_all_is_said_of_it() {
    for (language, word) in [("sv", "Konferenser"), ("en", "Conferences")] {
        let folder = Site::empty().with("--root=mr");
        folder.run(["init", "--language", language]).exits(0).prints("anslag serve --open");
        folder.run(["check", "--format", "json"]).well().finds_codes(&[]);
        folder.build().well();
        let site = files_in(&folder.path("mr/public"));
        let home = String::from_utf8_lossy(&site["index.html"]).into_owned();
        assert!(home.contains(&format!("<html lang=\"{language}\"")) && home.contains(word), "{home}");
        assert!(site.keys().any(|path| path.ends_with("-traff/index.html") || path.ends_with("-meeting/index.html")));
    }
}

#[test]
fn the_theme_is_the_one_of_this_repository() {
    let folder = Site::empty();
    folder.run(["init", "ny"]).exits(0).prints("cd ny\n");
    assert_eq!(files_in(&folder.path("ny/themes/mr")), files_in(&repository().join("themes/mr")));
}

#[test]
fn a_title_may_hold_any_sign() {
    let title = "Rätt: \"vardag\" & #1 \\ {year}";
    let folder = Site::empty();
    folder.run(["init", "ny", "--title", title]).exits(0);
    let folder = folder.with("--root=ny");
    folder.build().well();
    let home = String::from_utf8_lossy(&files_in(&folder.path("ny/public"))["index.html"]).into_owned();
    assert!(home.contains("Rätt: &quot;vardag&quot; &amp; #1 \\ {year}"), "{home}");
    Site::empty().run(["init", "ny", "--title", "a\nb"]).exits(2).says("on one line");
}

#[test]
fn the_lines_that_follow_can_be_copied_whatever_the_folder_is_called() {
    Site::empty().run(["init", "Mina sidor"]).exits(0).prints("cd 'Mina sidor'\n");
    Site::empty().run(["init", "min-sida"]).exits(0).prints("cd min-sida\n");
}

#[test]
fn a_repository_that_is_there_keeps_what_it_has() {
    let folder = Site::empty().file("ny/README.md", "Läs mig").file("ny/.gitignore", "*.swp");
    folder.run(["init", "ny"]).exits(0);
    let read = |path: &str| std::fs::read_to_string(folder.path(path)).expect("it is there");
    assert_eq!(
        (read("ny/README.md").as_str(), read("ny/.gitignore").as_str()),
        ("Läs mig", "*.swp\n/public/\n/.anslag/\n.*.anslag\n")
    );
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = Site::empty().file("ny/content/blog/x.md", "Min text");
    folder.run(["init", "ny"]).exits(2).says("ny is not empty: content\n").says("`anslag init DIR`");
    assert_eq!(files_in(&folder.path("ny")).len(), 1);
    folder.write("ny/anteckningar.txt", "Mina");
    folder.run(["init", "ny"]).exits(2).says("ny is not empty: content and anteckningar.txt\n");
    for other in ["ny/.gömd", "ny/README.md", "ny/bilder.zip"] {
        folder.write(other, "Mitt");
    }
    folder.run(["init", "ny"]).exits(2).says("ny is not empty: content, anteckningar.txt, bilder.zip, and 1 more\n");
    folder.write("ny/site.yaml", "title: Min");
    folder
        .run(["init", "ny"])
        .exits(2)
        .says("site.yaml, content, anteckningar.txt, and 2 more")
        .says("it is a site already");
}

#[test]
fn where_no_site_is_every_command_says_how_to_get_one() {
    let folder = Site::empty();
    for command in [
        &["build"][..],
        &["check"],
        &["check", "--external"],
        &["new", "post", "Hej"],
        &["list"],
        &["why", "/"],
        &["due"],
        &["diff", "--save", "vad.json"],
        &["rename", "a", "b"],
        &["event", "cancel", "a", "--reason", "Så"],
        &["address", "list"],
        &["verify"],
        &["schema"],
    ] {
        let run = folder.run(command);
        run.says("there is no `site.yaml`").says("--root").says("`anslag init DIR`");
        assert!(matches!(run.code, Some(1 | 2)), "{command:?} ends with {:?}", run.code);
    }
    let written = files_in(&folder.path(""));
    assert!(written.keys().all(|path| path.starts_with(".anslag/")), "nothing was written: {:?}", written.keys());
    folder.run(["init"]).exits(0);
    folder.build().well();
}

#[test]
fn a_site_without_a_theme_takes_that_of_a_new_one() {
    let site = Site::new();
    site.remove("themes");
    let words =
        "`anslag init DIR` writes a new site with the theme `mr` of this program: copy its folder `themes/` to here";
    site.check().exits(1).finds("unknown-theme", "site.yaml", words);
    site.run(["init", "ny"]).exits(0);
    std::fs::rename(site.path("ny/themes"), site.path("themes")).expect("it can be moved");
    site.remove("ny");
    site.check().well();
    site.edit("site.yaml", |text| text + "theme: kommunen\n");
    site.check().exits(1).finds("unknown-theme", "site.yaml", "the themes here are `mr`");
}
