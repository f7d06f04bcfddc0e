//! Which function answers which path.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::{Method, Request, StatusCode};
use serde_json::json;

use crate::body::{MAX_DRAWING_BYTES, MAX_PICTURES_BYTES};
use crate::reply::{Fault, Reply, bytes_reply, json_reply, secure};
use crate::server::Server;
use crate::{address, explain, guard, page, predict, teach};

/// The response to a request; there is always one.
pub(crate) async fn answer(server: Arc<Server>, peer: SocketAddr, request: Request<Incoming>) -> Reply {
    let is_head = request.method() == Method::HEAD;
    let mut reply = route(&server, peer, request).await.unwrap_or_else(Fault::into_reply);
    if is_head {
        *reply.body_mut() = Full::default();
    }
    secure(reply)
}

async fn route(server: &Arc<Server>, peer: SocketAddr, request: Request<Incoming>) -> Result<Reply, Fault> {
    let (parts, body) = request.into_parts();
    let address = &server.address;
    guard::check(address.bound, &parts.method, &parts.uri, &parts.headers)?;
    let Some(path) = guard::below_token(parts.uri.path(), address.token.as_deref()) else {
        let text = "the address of the page has a word in it that the terminal shows; open that address";
        return Err(Fault::new(StatusCode::FORBIDDEN, text));
    };
    let is_of_this_machine = peer.ip().to_canonical().is_loopback();
    match parts.method.as_str() {
        "GET" | "HEAD" => get(server, path, is_of_this_machine),
        "POST" => post(server, path, &parts.headers, body, is_of_this_machine).await,
        _ if is_of_get(path) => Err(Fault::method("GET, HEAD")),
        _ => Err(Fault::method("POST")),
    }
}

/// Paths that are read.
fn is_of_get(path: &str) -> bool {
    matches!(path, "health" | "about" | "qr.svg" | "teach" | "report") || page::file(path).is_some()
}

fn get(server: &Arc<Server>, path: &str, is_of_this_machine: bool) -> Result<Reply, Fault> {
    match path {
        "health" => json_reply(&json!({ "status": "ok", "pictures": server.pictures.load(Ordering::Relaxed) })),
        "about" => json_reply(&server.about(is_of_this_machine)),
        "qr.svg" => {
            let svg = server.address.elsewhere.as_deref().and_then(address::qr_svg);
            svg.map(|svg| bytes_reply("image/svg+xml", svg)).ok_or_else(not_found)
        }
        "teach" => json_reply(&server.teaching.progress()),
        "report" => server.teaching.report().ok_or_else(not_found),
        _ => match page::file(path) {
            Some(file) => Ok(file),
            None if is_of_post(path) => Err(Fault::method("POST")),
            None => Err(not_found()),
        },
    }
}

/// Paths that are sent something.
fn is_of_post(path: &str) -> bool {
    matches!(path, "predict" | "explain" | "collect" | "collect/undo" | "collect/counts")
}

async fn post(
    server: &Arc<Server>,
    path: &str,
    headers: &HeaderMap,
    body: Incoming,
    is_of_this_machine: bool,
) -> Result<Reply, Fault> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let read = |max_bytes| server.bodies.read(body, max_bytes);
    match path {
        "predict" => {
            let bytes = read(MAX_PICTURES_BYTES).await?;
            server
                .work(move |server| if is_json { predict::many(server, &bytes) } else { predict::one(server, &bytes) })
                .await
        }
        "explain" => {
            let bytes = read(MAX_PICTURES_BYTES).await?;
            server.work(move |server| explain::explain(server, &bytes)).await
        }
        "collect" | "collect/undo" | "collect/counts" => {
            if server.collected.is_none() {
                return Err(Fault::new(StatusCode::NOT_FOUND, "this server was started without --collect FOLDER"));
            }
            let bytes = read(MAX_DRAWING_BYTES).await?;
            let path = path.to_owned();
            server.work(move |server| collect(server, &path, &bytes)).await
        }
        "teach" if !server.teaches(is_of_this_machine) => {
            let text = "training is started on the machine of the server, with --collect FOLDER";
            Err(Fault::new(StatusCode::FORBIDDEN, text))
        }
        "teach" => {
            read(MAX_DRAWING_BYTES).await?;
            teach::start(server)?;
            json_reply(&server.teaching.progress())
        }
        _ if is_of_get(path) => Err(Fault::method("GET, HEAD")),
        _ => Err(not_found()),
    }
}

fn collect(server: &Server, path: &str, bytes: &Bytes) -> Result<Reply, Fault> {
    let Some(collected) = &server.collected else { return Err(not_found()) };
    match path {
        "collect" => collected.add(bytes),
        "collect/undo" => collected.undo(bytes),
        _ => collected.counts(bytes),
    }
}

fn not_found() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "there is nothing at this path")
}
