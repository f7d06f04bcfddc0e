//! What all requests share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use digit_page::InUse;
use hyper::StatusCode;
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::address::Address;
use crate::body::Bodies;
use crate::collect::Collected;
use crate::model::Load;
use crate::reply::Fault;
use crate::teaching::Teaching;

/// The server.
pub(crate) struct Server {
    pub(crate) address: Address,
    pub(crate) lang: &'static str,
    pub(crate) max_pixels: u64,
    pub(crate) min_confidence: f32,
    pub(crate) bodies: Bodies,
    pub(crate) collected: Option<Collected>,
    pub(crate) teaching: Teaching,
    pub(crate) load: Load,
    /// Pictures that were predicted.
    pub(crate) pictures: AtomicU64,
    in_use: RwLock<Arc<InUse>>,
    work: Semaphore,
}

/// What the page has to know before it shows anything.
#[derive(Serialize)]
pub(crate) struct About<'a> {
    labels: Vec<u8>,
    preprocessing: String,
    canvas: String,
    has_detector: bool,
    min_confidence: f32,
    lang: &'a str,
    collects: bool,
    teaches: bool,
    address: Option<&'a str>,
}

impl Server {
    pub(crate) fn new(address: Address, args: &crate::ServeArgs, in_use: InUse, load: Load) -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let collected = args.collect.as_deref().map(Collected::open).transpose()?;
        Ok(Self {
            address,
            lang: args.lang.tag(),
            max_pixels: args.max_pixels,
            min_confidence: args.min_confidence,
            bodies: Bodies::new(Duration::from_secs(args.timeout)),
            collected,
            teaching: Teaching::new(args),
            load,
            pictures: AtomicU64::new(0),
            in_use: RwLock::new(Arc::new(in_use)),
            work: Semaphore::new(cores),
        })
    }

    /// The model that answers now.
    pub(crate) fn in_use(&self) -> Arc<InUse> {
        Arc::clone(&self.in_use.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Another model answers from now on; requests that are under way end with the one before.
    pub(crate) fn use_model(&self, in_use: InUse) {
        *self.in_use.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(in_use);
    }

    pub(crate) fn count(&self, pictures: usize) {
        self.pictures.fetch_add(pictures as u64, Ordering::Relaxed);
    }

    /// Whether a request from `peer` may start training: only one of this machine.
    pub(crate) fn teaches(&self, is_of_this_machine: bool) -> bool {
        self.collected.is_some() && is_of_this_machine
    }

    pub(crate) fn about(&self, is_of_this_machine: bool) -> About<'_> {
        let in_use = self.in_use();
        About {
            labels: in_use.model.labels().as_slice().to_vec(),
            preprocessing: in_use.model.preprocessing(),
            canvas: in_use.model.picture_settings().canvas.to_string(),
            has_detector: in_use.model.has_detector(),
            min_confidence: self.min_confidence,
            lang: self.lang,
            collects: self.collected.is_some(),
            teaches: self.teaches(is_of_this_machine),
            address: self.address.elsewhere.as_deref(),
        }
    }

    /// Does work that takes time beside the connections, on as many threads as there are processors.
    ///
    /// # Errors
    /// The fault of the work, or a fault when it panicked.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _turn = self.work.acquire().await;
        let server = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&server)).await;
        done.unwrap_or_else(|_| Err(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "the work on this request failed")))
    }
}
