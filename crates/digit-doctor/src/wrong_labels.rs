//! Likely wrong labels: confident learning (C. G. Northcutt, L. Jiang, I. L. Chuang 2021, "Confident learning:
//! estimating uncertainty in dataset labels", Journal of Artificial Intelligence Research 70, 1373-1411).
//!
//! With p_j(x) the out-of-fold probability that picture x shows class j, and X_i the pictures labelled i:
//!
//! - the threshold of a class is its mean self-confidence (equation 2): `t_j = mean over x in X_j of p_j(x)`;
//! - the confident joint (equation 1) counts in `C_ij` the pictures labelled i of which j is, among the classes with
//!   `p_j(x) >= t_j`, the most probable;
//! - what is counted off the diagonal is likely wrong, and j is the label suggested;
//! - ranked by the normalised margin (section 3.2): `p_i(x) - max over j != i of p_j(x)`, the smallest first.
//!
//! Where networks are sure of nearly all pictures, thresholds are near 1, and a wrong label whose true class has the
//! probability 0.95 is counted nowhere. So the pictures whose most probable class is another than their label follow,
//! ranked by the same margin.

use crate::probabilities::Probabilities;

/// A picture off the diagonal of the confident joint, or whose most probable class is another than its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wrong {
    pub(crate) row: u32,
    /// The class suggested.
    pub(crate) class: u8,
    /// Whether it is counted in the confident joint.
    pub(crate) is_counted: bool,
    /// Normalised margin, -1..=1; the smaller the worse.
    pub(crate) margin: f64,
}

/// The list: what is counted first, and each part by its margin, the smallest first. `classes` are those of the labels.
pub(crate) fn wrong_labels(said: &Probabilities, classes: &[u8]) -> Vec<Wrong> {
    let thresholds = thresholds(said, classes);
    let rows = (0..said.len()).filter(|&row| said.judged[row]);
    let mut wrong: Vec<Wrong> = rows
        .filter_map(|row| {
            let (p, own) = (said.of(row), usize::from(classes[row]));
            let is_confident = |class: &usize| f64::from(p[*class]) >= thresholds[*class];
            let counted = most_probable(p, &mut (0..p.len()).filter(is_confident)).filter(|best| *best != own);
            let best = counted.or_else(|| most_probable(p, &mut (0..p.len())).filter(|&best| p[best] > p[own]))?;
            let (is_counted, margin) = (counted.is_some(), margin(p, classes[row]));
            Some(Wrong { row: row as u32, class: best as u8, is_counted, margin })
        })
        .collect();
    let by_margin = |a: &Wrong, b: &Wrong| a.margin.total_cmp(&b.margin).then(a.row.cmp(&b.row));
    wrong.sort_by(|a, b| b.is_counted.cmp(&a.is_counted).then_with(|| by_margin(a, b)));
    wrong
}

/// The most probable of some classes, the first of several.
fn most_probable(p: &[f32], classes: &mut dyn Iterator<Item = usize>) -> Option<usize> {
    classes.reduce(|best, class| if p[class] > p[best] { class } else { best })
}

/// Mean self-confidence of each class; infinite for a class of which no picture is judged, as nothing is confident
/// then.
fn thresholds(said: &Probabilities, classes: &[u8]) -> Vec<f64> {
    let mut sums = vec![(0.0, 0u32); said.classes()];
    for (row, &class) in classes.iter().enumerate().filter(|(row, _)| said.judged[*row]) {
        let (sum, count) = &mut sums[usize::from(class)];
        *sum += f64::from(said.of(row)[usize::from(class)]);
        *count += 1;
    }
    sums.into_iter().map(|(sum, count)| if count > 0 { sum / f64::from(count) } else { f64::INFINITY }).collect()
}

fn margin(p: &[f32], class: u8) -> f64 {
    let class = usize::from(class);
    let other = p.iter().enumerate().filter(|(other, _)| *other != class).map(|(_, p)| *p).fold(0.0, f32::max);
    f64::from(p[class]) - f64::from(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two classes by hand. Labelled 0: p_0 = 0.9, 0.7, 0.2, so t_0 = 0.6. Labelled 1: p_1 = 0.8, 0.5, so t_1 = 0.65.
    /// The third picture has p_1 = 0.8 >= 0.65 and p_0 = 0.2 < 0.6: it is counted in C_01, with the margin -0.6. The
    /// last has p_1 = p_0 = 0.5, neither confident: it is counted nowhere.
    #[test]
    fn the_confident_joint_by_hand() {
        let said = Probabilities::given(vec![0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.2, 0.8, 0.5, 0.5], 2);
        let classes = [0, 0, 0, 1, 1];
        let thresholds = thresholds(&said, &classes);
        assert!((thresholds[0] - 0.6).abs() < 1e-6 && (thresholds[1] - 0.65).abs() < 1e-6, "{thresholds:?}");
        let wrong = wrong_labels(&said, &classes);
        assert_eq!(wrong.len(), 1);
        assert_eq!((wrong[0].row, wrong[0].class), (2, 1));
        assert!((wrong[0].margin + 0.6).abs() < 1e-6);
    }

    #[test]
    fn of_two_confident_classes_the_more_probable_counts_and_the_smallest_margin_is_first() {
        // t_0 = 0.35, t_1 = 0.5, t_2 = 0.9.
        let p = [[0.6, 0.4, 0.0], [0.1, 0.1, 0.8], [0.4, 0.6, 0.0], [0.6, 0.4, 0.0], [0.05, 0.05, 0.9]];
        let said = Probabilities::given(p.concat(), 3);
        let wrong = wrong_labels(&said, &[0, 0, 1, 1, 2]);
        let found: Vec<(u32, u8)> = wrong.iter().map(|wrong| (wrong.row, wrong.class)).collect();
        // Picture 3 is confident of 0 alone. Picture 1 is not confident of 2 (0.8 < 0.9), but 2 is most probable: it
        // comes after those that are counted, though its margin, -0.7, is the smaller one.
        assert_eq!(found, [(3, 0), (1, 2)]);
        assert_eq!(wrong.iter().map(|wrong| wrong.is_counted).collect::<Vec<_>>(), [true, false]);
    }
}
