//! Asking for many addresses, politely: one request at a time to each host, with a pause between two, and several hosts
//! at once.
//!
//! `HEAD` first and `GET` where a server does not like that; again, twice at most, where it is busy or silent. A host that
//! stays busy or silent is left alone for the rest of the run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::Method;
use url::Url;

use super::client::{Client, Reply};
use super::{Address, Answer, Resolve};

/// How many hosts are asked at once.
const HOSTS_AT_ONCE: usize = 16;
/// How often a busy or silent host is asked again.
const RETRIES: u32 = 2;
/// The longest time that a host is waited for, whatever it asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How many redirections are followed.
const REDIRECTIONS: usize = 10;
/// How many hosts that were well should have been asked before it is said that hosts are missing.
const SPARE: usize = 3;

/// How addresses are asked.
#[derive(Clone, Debug)]
pub struct Manners {
    /// Who asks, as servers are told it.
    pub name: String,
    /// How long a host is left alone between two requests.
    pub pause: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Where hosts are to be found that are not looked up.
    pub resolve: Vec<Resolve>,
}

/// What an address has answered, at the end of all redirections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The answer.
    pub answer: Answer,
    /// Where the address has moved for good.
    pub moved: Option<Address>,
}

/// A network that lets little through, or nothing: what it says of others' sites is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// How many hosts could not be reached.
    pub far: usize,
    /// Of how many.
    pub of: usize,
}

/// Asks for addresses: those of one host in the order given. Tells `progress` of each that is done. Those whose hosts wanted to
/// be left alone are not in what is given back.
///
/// Witnesses are addresses that were well when they were asked last. When most of their hosts cannot be reached, it is not
/// they that are missing. A few of them are asked besides where that is in doubt.
///
/// # Errors
/// It is the network that is missing.
pub fn ask(
    addresses: &[Address],
    witnesses: &[Address],
    manners: &Manners,
    progress: &(dyn Fn() + Sync),
) -> Result<BTreeMap<Address, Heard>, CutOff> {
    let round = Round::new(manners);
    let mut hosts = BTreeMap::<&str, Vec<&Address>>::new();
    addresses.iter().for_each(|address| hosts.entry(address.host()).or_default().push(address));
    let workers = hosts.len().min(HOSTS_AT_ONCE);
    let (hosts, heard) = (Mutex::new(hosts), Mutex::new(BTreeMap::new()));
    thread::scope(|scope| {
        let work = || {
            while let Some((_, addresses)) = next(&hosts) {
                for address in addresses {
                    let answer = round.ask(address);
                    progress();
                    lock(&heard).extend(answer.map(|answer| (address.clone(), answer)));
                }
            }
        };
        (0..workers).for_each(|_| drop(scope.spawn(work)));
    });
    let heard = heard.into_inner().unwrap_or_else(PoisonError::into_inner);
    round.is_cut_off(&heard, witnesses).map_or(Ok(heard), Err)
}

fn next<K: Ord, V>(queue: &Mutex<BTreeMap<K, V>>) -> Option<(K, V)> {
    lock(queue).pop_first()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the host itself has said nothing. One whose encryption is not sound may be somebody else, who listens in between.
fn is_far(answer: Answer) -> bool {
    matches!(answer, Answer::NoHost | Answer::Unreachable | Answer::Tls)
}

/// Why a request has no reply.
enum Failure {
    /// Nothing is asked of the host any longer.
    LeftAlone,
    Answer(Answer),
}

/// What has been learned of a host in this round. Who holds it asks the host, and nobody else does meanwhile.
#[derive(Default)]
struct Host {
    /// When it may be asked next.
    free: Option<Instant>,
    /// Ports at which nothing more is to be expected.
    closed: BTreeMap<u16, Answer>,
    is_left_alone: bool,
}

/// All that is asked in one run.
struct Round<'a> {
    client: Client,
    manners: &'a Manners,
    hosts: Mutex<BTreeMap<String, Arc<Mutex<Host>>>>,
}

impl<'a> Round<'a> {
    fn new(manners: &'a Manners) -> Self {
        Self { client: Client::new(manners), manners, hosts: Mutex::default() }
    }

    /// Whether most hosts are out of reach: of those that witness, or else of all.
    fn is_cut_off(&self, heard: &BTreeMap<Address, Heard>, witnesses: &[Address]) -> Option<CutOff> {
        if !heard.values().any(|heard| is_far(heard.answer)) {
            return None;
        }
        let (asked, spare): (Vec<_>, Vec<_>) = witnesses.iter().partition(|witness| heard.contains_key(witness));
        let all: Vec<&Address> = if witnesses.is_empty() { heard.keys().collect() } else { asked };
        let known = all.into_iter().map(|address| (address.host(), is_far(heard[address].answer)));
        let mut hosts: BTreeMap<&str, bool> = known.collect();
        for witness in spare {
            if hosts.len() < SPARE && !hosts.contains_key(witness.host()) {
                let answer = self.ask(witness);
                hosts.extend(answer.map(|heard| (witness.host(), is_far(heard.answer))));
            }
        }
        let cut_off = CutOff { far: hosts.values().filter(|is_far| **is_far).count(), of: hosts.len() };
        Some(cut_off).filter(|CutOff { far, of }| far * 2 > *of)
    }

