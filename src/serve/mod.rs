//! A site for its writers, while they write: made in memory, shown in a browser, made again as soon as a file changes.
//!
//! Nothing is written to the disk, so what is shown here, with drafts, can never be published by mistake. The loop is a loop: wait,
//! read, make, show. What is wrong is shown over the last site that was well, until it is mended.

mod answer;
mod http;
mod kinds;
mod stage;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;

use crate::config::headers;
use crate::diagnostic::Report;
use crate::diagnostic::render::{Format, Style, render};
use crate::session::{Bytes, Contents, Material, Options, Session, Tree};
use crate::source::{Change, Listing, Snapshot, Watch};

use stage::{Look, Shown, Stage};

/// What is served, and where.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The site.
    pub options: Options,
    /// The time at which it is shown; the machine's if none.
    pub now: Option<Timestamp>,
    /// Where to listen.
    pub address: SocketAddr,
    /// Whether browsers go to the page that was written.
    pub follow: bool,
}

/// Says what happened, and what was found in which files.
pub type Say<'a> = dyn Fn(&str, Option<(&Report, &Snapshot)>) + 'a;

/// What the outside world does for a server.
pub struct World<'a> {
    /// The time of the machine.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// Says something to whoever has started the server: what happened, and findings.
    pub say: &'a Say<'a>,
    /// Is told once where the site can be seen.
    pub ready: &'a dyn Fn(&str),
}

/// What sets a build off.
#[derive(Debug)]
enum Turn {
    /// Files have changed.
    Files(Change),
    /// Somebody wants to see the site at another time; at the machine's if none.
    Time(Option<Timestamp>),
}

/// Editors write a file in several steps, and a checkout writes many: so long nothing more must come.
const QUIET: Duration = Duration::from_millis(15);
/// But no longer than this, if it never stops.
const PATIENCE: Duration = Duration::from_millis(500);
/// After so long the site is held against the disk once more, for changes that nobody has told of.
const SETTLED: Duration = Duration::from_millis(300);
/// Where the system tells nothing, the files are looked at this often.
const LOOK: Duration = Duration::from_secs(1);

/// Serves a site until the process ends.
///
/// # Errors
/// The address cannot be listened at, or the folder not be read.
#[expect(clippy::infinite_loop, reason = "it ends with the process")]
pub fn serve(asked: Asked, world: &World) -> Result<Infallible> {
    let (tell, told) = channel();
    let stage = Arc::new(Stage::new(asked.follow));
    let address = http::listen(asked.address, stage.clone(), time_teller(tell.clone()))?;
    let watch = listen(&asked.options.root, tell, world);
    let mut server = Server { asked, stage, watch, told, world, ready: Some(address) };
    loop {
        server.round();
    }
}

fn time_teller(tell: Sender<Turn>) -> impl Fn(Option<Timestamp>) + Send + Sync + 'static {
    // The receiver lives as long as the process.
    move |time| drop(tell.send(Turn::Time(time)))
}

fn listen(root: &Path, tell: Sender<Turn>, world: &World) -> Option<Watch> {
    match Watch::start(root, move |change| drop(tell.send(Turn::Files(change)))) {
        Ok(watch) => Some(watch),
        Err(error) => {
            (world.say)(&format!("{error:#}: the files are looked at every second instead"), None);
            None
        }
    }
}

struct Server<'a> {
    asked: Asked,
    stage: Arc<Stage>,
    watch: Option<Watch>,
    told: Receiver<Turn>,
    world: &'a World<'a>,
    /// Where the site will be seen, until that has been said.
    ready: Option<SocketAddr>,
}

/// What has come since the last build.
#[derive(Default)]
struct News {
    /// The files, unless they are not all known.
    paths: Vec<String>,
    is_whole: bool,
}

