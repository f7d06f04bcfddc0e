//! The body of a request: at most so many bytes, in at most so much time, and not too many large ones at once.

use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Incoming};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::reply::Fault;

/// Longest body with pictures.
pub(crate) const MAX_PICTURES_BYTES: u64 = 32 << 20;
/// Longest body with one drawing, its points and a name.
pub(crate) const MAX_DRAWING_BYTES: u64 = 1 << 20;
/// As long is read, and thrown away, what a client sends in spite of its length. Otherwise the connection is reset
/// before the client reads why.
const DRAIN_TIME: Duration = Duration::from_secs(2);
/// Bodies that are longer, or do not say how long they are, wait for their turn.
const LARGE_BYTES: u64 = 1 << 20;
/// Large bodies in memory at a time.
const LARGE_AT_ONCE: usize = 8;

/// Reads bodies.
pub(crate) struct Bodies {
    large: Semaphore,
    time: Duration,
}

impl Bodies {
    /// Every body has to arrive within `time`.
    pub(crate) fn new(time: Duration) -> Self {
        Self { large: Semaphore::new(LARGE_AT_ONCE), time }
    }

    /// All bytes of a body.
    ///
    /// # Errors
    /// A [`Fault`]: too long, too slow, broken off.
    pub(crate) async fn read(&self, mut body: Incoming, max_bytes: u64) -> Result<Bytes, Fault> {
        let too_long = || {
            let text = format!("the request has more than {max_bytes} bytes, the limit; send less at a time");
            Fault::new(StatusCode::PAYLOAD_TOO_LARGE, text).closing()
        };
        if body.size_hint().lower() > max_bytes {
            drain(&mut body).await;
            return Err(too_long());
        }
        let read = async {
            let is_large = body.size_hint().upper().is_none_or(|bytes| bytes > LARGE_BYTES);
            let _turn = if is_large { self.large.acquire().await.ok() } else { None };
            Limited::new(&mut body, max_bytes as usize).collect().await
        };
        let read = timeout(self.time, read).await;
        match read {
            Ok(Ok(collected)) => Ok(collected.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                drain(&mut body).await;
                Err(too_long())
            }
            Ok(Err(_)) => Err(Fault::new(StatusCode::BAD_REQUEST, "the request broke off; send it again").closing()),
            Err(_) => {
                let text = format!("the request did not arrive within {} seconds; send it again", self.time.as_secs());
                Err(Fault::new(StatusCode::REQUEST_TIMEOUT, text).closing())
            }
        }
    }
}

async fn drain(body: &mut Incoming) {
    let _ = timeout(DRAIN_TIME, async { while let Some(Ok(_)) = body.frame().await {} }).await;
}
