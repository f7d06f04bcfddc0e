//! Which of the threads of a call have work, so that runs get the help of those that have none.

use std::sync::{Arc, Mutex, PoisonError};

/// The threads that a call may use.
#[derive(Debug)]
pub struct Cores {
    total: usize,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    busy: usize,
    /// Runs that have not begun; each will want a core.
    to_come: usize,
}

/// A core that someone works on, until this is dropped.
#[derive(Debug)]
pub struct Core(Arc<Cores>);

impl Cores {
    /// So many cores, all free.
    pub fn new(total: usize) -> Arc<Self> {
        Arc::new(Self { total, used: Mutex::default() })
    }

    fn used<T>(&self, change: impl FnOnce(&mut Used) -> T) -> T {
        // Counting cannot be left half done.
        change(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Announces runs, each of which will [take](Self::take) a core.
    pub fn expect(&self, runs: usize) {
        self.used(|used| used.to_come += runs);
    }

    /// Takes a core for a run, whether or not one is free.
    pub fn take(self: &Arc<Self>) -> Core {
        self.used(|used| {
            used.busy += 1;
            used.to_come = used.to_come.saturating_sub(1);
        });
        Core(Arc::clone(self))
    }

    /// Takes a core to help with, if one is free that no run waits for.
    pub fn take_free(self: &Arc<Self>) -> Option<Core> {
        self.used(|used| {
            let is_free = used.busy + used.to_come < self.total;
            used.busy += usize::from(is_free);
            is_free
        })
        .then(|| Core(Arc::clone(self)))
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.0.used(|used| used.busy -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_get_what_runs_leave() {
        let cores = Cores::new(2);
        let run = cores.take();
        let helper = cores.take_free();
        assert!(helper.is_some() && cores.take_free().is_none());
        let second = cores.take();
        drop(helper);
        assert!(cores.take_free().is_none(), "two runs keep both cores");
        drop((run, second));
        assert!(cores.take_free().is_some());
    }

    #[test]
    fn runs_to_come_are_waited_for() {
        let cores = Cores::new(3);
        cores.expect(3);
        let first = cores.take();
        assert!(cores.take_free().is_none());
        let others = (cores.take(), cores.take());
        assert!(cores.take_free().is_none());
        drop(others);
        assert!(cores.take_free().is_some());
        drop(first);
    }
}
