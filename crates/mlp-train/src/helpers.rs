//! Threads that help one large run with its steps and its varied rows while no other run wants their cores.

use std::sync::Arc;

use mlp_core::kernels::Team;

use crate::cores::{Core, Cores};

/// Operations of a mini-batch (a multiplication and an addition for each weight and row, forward) from which a run
/// profits from each further thread; less takes longer to hand over than to do.
const LEAST_OPERATIONS: u64 = 1_000_000;

/// The helpers of a run: looked for anew before each epoch, so that a run that is left alone gets more of them and one
/// that is joined by others gives them back.
#[derive(Debug)]
pub struct Helpers {
    cores: Arc<Cores>,
    /// Helpers that the run can use.
    most: usize,
    taken: Vec<Core>,
    team: Option<Arc<Team>>,
}

impl Helpers {
    /// None yet, for a run whose network has `weights` weights.
    pub fn new(cores: &Arc<Cores>, weights: u64, batch_rows: u64) -> Self {
        let threads = 2 * weights * batch_rows / LEAST_OPERATIONS;
        let most = usize::try_from(threads.saturating_sub(1)).unwrap_or(usize::MAX);
        Self { cores: Arc::clone(cores), most, taken: Vec::new(), team: None }
    }

    /// Gives the cores back and takes those that are free now; the team of the run and these, if there are any.
    pub fn gather(&mut self) -> Option<Arc<Team>> {
        self.taken.clear();
        while self.taken.len() < self.most
            && let Some(core) = self.cores.take_free()
        {
            self.taken.push(core);
        }
        let threads = self.taken.len() + 1;
        if self.team.as_ref().map_or(1, |team| team.threads()) != threads {
            // Should the system give no threads, the run does without.
            self.team = if threads > 1 { Team::new(threads).ok().map(Arc::new) } else { None };
        }
        self.team.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_runs_get_the_free_cores_and_small_ones_none() {
        let cores = Cores::new(4);
        let run = cores.take();
        let mut helpers = Helpers::new(&cores, 100_000, 10);
        assert_eq!(helpers.gather().map(|team| team.threads()), Some(2), "2,000,000 operations are worth two threads");
        let mut small = Helpers::new(&cores, 100_000, 9);
        assert!(small.gather().is_none());
        let mut large = Helpers::new(&cores, 1_000_000, 50);
        assert_eq!(large.gather().map(|team| team.threads()), Some(3), "one core has the run, one the other helper");
        let joined = (cores.take(), cores.take());
        assert!(helpers.gather().is_none(), "runs come first");
        drop((joined, large, run));
        assert_eq!(helpers.gather().map(|team| team.threads()), Some(2));
    }
}
