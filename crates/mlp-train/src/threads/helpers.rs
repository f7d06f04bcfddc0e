//! Threads that help one large run with its steps and its augmented rows while no other run takes them.

use std::sync::Arc;

use mlp_core::kernels::Team;

use crate::threads::budget::{ThreadBudget, ThreadPermit};

/// Operations of a mini-batch (a multiplication and an addition for each weight and row, forward) for each thread of a
/// run; fewer take longer to hand over than to do.
const LEAST_OPERATIONS: u64 = 1_000_000;

/// The helpers of a run. They are gathered anew before each epoch: a run that is left alone gets more of them, and one
/// that is joined by others gives them back.
#[derive(Debug)]
pub(crate) struct Helpers {
    budget: Arc<ThreadBudget>,
    /// Helpers that the run can use.
    most: usize,
    taken: Vec<ThreadPermit>,
    team: Option<Arc<Team>>,
}

impl Helpers {
    /// None yet, for a run whose network has `weights` weights.
    pub(crate) fn new(budget: &Arc<ThreadBudget>, weights: u64, batch_rows: u64) -> Self {
        let threads = 2 * weights * batch_rows / LEAST_OPERATIONS;
        let most = usize::try_from(threads.saturating_sub(1)).unwrap_or(usize::MAX);
        Self { budget: Arc::clone(budget), most, taken: Vec::new(), team: None }
    }

    /// Gives the helpers back and takes those that are free now. `None` if there are none, otherwise the team of the
    /// run and its helpers.
    pub(crate) fn gather(&mut self) -> Option<Arc<Team>> {
        self.taken.clear();
        while self.taken.len() < self.most
            && let Some(permit) = self.budget.take_free()
        {
            self.taken.push(permit);
        }
        let threads = self.taken.len() + 1;
        if self.team.as_ref().map_or(1, |team| team.threads()) != threads {
            // If the system gives no threads, the run does without.
            self.team = if threads > 1 { Team::new(threads).ok().map(Arc::new) } else { None };
        }
        self.team.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_runs_get_the_free_threads_and_small_ones_none() {
        let budget = ThreadBudget::new(4);
        let run = budget.take();
        let mut helpers = Helpers::new(&budget, 100_000, 10);
        assert_eq!(helpers.gather().map(|team| team.threads()), Some(2), "2,000,000 operations are worth two threads");
        let mut small = Helpers::new(&budget, 100_000, 9);
        assert!(small.gather().is_none());
        let mut large = Helpers::new(&budget, 1_000_000, 50);
        assert_eq!(large.gather().map(|team| team.threads()), Some(3), "one thread has the run, one the other helper");
        let joined = (budget.take(), budget.take());
        assert!(helpers.gather().is_none(), "runs come first");
        drop((joined, large, run));
        assert_eq!(helpers.gather().map(|team| team.threads()), Some(2));
    }
}
