//! Addresses outside the site: asked by `anslag check --external`, remembered in git, known to every build.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use crate::server::{Asked, Server, status, to, with};
use crate::site::{Run, Site};

const POST: &str = "content/blog/x.md";
const HEAD: &str = "---\ntitle: Inlägg\ndate: 2026-10-01\nsummary: Kort.\n---\n";
const ORGANISATIONS: &str = "skr:\n  names:\n    - {name: Sveriges Kommuner och Regioner, short: SKR}\n";

/// A site that links to nothing outside but what is in this text, and waits for nobody.
fn site(body: &str) -> Site {
    Site::plain()
        .file("content/organisations.yaml", ORGANISATIONS)
        .file(POST, format!("{HEAD}{body}\n"))
        .settings("external_links: {pause: 0}\n")
}

/// Asks, with all the world at this server.
fn ask(site: &Site, server: &Server) -> Run {
    site.run(["check", "--external", "--format", "json", &server.resolve()])
}

/// What the ledger says, without its head.
fn ledger(site: &Site) -> String {
    let text = std::fs::read_to_string(site.path("links.lock")).expect("there is a ledger");
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_link_is_dead_when_it_has_been_dead_twice() {
    let server = Server::answering(|asked| status(if asked.address.ends_with("/borta") { 404 } else { 200 }));
    let site = site("En [rapport](http://skr.example/borta) och en [annan](http://skr.example/rapport).");
    let site = site.at("2026-11-14T08:00:00+01:00");
    let run = ask(&site, &server);
    run.exits(0).finds("unsure-link", POST, "may not work: it answered 404 on 2026-11-14");
    assert_eq!(
        server.asked(),
        ["HEAD http://skr.example/borta", "GET http://skr.example/borta", "HEAD http://skr.example/rapport"]
    );
    // The same evening it is no deader.
    let site = site.at("2026-11-14T20:00:00+01:00");
    ask(&site, &server).exits(0).finds_codes(&["unsure-link"]);
    assert_eq!(server.asked().len(), 2, "what was well is not asked again");
    let site = site.at("2026-11-21T08:00:00+01:00");
    let run = ask(&site, &server);
    run.exits(1).finds("dead-link", POST, "is dead: it answered 404 on 2026-11-21, as since 2026-11-14");
    let finding = &run.findings()[0];
    assert_eq!((finding.line, finding.column, finding.width()), (Some(6), Some(14), Some(24)));
    assert_eq!(
        ledger(&site),
        "http://skr.example/borta dead 404 asked 2026-11-21 since 2026-11-14\nhttp://skr.example/rapport well 200 asked 2026-11-14\n"
    );
    // From now on builds know, and ask nobody.
    server.asked();
    let run = site.build();
    run.exits(1).finds("dead-link", POST, "link to where it is now");
    assert!(run.public.is_empty() && server.asked().is_empty(), "nothing is published, and nobody asked");
    site.edit(POST, |text| text.replace("http://skr.example/borta", "http://skr.example/rapport"));
    site.build().well();
    ask(&site, &server).well();
    assert_eq!(
        ledger(&site),
        "http://skr.example/rapport well 200 asked 2026-11-14\n",
        "what nobody links to is forgotten"
    );
}

#[test]
fn what_is_gone_for_good_is_dead_at_once() {
    let server = Server::answering(|_| status(410));
    let site = site("En [rapport](http://skr.example/borta).");
    ask(&site, &server).exits(1).finds("dead-link", POST, "answered 410");
}

#[test]
fn a_dead_link_is_blamed_on_the_file_in_which_it_stands() {
    let dead = |address: &str| {
        format!("# anslag links 1\n{address} dead 404 asked 2026-11-20 since 2026-11-13 well 2026-10-30\n")
    };
    let site = site(
        "Läs [mer om allt](http://a.example/?a=1&b=å#del).\n\nEllerwww.b.example, www.b.example/c\noch [IDN](https://mänsklig.example/rätt).\n\n[en]: http://d.example/x/y\n[ref][d], [ref][en]\n\n[d]: http://d.example/x",
    );
    let cases = [
        ("http://a.example/?a=1&b=%C3%A5", POST, 6, 19),
        ("http://www.b.example/c", POST, 8, 21),
        ("https://xn--mnsklig-5wa.example/r%C3%A4tt", POST, 9, 11),
    ];
    for (address, file, line, column) in cases {
        site.write("links.lock", dead(address));
        let run = site.check();
        let found: Vec<_> = run.findings().into_iter().filter(|found| found.code == "dead-link").collect();
        let [finding] = &found[..] else { panic!("{address}: {:#?}", run.findings()) };
        assert_eq!((finding.file(), finding.line, finding.column), (file, Some(line), Some(column)), "{address}");
        assert!(finding.words().contains("it was well on 2026-10-30"), "{}", finding.words());
    }
    // Front matter and the settings lead out too, and are shown on many pages.
    let tool = "---\ntitle: Bok\ndate: 2026-10-01\nsummary: Kort.\ntype: guide\nresources:\n  - {title: Boken om rättigheter, url: http://bok.example/}\n---\nText.\n";
    let menu = "menus:\n  main:\n    - {title: Utanför, to: http://meny.example/x}\n";
    let site = Site::new().settings(menu).file("content/toolkit/bok.md", tool);
    for (address, file, line, column) in
        [("http://bok.example/", "content/toolkit/bok.md", 7, 40), ("http://meny.example/x", "site.yaml", 8, 28)]
    {
        site.write("links.lock", dead(address));
        let run = site.build();
        run.exits(1).finds_codes(&["dead-link"]);
        let finding = &run.findings()[0];
        assert_eq!((finding.file(), finding.line, finding.column), (file, Some(line), Some(column)), "{address}");
    }
}

#[test]
fn what_has_moved_for_good_is_said_with_the_new_address() {
    let server = Server::answering(|asked| match asked.address.as_str() {
        "http://skr.example/gammal" => to(301, "/flyttad"),
        "http://skr.example/flyttad" => to(308, "http://ny.example/sida"),
        "http://ny.example/sida" => to(302, "/inloggad"),
        "http://skr.example/tillfällig" | "http://skr.example/tillf%C3%A4llig" => to(307, "/sida"),
        "http://hem.example/" => to(301, "/sv/"),
        "http://stad.example/rapport" => to(301, "https://stad.example/"),
        "http://rund.example/" => to(302, "/"),
        _ => status(200),
    });
    let site = site(
        "[Ett](http://skr.example/gammal#del), [två](http://skr.example/tillfällig), [tre](http://hem.example/), [fyra](http://rund.example/).",
    );
    let run = ask(&site, &server);
    run.exits(0).finds_codes(&["moved-link", "unsure-link"]);
    run.finds("moved-link", POST, "link to `http://ny.example/sida#del`");
    run.finds("unsure-link", POST, "is redirected again and again");
    site.build().exits(0).finds("moved-link", POST, "has moved for good (2026-11-21)");
    let ledger = ledger(&site);
    assert!(
        ledger.contains("http://skr.example/gammal moved 200 asked 2026-11-21 to http://ny.example/sida\n"),
        "{ledger}"
    );
}

#[test]
fn servers_that_know_no_head_are_asked_for_the_page() {
    let server = Server::answering(|asked| status(if asked.method == "HEAD" { 405 } else { 200 }));
    let site = site("En [rapport](http://mänsklig.example/rätt#del).");
    ask(&site, &server).well();
    assert_eq!(ledger(&site), "http://xn--mnsklig-5wa.example/r%C3%A4tt well 200 asked 2026-11-21\n");
    let requests = server.requests();
    assert!(requests.iter().all(|asked| asked.address == "http://xn--mnsklig-5wa.example/r%C3%A4tt"), "{requests:?}");
    assert_eq!(requests.iter().map(|asked| asked.method.as_str()).collect::<Vec<_>>(), ["HEAD", "GET"]);
    for Asked { headers, .. } in requests {
        assert!(headers.contains("\nuser-agent: anslag/") || headers.starts_with("user-agent: anslag/"), "{headers}");
        assert!(headers.contains("https://test.example.org/"), "the site says who it is: {headers}");
        assert!(!headers.contains("cookie") && !headers.contains("authorization"), "{headers}");
    }
}

#[test]
fn a_busy_host_is_asked_again_when_it_says_so() {
    let server = Server::answering(|asked| match (asked.address.as_str(), asked.before) {
        ("http://upptagen.example/a", 0) => with(429, "Retry-After: 0\r\n"),
        ("http://upptagen.example/a", 1) => {
            with(503, "Date: Sat, 21 Nov 2026 11:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 11:00:00 GMT\r\n")
        }
        ("http://full.example/a", _) => with(429, "Retry-After: 3600\r\n"),
        _ => status(200),
    });
    let site = site("[Ett](http://upptagen.example/a), [två](http://full.example/a), [tre](http://full.example/b).");
    let run = ask(&site, &server);
    run.exits(0).finds_codes(&["unsure-link"]);
    run.finds("unsure-link", POST, "`http://full.example/a` may not work: it answered 429");
    assert_eq!(
        ledger(&site),
        "http://full.example/a unsure 429 asked 2026-11-21 since 2026-11-21\nhttp://upptagen.example/a well 200 asked 2026-11-21\n",
        "nothing is known of what a host wanted to be left alone with"
    );
    // The one that had to wait is the first the next time.
    server.asked();
    let words = site.run(["check", "--external", &server.resolve()]);
    words.says("3 addresses outside: 2 well, 0 moved, 0 dead, 1 unsure; 1 not asked again");
    assert!(!words.stderr.contains('\r'), "progress is for terminals");
    assert_eq!(server.asked(), ["HEAD http://full.example/b", "HEAD http://full.example/a"]);
}

#[test]
fn a_host_is_never_asked_twice_at_once_and_hosts_wait_for_nobody() {
    #[derive(Default)]
    struct Doors {
        open: BTreeMap<String, usize>,
        most: usize,
        hosts: usize,
    }
    let doors: &'static (Mutex<Doors>, Condvar) = Box::leak(Box::default());
    let server = Server::answering(|asked| {
        let host = asked.address.split('/').nth(2).unwrap_or_default().to_owned();
        let (door, opened) = doors;
        let mut state = door.lock().unwrap();
        let inside = state.open.entry(host.clone()).or_default();
        *inside += 1;
        let crowd = *inside;
        state.most = state.most.max(crowd);
        state.hosts = state.hosts.max(state.open.values().filter(|inside| **inside > 0).count());
        opened.notify_all();
        // Nobody leaves before the other hosts have somebody inside, or a second one comes in.
        let enough = |state: &mut Doors| state.hosts < 3 && state.most < 2;
        let (mut state, _) = opened.wait_timeout_while(state, Duration::from_secs(10), enough).unwrap();
        *state.open.get_mut(&host).unwrap() -= 1;
        if asked.address.ends_with("a.example/0") { to(302, "http://b.example/4") } else { status(200) }
    });
    let links: String = (0..4)
        .flat_map(|page| {
            ["a", "b", "c"].map(|host| format!("[Sida {page} hos {host}](http://{host}.example/{page})\n"))
        })
        .collect();
    ask(&site(&links), &server).well();
    let state = doors.0.lock().unwrap();
    assert_eq!((state.most, state.hosts), (1, 3));
    assert_eq!(server.asked().len(), 13);
}

#[test]
fn within_the_days_nobody_is_asked_and_no_byte_changes() {
    let server = Server::answering(|asked| status(if asked.address.ends_with("/borta") { 403 } else { 200 }));
    let site = site("[Ett](http://skr.example/), [två](http://skr.example/borta), [samma](http://skr.example/#del).");
    ask(&site, &server).exits(0).finds_codes(&["unsure-link"]);
    let before = std::fs::read(site.path("links.lock")).unwrap();
    server.asked();
    ask(&site, &server).exits(0);
    assert_eq!(server.asked(), ["HEAD http://skr.example/borta", "GET http://skr.example/borta"]);
    assert_eq!(std::fs::read(site.path("links.lock")).unwrap(), before);
    let run = site.run(["check", "--external=new", &server.resolve()]);
    run.exits(0).says("2 addresses outside: 1 well, 0 moved, 0 dead, 1 unsure; 2 not asked again");
    assert!(server.asked().is_empty());
    site.run(["check", "--external=all", &server.resolve()]).exits(0);
    assert_eq!(server.asked().len(), 3);
    assert_eq!(std::fs::read(site.path("links.lock")).unwrap(), before);
    let site = site.at("2026-12-05T12:00:00+01:00");
    ask(&site, &server).exits(0);
    assert!(server.asked().contains(&"HEAD http://skr.example/".to_owned()), "after 14 days it is asked again");
}

#[test]
fn faults_of_encryption_and_silence_leave_it_open() {
    let server = Server::answering(|asked| if asked.address.contains("stum") { String::new() } else { status(200) });
    let site = site("[Ett](https://osaker.example/), [två](http://stum.example/), [tre](http://skr.example/).");
    let run = ask(&site, &server);
    run.exits(0).finds_codes(&["unsure-link", "unsure-link"]);
    run.finds(
        "unsure-link",
        POST,
        "`https://osaker.example/` may not work: it has no certificate or encryption that browsers accept",
    );
    run.finds("unsure-link", POST, "`http://stum.example/` may not work: it did not answer as web servers do");
    // What is only worth knowing is told by `check`.
    site.run(["build"]).exits(0).says("2 remarks");
}

#[test]
fn private_networks_are_not_asked() {
    let server = Server::answering(|_| status(200));
    let at = server.resolve().replace("--resolve=*=", "");
    let site = site(&format!(
        "[Ett](http://{at}/), [två](http://10.0.0.7/), [tre](http://[::1]/), [fyra](http://skr.example/)."
    ));
    let run = site.run(["check", "--external", "--format", "json", "--resolve", &format!("skr.example={at}")]);
    run.exits(0).finds_codes(&["unsure-link", "unsure-link", "unsure-link"]);
    run.finds("unsure-link", POST, "leads into a private network, where it was not asked");
    assert_eq!(server.asked(), ["HEAD http://skr.example/"]);
    // Nor does a redirection lead there.
    let inward =
        Server::answering(move |asked| if asked.before == 0 { to(302, &format!("http://{at}/")) } else { status(200) });
    let site = site.file(POST, format!("{HEAD}[Ett](http://skr.example/).\n"));
    site.remove("links.lock");
    let resolve = inward.resolve().replace('*', "skr.example");
    site.run(["check", "--external", "--format", "json", &resolve]).exits(0).finds_codes(&["unsure-link"]);
    assert!(server.asked().is_empty());
}

#[test]
fn without_a_network_nothing_is_known_and_nothing_changes() {
    let server = Server::answering(|_| status(200));
    let site = site("[Ett](http://skr.example/).");
    ask(&site, &server).well();
    let before = std::fs::read(site.path("links.lock")).unwrap();
    // One new link to a host that is not there. Another that was well before shows that it is not the network.
    site.edit(POST, |text| text + "\n[Två](http://borta.invalid/).\n");
    ask(&site, &server).exits(0).finds("unsure-link", POST, "has no host of that name");
    assert_eq!(server.asked(), ["HEAD http://skr.example/", "HEAD http://skr.example/"]);
    let after = std::fs::read(site.path("links.lock")).unwrap();
    assert_ne!(before, after);
    // Nobody listens any longer.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = site.run(["check", "--external", "--resolve", &format!("*={closed}")]);
    run.exits(3).says("the network is missing, or lets little through: 1 of 1 hosts could not be reached");
    assert_eq!(std::fs::read(site.path("links.lock")).unwrap(), after, "the ledger is as it was");
}

#[test]
fn when_most_hosts_are_missing_at_once_it_is_not_they() {
    let server = Server::answering(|_| status(200));
    let site = site("[Ett](http://a.example/), [två](http://b.example/), [tre](http://c.example/).");
    ask(&site, &server).well();
    let before = std::fs::read(site.path("links.lock")).unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let without = |hosts: &[&str]| {
        let missing = hosts.iter().map(|host| format!("--resolve={host}.example={closed}"));
        let options = ["check", "--external=all", "--format", "json"].map(str::to_owned);
        site.run(options.into_iter().chain(missing).chain([server.resolve()]))
    };
    without(&["b", "c"]).exits(3).says("2 of 3 hosts could not be reached");
    assert_eq!(std::fs::read(site.path("links.lock")).unwrap(), before, "the ledger is as it was");
    without(&["c"]).exits(0).finds("unsure-link", POST, "`http://c.example/` may not work: it could not be reached");
}

#[test]
fn a_damaged_ledger_is_said_and_left_alone() {
    let server = Server::answering(|_| status(200));
    let site = site("[Ett](http://skr.example/).");
    let damaged =
        "# anslag links 1\n<<<<<<< HEAD\nhttp://skr.example/ well 200 asked 2026-11-20\n=======\n>>>>>>> gren\n";
    site.write("links.lock", damaged);
    for run in [site.build(), ask(&site, &server)] {
        run.exits(1).finds_codes(&["damaged-ledger"; 3]);
        let lines: Vec<_> = run.findings().iter().filter_map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 4, 5]);
        run.finds("damaged-ledger", "links.lock", "after a merge the lines of both sides");
    }
    assert!(server.asked().is_empty());
    assert_eq!(std::fs::read_to_string(site.path("links.lock")).unwrap(), damaged);
    site.remove("links.lock");
    ask(&site, &server).well();
}

