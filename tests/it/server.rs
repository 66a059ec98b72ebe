//! A web server of this machine that answers for every host of a story, and remembers what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    /// `http://host/path`
    pub address: String,
    /// All headers, a line each, with small letters.
    pub headers: String,
    /// How many times the address had been asked before, in any way.
    pub before: usize,
}

/// The server; it ends with the tests.
#[derive(Debug)]
pub struct Server {
    at: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// A server that answers in this way.
    pub fn answering<A: Into<Vec<u8>>>(answer: impl Fn(&Asked) -> A + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has ports");
        let at = listener.local_addr().expect("it listens");
        let (asked, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let heard = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, answer) = (heard.clone(), answer.clone());
                thread::spawn(move || serve(stream, &heard, &|asked| answer(asked).into()));
            }
        });
        Self { at, asked }
    }

    /// The option that sends every request here.
    pub fn resolve(&self) -> String {
        format!("--resolve=*={}", self.at)
    }

    /// What was asked since this was called last: `HEAD http://skr.se/`.
    pub fn asked(&self) -> Vec<String> {
        self.requests().into_iter().map(|asked| format!("{} {}", asked.method, asked.address)).collect()
    }

    /// The requests since this was called last.
    pub fn requests(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().expect("no story has failed"))
    }
}

/// An answer without a body.
pub fn status(status: u16) -> String {
    with(status, "")
}

/// An answer with headers, each with its line's end.
pub fn with(status: u16, headers: &str) -> String {
    format!("HTTP/1.1 {status} Such\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

/// A redirection.
pub fn to(status: u16, location: &str) -> String {
    with(status, &format!("Location: {location}\r\n"))
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Asked>>, answer: &(dyn Fn(&Asked) -> Vec<u8> + Sync)) -> Option<()> {
    // A browser that wants encryption begins with a record of a handshake (RFC 8446, 5.1).
    let mut first = [0];
    stream.peek(&mut first).ok()?;
    if first == [22] {
        let _ = stream.write_all(status(400).as_bytes());
        return None;
    }
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?);
    let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let headers = headers.join("\n").to_ascii_lowercase();
    let host = headers.lines().find_map(|line| line.strip_prefix("host: "))?;
    let address = format!("http://{host}{path}");
    let asked = {
        let mut heard = heard.lock().expect("no story has failed");
        let before = heard.iter().filter(|asked| asked.address == address).count();
        heard.push(Asked { method, address, headers, before });
        heard.last().cloned()?
    };
    // Who asks may have gone away.
    let _ = stream.write_all(&answer(&asked));
    Some(())
}