    /// What an address answers; nothing when a host on the way wants to be left alone.
    fn ask(&self, address: &Address) -> Option<Heard> {
        let (mut url, mut moved, mut is_for_good) = (address.url().clone(), None, true);
        for _ in 0..=REDIRECTIONS {
            let reply = match self.visit(&url) {
                Ok(reply) => reply,
                Err(Failure::LeftAlone) => return None,
                Err(Failure::Answer(answer)) => return Some(Heard { answer, moved: None }),
            };
            let Some(next) = redirection(&reply, &url) else {
                return Some(Heard { answer: Answer::Status(reply.status), moved });
            };
            is_for_good &= matches!(reply.status, 301 | 308);
            if is_for_good {
                moved = Some(next.clone()).filter(|next| has_moved(address, next));
            }
            url = next.url().clone();
        }
        Some(Heard { answer: Answer::Circle, moved: None })
    }

    /// What a server says of an address by itself.
    fn visit(&self, url: &Url) -> Result<Reply, Failure> {
        let (mut method, mut tries) = (Method::HEAD, 0);
        loop {
            let said = self.request(&method, url);
            let wait = match &said {
                Ok(reply) if matches!(reply.status, 429 | 503) => reply.retry_after,
                Err(Failure::Answer(Answer::Timeout)) => None,
                Ok(Reply { status: 400.., .. }) | Err(Failure::Answer(Answer::Garbled)) if method == Method::HEAD => {
                    method = Method::GET;
                    continue;
                }
                _ => return said,
            };
            let wait = wait.unwrap_or_else(|| wait_unasked(self.manners.pause, tries));
            if tries == RETRIES || wait > LONGEST_WAIT {
                let is_only_this_page = wait <= LONGEST_WAIT && matches!(&said, Ok(reply) if reply.status == 503);
                lock(&self.host(url)).is_left_alone |= !is_only_this_page;
                return said;
            }
            lock(&self.host(url)).free = Some(Instant::now() + wait.max(self.manners.pause));
            (method, tries) = (Method::GET, tries + 1);
        }
    }

    /// One request, when its host has had its pause.
    fn request(&self, method: &Method, url: &Url) -> Result<Reply, Failure> {
        let (host, port) = (self.host(url), url.port_or_known_default().unwrap_or_default());
        let mut host = lock(&host);
        if host.is_left_alone {
            return Err(Failure::LeftAlone);
        }
        if let Some(answer) = host.closed.get(&port) {
            return Err(Failure::Answer(*answer));
        }
        thread::sleep(host.free.map_or(Duration::ZERO, |free| free.saturating_duration_since(Instant::now())));
        let said = self.client.request(method.clone(), url);
        host.free = Some(Instant::now() + self.manners.pause);
        said.map_err(|answer| {
            if is_far(answer) || answer == Answer::Private {
                host.closed.insert(port, answer);
            }
            Failure::Answer(answer)
        })
    }

    fn host(&self, url: &Url) -> Arc<Mutex<Host>> {
        lock(&self.hosts).entry(url.host_str().unwrap_or_default().to_owned()).or_default().clone()
    }
}

/// How long a host is waited for that does not say it: twice the pause, then four times.
fn wait_unasked(pause: Duration, tries: u32) -> Duration {
    (pause * 2_u32.pow(tries + 1)).min(LONGEST_WAIT)
}

/// Where a reply sends those who ask (RFC 9110, 15.4).
fn redirection(reply: &Reply, from: &Url) -> Option<Address> {
    let location = reply.location.as_deref().filter(|_| matches!(reply.status, 301 | 302 | 303 | 307 | 308))?;
    from.join(location).ok().and_then(Address::of)
}

/// Whether links should lead to where an address redirects for good. Not a home page that leads into its own site: the
/// short address is the one that lasts.
fn has_moved(address: &Address, to: &Address) -> bool {
    let is_inner = address.is_home() && address.url().origin() == to.url().origin();
    address != to && !is_inner
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_long_pause_is_no_reason_to_give_up() {
        let waits = |pause| [0, 1].map(|tries| wait_unasked(Duration::from_secs(pause), tries).as_secs());
        assert_eq!([waits(0), waits(1), waits(20), waits(60)], [[0, 0], [2, 4], [40, 60], [60, 60]]);
    }

    #[test]
    fn who_is_silent_is_asked_three_times_and_then_left_alone() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has ports");
        let at = listener.local_addr().expect("it listens");
        let guests = Arc::new(Mutex::new(Vec::<TcpStream>::new()));
        let doorman = guests.clone();
        thread::spawn(move || listener.incoming().flatten().for_each(|guest| lock(&doorman).push(guest)));
        let manners = Manners {
            name: "anslag".to_owned(),
            pause: Duration::ZERO,
            timeout: Duration::from_millis(50),
            resolve: vec![format!("*={at}").parse().expect("it is written so")],
        };
        let addresses =
            ["http://stum.example/a", "http://stum.example/b"].map(|text| Address::read(text).expect("one"));
        let heard = ask(&addresses, &[], &manners, &|| {}).expect("the network is there");
        let silent = Heard { answer: Answer::Timeout, moved: None };
        assert_eq!(heard, BTreeMap::from([(addresses[0].clone(), silent)]));
        assert_eq!(lock(&guests).len(), 3);
    }
}
