//! Responses and the headers that all of them have.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use stage_files::json::to_line;

/// A whole response.
pub(crate) type Reply = Response<Full<Bytes>>;

/// The page asks nobody but this server, runs no script but its own files, and is shown in no other page.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The report is one file with its styles, scripts and pictures in it. The sandbox gives it an origin of its own, so
/// its scripts reach neither the page nor this server.
pub(crate) const REPORT_POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-scripts";

/// Why a request gets no answer. The body is `{"error": ".."}`.
#[derive(Debug)]
pub(crate) struct Fault {
    status: StatusCode,
    message: String,
    allow: Option<&'static str>,
    closes: bool,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), allow: None, closes: false }
    }

    /// The request is not as it should be.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// What is right is not done because of a fault on this machine.
    pub(crate) fn inside(error: &anyhow::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, stage_files::in_words(error))
    }

    /// The path exists, for other methods.
    pub(crate) fn method(allow: &'static str) -> Self {
        let message = format!("expected one of the methods {allow}");
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    /// The same, and the connection ends with it.
    pub(crate) fn closing(self) -> Self {
        Self { closes: true, ..self }
    }

    pub(crate) fn into_reply(self) -> Reply {
        let mut reply = json_reply(&json!({ "error": self.message })).unwrap_or_default();
        *reply.status_mut() = self.status;
        if let Some(allow) = self.allow {
            reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        if self.closes {
            reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        reply
    }
}

/// A value as JSON.
///
/// # Errors
/// A value that JSON cannot hold.
pub(crate) fn json_reply(value: &impl Serialize) -> Result<Reply, Fault> {
    let text = to_line(value).map_err(|error| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(bytes_reply("application/json", text.into_bytes()))
}

/// Bytes of a type.
pub(crate) fn bytes_reply(kind: &'static str, bytes: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(bytes.into()));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// Adds the headers that every response has.
pub(crate) fn secure(mut reply: Reply) -> Reply {
    let headers = reply.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(PAGE_POLICY));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
