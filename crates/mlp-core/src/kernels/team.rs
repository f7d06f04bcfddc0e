//! Threads that help one another with work of microseconds.
//!
//! Work is cut into parts, and whoever is free takes the next. The thread that asks for the work takes parts like the
//! others, so it waits only for parts that a helper has really begun: helpers that sleep, or that the system has given no
//! processor, delay nothing. Which thread does a part has no influence on what comes out.
#![allow(unsafe_code)]

use std::boxed::Box;
use std::cell::UnsafeCell;
use std::fmt;
use std::hint::spin_loop;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::vec::Vec;

/// How often a thread looks again before it lets others have its processor: some tens of microseconds.
const SPINS: u32 = 1_000;
/// How often a helper lets others have its processor before it sleeps.
const YIELDS: u32 = 100;
/// Parts of a piece of work at most: the lower half of a [ticket](Shared::ticket).
const MOST_PARTS: usize = u32::MAX as usize;

type Work<'a> = dyn Fn(usize) + Sync + 'a;

/// Some threads that share the work of a [`Trainer`](crate::train::Trainer) or a
/// [`Workspace`](crate::network::Workspace). They end when the last user of the team does.
pub struct Team {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
}

struct Shared {
    /// The number of the work, 32 bits, and how many of its parts nobody has taken, 32 bits. A ticket says by itself
    /// whether there is a part to take: what is left of one can never be held against another's number of parts.
    ticket: Line<AtomicU64>,
    /// Parts that are done.
    done: Line<AtomicUsize>,
    /// How many parts there are.
    parts: AtomicUsize,
    /// What is to be done; written only while nobody can take a part.
    work: UnsafeCell<Option<*const Work<'static>>>,
    /// Whether someone's work is being done.
    busy: AtomicBool,
    has_panicked: AtomicBool,
    ends: AtomicBool,
    /// For each helper whether it sleeps or is about to.
    sleeps: Box<[AtomicBool]>,
}

/// Alone on its cache line, so that threads that write to it do not slow down those that read its neighbours.
#[repr(align(128))]
struct Line<T>(T);

// SAFETY: `work` is written only by the thread that holds `busy`, after every part of the work before was done and before
// the first part of the new one can be taken; it is read only by those who hold a part that is not done.
unsafe impl Sync for Shared {}
// SAFETY: as above; what the pointer leads to is `Sync`.
unsafe impl Send for Shared {}

impl Team {
    /// A team of `threads` threads, the one that asks for the work being one of them.
    ///
    /// # Errors
    /// When the system gives no more threads.
    pub fn new(threads: usize) -> io::Result<Self> {
        let count = threads.saturating_sub(1);
        let shared = Arc::new(Shared {
            ticket: Line(AtomicU64::new(0)),
            done: Line(AtomicUsize::new(0)),
            parts: AtomicUsize::new(0),
            work: UnsafeCell::new(None),
            busy: AtomicBool::new(false),
            has_panicked: AtomicBool::new(false),
            ends: AtomicBool::new(false),
            sleeps: (0..count).map(|_| AtomicBool::new(false)).collect(),
        });
        // Helpers that were started before one could not be end with the team.
        let mut team = Self { shared, helpers: Vec::with_capacity(count) };
        for number in 0..count {
            let shared = Arc::clone(&team.shared);
            let help = move || shared.help(number);
            team.helpers.push(thread::Builder::new().name("team".into()).spawn(help)?);
        }
        Ok(team)
    }

    /// Its threads, the one that asks for work being one of them.
    pub fn threads(&self) -> usize {
        self.helpers.len() + 1
    }

