//! Two opinions as one: the logarithmic opinion pool (C. Genest, J. V. Zidek 1986, "Combining probability
//! distributions", Statistical Science 1, 114-135), `p_j ~ a_j^u * b_j^v`.
//!
//! The weights are those of a few that are most likely by the labels. So that wrong labels, which are what is looked
//! for, have little to say in this, a label is never thought less likely than [`WRONG`].

use crate::probabilities::Probabilities;

/// The weights that are tried for each of the two.
const WEIGHTS: [f64; 6] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.5];
/// The share of labels that may be wrong, whatever a picture looks like.
const WRONG: f64 = 0.02;
/// No probability is taken for less.
const LEAST: f64 = 1e-6;
/// Pictures by which the weights are found.
const MOST: usize = 20_000;

/// The pool of `a` and `b` for pictures labelled with `classes`. A picture of which only one says something has that
/// one's probabilities.
pub(crate) fn pool(a: &Probabilities, b: &Probabilities, classes: &[u8]) -> Probabilities {
    let both: Vec<usize> = (0..a.len()).filter(|&at| a.judged[at] && b.judged[at]).collect();
    let step = both.len().div_ceil(MOST).max(1);
    let likelihood = |weights: (f64, f64)| {
        let of = |&at: &usize| {
            let p = pooled(a.of(at), b.of(at), weights)[usize::from(classes[at])];
            libm::log((1.0 - WRONG) * f64::from(p) + WRONG / a.classes() as f64)
        };
        both.iter().step_by(step).map(of).sum::<f64>()
    };
    let all = WEIGHTS.iter().flat_map(|&u| WEIGHTS.map(|v| (u, v)));
    let best = all
        .map(|weights| (likelihood(weights), weights))
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let weights = best.map_or((1.0, 1.0), |(_, weights)| weights);
    let mut pool = Probabilities::none(a.len(), a.classes());
    for at in 0..a.len() {
        match (a.judged[at], b.judged[at]) {
            (true, true) => pool.say(at, &pooled(a.of(at), b.of(at), weights)),
            (true, false) => pool.say(at, a.of(at)),
            (false, true) => pool.say(at, b.of(at)),
            (false, false) => {}
        }
    }
    pool
}

fn pooled(a: &[f32], b: &[f32], (u, v): (f64, f64)) -> Vec<f32> {
    let log = |p: f32| libm::log(f64::from(p).max(LEAST));
    let logs: Vec<f64> = a.iter().zip(b).map(|(&a, &b)| u * log(a) + v * log(b)).collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logs.iter().map(|log| libm::exp(log - largest)).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| (power / sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a` is right about nine in ten, `b` about half, each with probability 0.9 for what it says.
    #[test]
    fn the_better_opinion_weighs_more_and_one_alone_counts_whole() {
        let say = |class: usize| if class == 0 { [0.9f32, 0.1] } else { [0.1, 0.9] };
        let classes: Vec<u8> = (0..200).map(|at| (at / 7 % 2) as u8).collect();
        let of = |is_wrong: &dyn Fn(usize) -> bool| {
            let all = (0..200).map(|at| say(usize::from(classes[at]) ^ usize::from(is_wrong(at))));
            Probabilities::given(all.flatten().collect(), 2)
        };
        let (mut a, mut b) = (of(&|at| at % 10 == 0), of(&|at| at % 2 == 0));
        (a.judged[3], b.judged[4], a.judged[5], b.judged[5]) = (false, false, false, false);
        let pool = pool(&a, &b, &classes);
        let right = (0..200).filter(|&at| pool.judged[at] && pool.predicted(at) == classes[at]).count();
        assert!(right >= 178, "{right}");
        assert_eq!((pool.of(3), pool.of(4)), (b.of(3), a.of(4)));
        assert!(!pool.judged[5] && pool.judged[6]);
    }

    #[test]
    fn the_pool_by_hand() {
        // 0.8 * 0.5 to 0.2 * 0.5; and sqrt(0.8) to sqrt(0.2), which is 2 to 1.
        let p = pooled(&[0.8, 0.2], &[0.5, 0.5], (1.0, 1.0));
        assert!((p[0] - 0.8).abs() < 1e-6, "{p:?}");
        let p = pooled(&[0.8, 0.2], &[0.1, 0.9], (0.5, 0.0));
        assert!((p[0] - 2.0 / 3.0).abs() < 1e-6, "{p:?}");
    }
}
