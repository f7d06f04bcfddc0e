//! How many threads of a command are at work, so that large runs get the help of the others.

use std::sync::{Arc, Mutex, PoisonError};

/// The number of threads that a command may use.
#[derive(Debug)]
pub(crate) struct ThreadBudget {
    total: usize,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    busy: usize,
    /// Runs that have not begun; each will take a thread.
    to_come: usize,
}

/// A thread of the budget that is at work until this is dropped.
#[derive(Debug)]
pub(crate) struct ThreadPermit(Arc<ThreadBudget>);

impl ThreadBudget {
    /// So many threads, none at work.
    pub(crate) fn new(total: usize) -> Arc<Self> {
        Arc::new(Self { total, used: Mutex::default() })
    }

    fn used<T>(&self, change: impl FnOnce(&mut Used) -> T) -> T {
        // Counting cannot be left half done.
        change(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Announces runs, each of which will [take](Self::take) a thread.
    pub(crate) fn expect(&self, runs: usize) {
        self.used(|used| used.to_come += runs);
    }

    /// Takes a thread for a run, whether or not one is free.
    pub(crate) fn take(self: &Arc<Self>) -> ThreadPermit {
        self.used(|used| {
            used.busy += 1;
            used.to_come = used.to_come.saturating_sub(1);
        });
        ThreadPermit(Arc::clone(self))
    }

    /// Takes a thread for helping a run, if one is free that no run will take.
    pub(crate) fn take_free(self: &Arc<Self>) -> Option<ThreadPermit> {
        self.used(|used| {
            let is_free = used.busy + used.to_come < self.total;
            used.busy += usize::from(is_free);
            is_free
        })
        .then(|| ThreadPermit(Arc::clone(self)))
    }
}

impl Drop for ThreadPermit {
    fn drop(&mut self) {
        self.0.used(|used| used.busy -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_get_what_runs_leave() {
        let budget = ThreadBudget::new(2);
        let run = budget.take();
        let helper = budget.take_free();
        assert!(helper.is_some() && budget.take_free().is_none());
        let second = budget.take();
        drop(helper);
        assert!(budget.take_free().is_none(), "two runs keep both threads");
        drop((run, second));
        assert!(budget.take_free().is_some());
    }

    #[test]
    fn runs_to_come_are_waited_for() {
        let budget = ThreadBudget::new(3);
        budget.expect(3);
        let first = budget.take();
        assert!(budget.take_free().is_none());
        let others = (budget.take(), budget.take());
        assert!(budget.take_free().is_none());
        drop(others);
        assert!(budget.take_free().is_some());
        drop(first);
    }
}
