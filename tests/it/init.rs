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
    folder.run(["init", "ny"]).exits(2).says("content is there already");
    assert_eq!(files_in(&folder.path("ny")).len(), 1);
}
