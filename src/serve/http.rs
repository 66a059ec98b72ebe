//! The sockets: connections from this machine, each served on one thread of its own kind.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::thread;

use anyhow::{Context, Result};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::answer::{Answer, Reply, reply};
use super::stage::Stage;

/// Answers at an address from now on, and gives the one that it has become.
///
/// # Errors
/// The address cannot be listened at.
pub fn listen(
    address: SocketAddr,
    stage: Arc<Stage>,
    set_time: impl Fn(Option<Timestamp>) + Send + Sync + 'static,
) -> Result<SocketAddr> {
    let context = || format!("cannot listen at {address}: `--port` takes another one");
    let listener = TcpListener::bind(address).with_context(context)?;
    listener.set_nonblocking(true).with_context(context)?;
    let address = listener.local_addr().with_context(context)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start a server")?;
    let site = Arc::new(Site { stage, set_time: Box::new(set_time) });
    thread::spawn(move || runtime.block_on(accept(listener, site)));
    Ok(address)
}

struct Site {
    stage: Arc<Stage>,
    set_time: Box<dyn Fn(Option<Timestamp>) + Send + Sync>,
}

#[expect(clippy::infinite_loop, reason = "it ends with the process")]
async fn accept(listener: TcpListener, site: Arc<Site>) -> io::Result<Infallible> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        // One that is gone before it was taken is nobody's loss.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let site = site.clone();
        let service = service_fn(move |request| {
            let site = site.clone();
            async move { Ok::<_, Infallible>(site.answer(request)) }
        });
        let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move { drop(connection.await) });
    }
}

impl Site {
    fn answer(&self, request: Request<Incoming>) -> Response<Sent> {
        let (parts, _) = request.into_parts();
        match reply(&parts, &self.stage) {
            Reply::Answer(answer) => response(answer),
            Reply::Events(page) => self.events(page),
            Reply::Time(time) => {
                (self.set_time)(time);
                let mut response = Response::new(Sent::Whole(None));
                *response.status_mut() = StatusCode::NO_CONTENT;
                response
            }
        }
    }

    /// Tells a page what it is now and after every change (server-sent events, HTML Living Standard).
    fn events(&self, page: String) -> Response<Sent> {
        let (mut changes, stage) = (self.stage.changes(), self.stage.clone());
        let (send, receive) = mpsc::channel(1);
        tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let view = serde_json::to_string(&stage.view(&page)).unwrap_or_default();
                if send.send(Bytes::from(format!("data: {view}\n\n"))).await.is_err() {
                    return;
                }
            }
        });
        let mut response = Response::new(Sent::Events(receive));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn response(answer: Answer) -> Response<Sent> {
    let mut response = Response::new(Sent::Whole(Some(answer.body.into())));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// A body on its way.
enum Sent {
    Whole(Option<Bytes>),
    Events(mpsc::Receiver<Bytes>),
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = |bytes: Option<Bytes>| bytes.map(|bytes| Ok(Frame::data(bytes)));
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(frame(bytes.take())),
            Self::Events(receive) => receive.poll_recv(task).map(frame),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Events(_) => SizeHint::default(),
        }
    }
}