#[test]
fn the_ledger_is_not_written_through_a_link() {
    let server = Server::answering(|_| status(200));
    let site = site("[Ett](http://skr.example/).");
    let elsewhere = crate::site::Folder::new();
    let file = elsewhere.0.join("annans");
    std::fs::write(&file, "annans").unwrap();
    std::os::unix::fs::symlink(&file, site.path(".links.lock.anslag")).unwrap();
    ask(&site, &server).exits(3).says(".links.lock.anslag is a symbolic link");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "annans");
}

#[test]
fn a_dead_link_may_be_waived_or_weigh_less() {
    let dead = "# anslag links 1\nhttp://skr.example/borta dead 404 asked 2026-11-20 since 2026-11-13\n";
    let site = site("[Ett](http://skr.example/borta).").file("links.lock", dead);
    site.build().exits(1);
    let waiver = "waivers: [{code: dead-link, reason: SKR letar., owner: anna-berg, until: 2026-12-31}]\n---\n";
    site.write(
        POST,
        format!(
            "{}[Ett](http://skr.example/borta).\n",
            HEAD.replace("---\n[", "[").replacen("Kort.\n---\n", &format!("Kort.\n{waiver}"), 1)
        ),
    );
    let run = site.build();
    run.exits(0).finds_codes(&["dead-link"]);
    assert_eq!(run.findings()[0].severity, "info");
    site.write(POST, format!("{HEAD}[Ett](http://skr.example/borta).\n"));
    let site = site.settings("gates:\n  dead-link: {level: warning, reason: Vi går igenom dem i vår.}\n");
    let run = site.build();
    run.exits(0);
    assert_eq!(run.findings()[0].severity, "warning");
}

#[test]
fn an_address_that_no_browser_opens_needs_no_asking() {
    let site = site("[Ett](https://skr.se:port/).");
    site.build().exits(1).finds("dead-link", POST, "no browser can open `https://skr.se:port/`: invalid port number");
}

#[test]
fn pages_that_cannot_be_made_are_not_asked_about() {
    let server = Server::answering(|_| status(200));
    let site = site("[Ett](http://skr.example/).").file("content/blog/y.md", "---\ntitel: Fel\n---\n");
    let run = site.run(["check", "--external", &server.resolve()]);
    run.exits(1).says("the addresses outside the site were not asked");
    assert!(server.asked().is_empty() && !site.path("links.lock").exists());
    site.run(["check", "--resolve", "a=127.0.0.1:1"]).exits(2);
    site.settings("external_links: {recheck: 0}\n").build().exits(1);
}