    /// Does `work` once for each of the numbers 0..parts, and returns when all is done. Which thread does which part is
    /// left to chance. Work asked for by several threads at a time is not shared: only one of them is helped.
    ///
    /// # Panics
    /// When a part panics.
    pub fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        let shared = &*self.shared;
        if !(2..=MOST_PARTS).contains(&parts) || self.helpers.is_empty() || shared.busy.swap(true, Ordering::Acquire) {
            (0..parts).for_each(work);
            return;
        }
        let number = (shared.ticket.0.load(Ordering::Relaxed) >> 32) + 1;
        // SAFETY: nobody holds a part, so nobody reads this. The lifetime is hidden, and kept all the same: this
        // function returns after the last part is done, and nobody looks at the work without one.
        #[allow(clippy::transmute_ptr_to_ptr, reason = "a cast does not change a lifetime")]
        unsafe {
            *shared.work.get() = Some(std::mem::transmute::<*const Work<'_>, *const Work<'static>>(work));
        };
        shared.parts.store(parts, Ordering::Relaxed);
        shared.done.0.store(0, Ordering::Relaxed);
        // Publishes all of the above. The order is total, so that a helper that lies down either sees this or is seen.
        shared.ticket.0.store(number << 32 | parts as u64, Ordering::SeqCst);
        for (sleeps, helper) in shared.sleeps.iter().zip(&self.helpers).take(parts - 1) {
            if sleeps.load(Ordering::SeqCst) && sleeps.swap(false, Ordering::SeqCst) {
                helper.thread().unpark();
            }
        }
        shared.take_parts(number);
        let mut tries = 0;
        while shared.done.0.load(Ordering::Acquire) < parts {
            pause(&mut tries);
        }
        let has_panicked = shared.has_panicked.swap(false, Ordering::Relaxed);
        shared.busy.store(false, Ordering::Release);
        assert!(!has_panicked, "a part of the work panicked");
    }
}

impl Shared {
    /// Does parts of this work until all are taken.
    fn take_parts(&self, number: u64) {
        loop {
            let ticket = self.ticket.0.load(Ordering::Acquire);
            let left = (ticket & 0xffff_ffff) as usize;
            // The number wraps round as the ticket does.
            if ticket >> 32 != number & 0xffff_ffff || left == 0 {
                return;
            }
            if self.ticket.0.compare_exchange(ticket, ticket - 1, Ordering::AcqRel, Ordering::Relaxed).is_err() {
                continue;
            }
            // Now that a part is taken, the number of parts is that of this work until the part is done.
            let part = self.parts.load(Ordering::Relaxed) - left;
            // SAFETY: a part of this work is taken and not done, so the one who asked for it still waits and has
            // written the pointer, which its ticket published.
            let work = unsafe { (*self.work.get()).map(|work| &*work) };
            let part = AssertUnwindSafe(|| work.into_iter().for_each(|work| work(part)));
            if catch_unwind(part).is_err() {
                self.has_panicked.store(true, Ordering::Relaxed);
            }
            self.done.0.fetch_add(1, Ordering::Release);
        }
    }

    /// The life of a helper.
    fn help(&self, number: usize) {
        let mut seen = 0;
        let mut tries = 0;
        while !self.ends.load(Ordering::Relaxed) {
            let work = self.ticket.0.load(Ordering::Acquire) >> 32;
            if work != seen {
                self.take_parts(work);
                (seen, tries) = (work, 0);
            } else if tries < SPINS + YIELDS {
                pause(&mut tries);
            } else {
                self.sleeps[number].store(true, Ordering::SeqCst);
                let is_new = self.ticket.0.load(Ordering::SeqCst) >> 32 != seen;
                if !is_new && !self.ends.load(Ordering::SeqCst) {
                    thread::park();
                }
                self.sleeps[number].store(false, Ordering::SeqCst);
                tries = 0;
            }
        }
    }
}

/// Waits a moment: busily at first, later so that others have the processor.
fn pause(tries: &mut u32) {
    if *tries < SPINS {
        spin_loop();
    } else {
        thread::yield_now();
    }
    *tries = tries.saturating_add(1);
}

impl Drop for Team {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::SeqCst);
        for helper in self.helpers.drain(..) {
            helper.thread().unpark();
            // A helper catches what its parts throw, so it ends well.
            let _ = helper.join();
        }
    }
}

impl fmt::Debug for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Team").field("threads", &self.threads()).finish()
    }
}
