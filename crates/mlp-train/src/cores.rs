//! Which cores have work, so that helping threads use only those that have none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The cores of the machine.
#[derive(Debug)]
pub struct Cores {
    total: usize,
    busy: AtomicUsize,
}

/// A core that someone works on, until this is dropped.
#[derive(Debug)]
pub struct Core(Arc<Cores>);

impl Cores {
    /// So many cores, all free.
    pub fn new(total: usize) -> Arc<Self> {
        Arc::new(Self { total, busy: AtomicUsize::new(0) })
    }

    /// Takes a core, whether or not one is free.
    pub fn take(self: &Arc<Self>) -> Core {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Core(Arc::clone(self))
    }

    /// Takes a core if one is free.
    pub fn take_free(self: &Arc<Self>) -> Option<Core> {
        let one_more = |busy| (busy < self.total).then_some(busy + 1);
        let taken = self.busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        taken.ok().map(|_| Core(Arc::clone(self)))
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
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
}
