//! Threads that share work of a few microseconds.
//!
//! Work is a number of tasks, and any free thread takes the next one. The thread that asks for the work takes tasks
//! like the others, so it waits only for tasks that a helper has begun: a helper that sleeps, or that has no
//! processor, delays nothing. Which thread runs a task does not affect the result.
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

/// How often a waiting thread checks again before it yields its processor: some tens of microseconds.
const SPINS: u32 = 1_000;
/// How often a helper yields its processor before it sleeps.
const YIELDS: u32 = 100;
/// Most tasks of one piece of work: the lower half of a [ticket](Shared::ticket).
const MAX_TASKS: usize = u32::MAX as usize;

type Work<'a> = dyn Fn(usize) + Sync + 'a;

/// Threads that share the work of a trainer or a workspace. They end when the last owner drops the team.
pub struct Team {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
}

struct Shared {
    /// The number of the work (32 bits), and how many of its tasks nobody has taken (32 bits). A ticket is enough to
    /// know whether there is a task to take: the rest of one piece of work is never compared with the size of another.
    ticket: CacheLine<AtomicU64>,
    /// Tasks that are done.
    done: CacheLine<AtomicUsize>,
    /// Tasks in all.
    tasks: AtomicUsize,
    /// What to run; written only while nobody can take a task.
    work: UnsafeCell<Option<*const Work<'static>>>,
    /// Whether a thread has the team.
    busy: AtomicBool,
    has_panicked: AtomicBool,
    stopping: AtomicBool,
    /// For each helper whether it sleeps or is about to.
    sleeping: Box<[AtomicBool]>,
}

/// A value alone on its cache line, so that threads that write to it do not slow down those that read its neighbours.
#[repr(align(128))]
struct CacheLine<T>(T);

// SAFETY: `work` is written only by the thread that holds `busy`, after every task of the previous work is done and
// before the first task of the new one can be taken; it is read only by threads that hold a task that is not done.
unsafe impl Sync for Shared {}
// SAFETY: as above; what the pointer leads to is `Sync`.
unsafe impl Send for Shared {}

impl Team {
    /// A team of `threads` threads, one of which is the thread that asks for work: `threads - 1` are started.
    ///
    /// # Errors
    /// When the system cannot start a thread.
    pub fn new(threads: usize) -> io::Result<Self> {
        let count = threads.saturating_sub(1);
        let shared = Arc::new(Shared {
            ticket: CacheLine(AtomicU64::new(0)),
            done: CacheLine(AtomicUsize::new(0)),
            tasks: AtomicUsize::new(0),
            work: UnsafeCell::new(None),
            busy: AtomicBool::new(false),
            has_panicked: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            sleeping: (0..count).map(|_| AtomicBool::new(false)).collect(),
        });
        // Where one cannot be started, dropping the team ends those that were.
        let mut team = Self { shared, helpers: Vec::with_capacity(count) };
        for helper in 0..count {
            let shared = Arc::clone(&team.shared);
            let run = move || shared.run_helper(helper);
            team.helpers.push(thread::Builder::new().name("team".into()).spawn(run)?);
        }
        Ok(team)
    }

    /// Threads, counting the one that asks for work.
    pub fn threads(&self) -> usize {
        self.helpers.len() + 1
    }

    /// Calls `work` once with each of 0..tasks, and returns when all calls have returned. When several threads call
    /// this at a time, only one of them gets the helpers; the others run their tasks alone.
    ///
    /// # Panics
    /// When a task panics.
    pub fn run(&self, tasks: usize, work: &(dyn Fn(usize) + Sync)) {
        let shared = &*self.shared;
        if !(2..=MAX_TASKS).contains(&tasks) || self.helpers.is_empty() || shared.busy.swap(true, Ordering::Acquire) {
            (0..tasks).for_each(work);
            return;
        }
        let number = (shared.ticket.0.load(Ordering::Relaxed) >> 32) + 1;
        // SAFETY: nobody holds a task, so nobody reads this. The transmute hides a lifetime that is kept all the same:
        // this function returns after the last task is done, and nobody reads the pointer without holding a task.
        #[allow(clippy::transmute_ptr_to_ptr, reason = "a cast does not change a lifetime")]
        unsafe {
            *shared.work.get() = Some(std::mem::transmute::<*const Work<'_>, *const Work<'static>>(work));
        };
        shared.tasks.store(tasks, Ordering::Relaxed);
        shared.done.0.store(0, Ordering::Relaxed);
        // Publishes all of the above. The order is total: a helper that goes to sleep either sees this or is seen
        // below.
        shared.ticket.0.store(number << 32 | tasks as u64, Ordering::SeqCst);
        for (sleeping, helper) in shared.sleeping.iter().zip(&self.helpers).take(tasks - 1) {
            if sleeping.load(Ordering::SeqCst) && sleeping.swap(false, Ordering::SeqCst) {
                helper.thread().unpark();
            }
        }
        shared.take_tasks(number);
        let mut tries = 0;
        while shared.done.0.load(Ordering::Acquire) < tasks {
            pause(&mut tries);
        }
        let has_panicked = shared.has_panicked.swap(false, Ordering::Relaxed);
        shared.busy.store(false, Ordering::Release);
        assert!(!has_panicked, "a task panicked");
    }
}

impl Shared {
    /// Runs tasks of this work until all are taken.
    fn take_tasks(&self, number: u64) {
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
            // This thread holds a task, so `tasks` belongs to this work until the task is done.
            let task = self.tasks.load(Ordering::Relaxed) - left;
            // SAFETY: this thread holds a task that is not done, so the thread that asked for the work still waits and
            // has written the pointer, which its ticket published.
            let work = unsafe { (*self.work.get()).map(|work| &*work) };
            let run = AssertUnwindSafe(|| work.into_iter().for_each(|work| work(task)));
            if catch_unwind(run).is_err() {
                self.has_panicked.store(true, Ordering::Relaxed);
            }
            self.done.0.fetch_add(1, Ordering::Release);
        }
    }

    /// What a helper's thread runs.
    fn run_helper(&self, helper: usize) {
        let mut seen = 0;
        let mut tries = 0;
        while !self.stopping.load(Ordering::Relaxed) {
            let work = self.ticket.0.load(Ordering::Acquire) >> 32;
            if work != seen {
                self.take_tasks(work);
                (seen, tries) = (work, 0);
            } else if tries < SPINS + YIELDS {
                pause(&mut tries);
            } else {
                self.sleeping[helper].store(true, Ordering::SeqCst);
                let is_new = self.ticket.0.load(Ordering::SeqCst) >> 32 != seen;
                if !is_new && !self.stopping.load(Ordering::SeqCst) {
                    thread::park();
                }
                self.sleeping[helper].store(false, Ordering::SeqCst);
                tries = 0;
            }
        }
    }
}

/// Waits a moment: spins at first, then yields the processor.
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
        self.shared.stopping.store(true, Ordering::SeqCst);
        for helper in self.helpers.drain(..) {
            helper.thread().unpark();
            // A helper catches the panics of its tasks, so it cannot have panicked.
            let _ = helper.join();
        }
    }
}

impl fmt::Debug for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Team").field("threads", &self.threads()).finish()
    }
}
