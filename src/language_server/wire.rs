//! Messages as they go over a pipe: a header that says how long each is, and JSON (JSON-RPC 2.0).
//!
//! Whoever writes into the pipe may write anything. What cannot be understood is told apart from what can, takes no more memory
//! than a message may, and what comes after it is read as if it had not been there.

use std::io::{self, BufRead, Read, Write};

use gen_lsp_types::ErrorCodes;
use gen_lsp_types::json_rpc::{Error, Id, RequestObject, ResponseObject};
use serde::Serialize;
use serde_json::Value;

/// The longest line of a header that is read, in bytes; the rest of a longer one is passed over.
const LINE_LIMIT: u64 = 4 << 10;
/// The longest message, in bytes. The longest text that is ever read takes a fraction of it.
const MESSAGE_LIMIT: u64 = 64 << 20;

/// Something that came.
#[derive(Debug)]
pub enum Heard {
    /// A request, a notification, or the answer to a request of ours, which has no method.
    Message(RequestObject),
    /// Something else, and the answer to it.
    Unreadable(ResponseObject),
}

/// The next message; none when there will be no more.
///
/// # Errors
/// The pipe fails.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Heard>> {
    let Some(header) = header(input)? else { return Ok(None) };
    let Some(length) = header.length else {
        return Ok(Some(unreadable(ErrorCodes::ParseError, "there is no `Content-Length` in the header")));
    };
    let mut message = input.take(length);
    if length > MESSAGE_LIMIT {
        io::copy(&mut message, &mut io::sink())?;
        let words = format!("the message has {length} bytes; {MESSAGE_LIMIT} is the most");
        return Ok(Some(unreadable(ErrorCodes::InvalidRequest, &words)));
    }
    // Nothing is made ready for what the header claims: memory is taken as bytes come.
    let mut bytes = Vec::new();
    message.read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 == length).then(|| understood(&bytes)))
}

/// What comes before a message.
struct Header {
    /// How long the message is, if that is said.
    length: Option<u64>,
}

/// The next header; none when there will be no more.
fn header(input: &mut impl BufRead) -> io::Result<Option<Header>> {
    let (mut length, mut is_begun) = (None, false);
    loop {
        let mut line = Vec::new();
        if input.take(LINE_LIMIT).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if !line.ends_with(b"\n") {
            input.skip_until(b'\n')?;
        }
        let line = String::from_utf8_lossy(&line);
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => length = value.trim().parse().ok(),
            _ if !line.trim_end().is_empty() => {}
            _ if is_begun => return Ok(Some(Header { length })),
            // Empty lines between messages are no header.
            _ => continue,
        }
        is_begun = true;
    }
}

fn understood(bytes: &[u8]) -> Heard {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return unreadable(ErrorCodes::ParseError, &format!("the message is not JSON: {error}")),
    };
    let id = value.get("id").and_then(|id| serde_json::from_value(id.clone()).ok());
    match serde_json::from_value(value) {
        Ok(message) => Heard::Message(message),
        Err(error) => {
            let words = format!("the message is not one of JSON-RPC 2.0: {error}");
            Heard::Unreadable(refusal(id.unwrap_or(Id::Null), ErrorCodes::InvalidRequest, &words))
        }
    }
}

fn unreadable(code: ErrorCodes, words: &str) -> Heard {
    Heard::Unreadable(refusal(Id::Null, code, words))
}

/// The answer to a request that cannot be answered.
pub fn refusal(id: Id, code: ErrorCodes, words: &str) -> ResponseObject {
    ResponseObject::from_error(id, Error { code, message: words.to_owned(), data: None })
}

/// Writes a message.
///
/// # Errors
/// Nobody listens any more.
pub fn write(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let bytes = serde_json::to_vec(message)?;
    write!(output, "Content-Length: {}\r\n\r\n", bytes.len())?;
    output.write_all(&bytes)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = r#"{"jsonrpc":"2.0","method":"initialized"}"#;

    fn framed(message: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{message}", message.len())
    }

    /// What is heard of some bytes: methods, and what is said of the rest.
    fn heard(bytes: &[u8]) -> Vec<String> {
        let mut input = io::BufReader::with_capacity(7, bytes);
        let mut heard = Vec::new();
        while let Some(one) = read(&mut input).expect("bytes can be read") {
            heard.push(match one {
                Heard::Message(message) => message.method().to_owned(),
                Heard::Unreadable(answer) => answer.error().expect("it is a refusal").message.clone(),
            });
        }
        heard
    }

    #[test]
    fn messages_follow_on_each_other() {
        let other =
            format!("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:{}\n\n", NOTE.len());
        let bytes = format!("{}\r\n\n{other}{NOTE}{}", framed(NOTE), framed("{}"));
        let heard = heard(bytes.as_bytes());
        assert_eq!(heard[..2], ["initialized", "initialized"]);
        assert!(heard[2].contains("not one of JSON-RPC 2.0"), "{heard:?}");
    }

    #[test]
    fn what_is_no_message_does_not_hide_the_next() {
        let endless = format!("{}\r\n\r\n", "x".repeat(1 << 20));
        let cases: [(&[u8], &str); 7] = [
            (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "no `Content-Length`"),
            (b"Content-Length: -5\r\n\r\n", "no `Content-Length`"),
            (b"Content-Length: 99999999999999999999999\r\n\r\n", "no `Content-Length`"),
            (endless.as_bytes(), "no `Content-Length`"),
            (b"Content-Length: 4\r\n\r\n\xff\xfe{}", "not JSON"),
            (b"Content-Length: 9\r\n\r\n[1, 2, 3]", "not one of JSON-RPC"),
            (b"\xff\xff\xff: \xff\r\nContent-Length: 2\r\n\r\n{]", "not JSON"),
        ];
        for (bytes, words) in cases {
            let heard = heard(&[bytes, framed(NOTE).as_bytes()].concat());
            assert!(heard[0].contains(words), "{heard:?}");
            assert_eq!(heard[1], "initialized", "{words}");
        }
        let deep = framed(&"[".repeat(1 << 20));
        assert!(heard(deep.as_bytes())[0].contains("recursion limit"));
    }

    #[test]
    fn a_message_that_does_not_come_is_none() {
        let endless = b"Content-Length: 18446744073709551615\r\n\r\n{}";
        assert_eq!(heard(endless), ["the message has 18446744073709551615 bytes; 67108864 is the most"]);
        assert_eq!(heard(b"Content-Length: 60000000\r\n\r\n{}"), [""; 0]);
        assert_eq!(heard(b"Content-Length: 2"), [""; 0]);
    }
}