impl Server<'_> {
    fn now(&self) -> Timestamp {
        self.asked.now.unwrap_or_else(self.world.clock)
    }

    /// Makes the site, shows it, and waits until it must be made wholly again.
    fn round(&mut self) {
        // A fault of the program must not end the server: the writer would lose the page, and perhaps where to look.
        if catch_unwind(AssertUnwindSafe(|| self.make())).is_err() {
            self.wrong("anslag has failed: this is a fault of anslag, and the next change is tried as ever");
            self.wait(None);
        }
    }

    fn make(&mut self) {
        if let Some(Err(error)) = self.watch.as_mut().map(Watch::renew) {
            (self.world.say)(&format!("{error:#}"), None);
        }
        let started = Instant::now();
        let made = Listing::of(&self.asked.options.root).and_then(|listing| self.site(&listing, started));
        if let Err(error) = made {
            self.wrong(&format!("{error:#}"));
            self.wait(None);
        }
    }

    fn site(&mut self, listing: &Listing, started: Instant) -> Result<()> {
        let mut report = Report::default();
        let now = self.now();
        let options = Options { now, ..self.asked.options.clone() };
        let snapshot = Snapshot::of_listing(listing.clone(), &mut report)?;
        let (snapshot, session) = Session::of(snapshot, options, &mut report)?;
        let Some(mut session) = session else {
            report.settle();
            self.found(&report, &snapshot, started);
            self.settle(listing, None);
            return Ok(());
        };
        self.stage.speak(&session.settings.language);
        let material = session.material(&mut report)?;
        let contents = session.contents(&material, now, None, &mut report);
        let tree = session.site(&contents, &mut report);
        session.judge(&contents, &mut report);
        report.settle();
        if !report.has_errors() {
            self.show(&session, tree);
        }
        self.found(&report, &session.snapshot, started);
        self.meanwhile(listing, &mut session, &material, &contents);
        Ok(())
    }

    fn show(&self, session: &Session, tree: Tree) {
        let settings = &session.settings;
        let stamp = |path: &str| session.snapshot.file(path).map(|file| file.stamp);
        let files = tree.files.into_iter().map(|(route, bytes)| {
            let look = Look::of(&bytes, stamp);
            (route, (bytes, look))
        });
        self.stage.show(Shown {
            files: files.collect(),
            former: tree.former,
            root: self.asked.options.root.clone(),
            base_path: settings.base_path.clone(),
            headers: headers::all(settings),
            language: settings.language.clone(),
            time: self.asked.now.map(|now| now.to_zoned(settings.zone.clone()).datetime().to_string()),
            zone: settings.zone.clone(),
        });
    }

    /// Says what was found, on the terminal and over the page.
    fn found(&mut self, report: &Report, snapshot: &Snapshot, started: Instant) {
        let style = Style { color: false, ..Style::default() };
        let words = if report.has_errors() { render(report, Format::Human, snapshot, &style) } else { String::new() };
        let millis = started.elapsed().as_millis();
        let end = match (report.has_errors(), self.stage.has_site()) {
            (false, _) => "shown",
            (true, true) => "the last site that was well is shown",
            (true, false) => "what is wrong is shown, since nothing has been well yet",
        };
        (self.world.say)(&format!("made in {millis} ms; {end}"), Some((report, snapshot)));
        self.stage.say(Some(words).filter(|words| !words.is_empty()));
        self.ready();
    }

    /// Says that the machine has failed.
    fn wrong(&mut self, words: &str) {
        (self.world.say)(words, None);
        self.stage.say(Some(words.to_owned()));
        self.ready();
    }

    fn ready(&mut self) {
        if let Some(address) = self.ready.take() {
            let host = if address.ip().is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { address.ip() };
            let base = self.stage.base_path();
            (self.world.ready)(&format!("http://{}{base}/", SocketAddr::new(host, address.port())));
        }
    }

    /// Makes single pages again as long as that is enough.
    fn meanwhile(&mut self, listing: &Listing, session: &mut Session, material: &Material, contents: &Contents) {
        let until = contents.until(material);
        let Some(mut news) = self.settle(listing, until) else { return };
        while self.pages(&news, session, contents) {
            // The rest of the site is made when nothing more comes.
            match self.next(Some(SETTLED)) {
                Some(more) => news = more,
                None => return,
            }
        }
    }

    /// Shows the pages of documents of which only the texts have changed. Says whether that was all.
    fn pages(&self, news: &News, session: &mut Session, contents: &Contents) -> bool {
        if news.is_whole || news.paths.len() > 3 || self.stage.is_wrong() {
            return false;
        }
        let made: Option<Vec<(String, Bytes)>> =
            news.paths.iter().map(|path| session.page_again(contents, path)).collect();
        let is_all = made.is_some();
        self.stage.renew(made.into_iter().flatten().map(|(route, bytes)| {
            let look = Look::of(&bytes, |_| None);
            (route, (bytes, look))
        }));
        is_all
    }

    /// Waits for what must be made wholly or in part. After a while the disk is looked at, for what nobody has told of.
    fn settle(&mut self, listing: &Listing, until: Option<Timestamp>) -> Option<News> {
        let first = self.next(Some(SETTLED));
        if first.is_some() {
            return first;
        }
        loop {
            if !Listing::of(&self.asked.options.root).is_ok_and(|now| now.is_same(listing)) {
                return None;
            }
            if self.watch.is_some() {
                return self.wait(until);
            }
            let news = self.next(Some(LOOK));
            if news.is_some() || until.is_some_and(|until| until <= self.now()) {
                return news;
            }
        }
    }

    /// Waits until something comes; none when the time has come at which the site is another one.
    fn wait(&mut self, until: Option<Timestamp>) -> Option<News> {
        // A site that is shown at a time stays there.
        let until = until.filter(|_| self.asked.now.is_none());
        let left = until.map(|until| Duration::try_from(until.duration_since(self.now())).unwrap_or_default());
        self.next(left)
    }

    /// The next changes, all that come close together.
    fn next(&mut self, wait: Option<Duration>) -> Option<News> {
        let mut turn = match wait {
            Some(wait) => match self.told.recv_timeout(wait) {
                Ok(turn) => Some(turn),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => None,
            },
            None => self.told.recv().ok(),
        };
        let (mut news, began) = (News::default(), Instant::now());
        while let Some(one) = turn {
            self.take(one, &mut news);
            turn = self.told.recv_timeout(QUIET).ok().filter(|_| began.elapsed() < PATIENCE);
        }
        Some(news)
    }

    fn take(&mut self, turn: Turn, news: &mut News) {
        match turn {
            Turn::Files(Change::Paths(paths)) => {
                news.paths.extend(paths);
                news.paths.sort_unstable();
                news.paths.dedup();
            }
            Turn::Files(Change::Unknown) => news.is_whole = true,
            Turn::Time(time) => {
                self.asked.now = time;
                news.is_whole = true;
            }
        }
    }
}
