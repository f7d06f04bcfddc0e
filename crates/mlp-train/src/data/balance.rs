//! Draws the rows of an epoch so that rare ways of writing train as often as common ones.
//!
//! A data set has each way of writing as often as its writers happened to use it: of MNIST's 6,742 ones a hundred have
//! an upstroke, which half the world writes. So that a network suits other writers too, each cluster of each class is
//! drawn equally often.

use std::collections::BTreeMap;

use mlp_core::kernels::KernelPath;
use mlp_core::random::{Purpose, Stream};
use stage_files::config;
use stage_files::dataset::DataSet;

use crate::data::augment::{Paper, Shape};
use crate::data::clusters;

/// How often each training row is drawn in an epoch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Balance {
    rows: Vec<u32>,
    /// How many draws of an epoch go to the rows up to each, in the mean over epochs.
    until: Vec<f64>,
}

impl Balance {
    /// Clusters the training rows of each class. An epoch has as many rows as there are training rows.
    ///
    /// # Errors
    /// When the pictures have no known shape.
    pub(crate) fn new(rule: config::Balance, data: &DataSet, train: &[u32], seed: u64) -> anyhow::Result<Self> {
        let shape = Shape::new("balance", data.canvas, data.pixels.ncols())?;
        let picture = |row: &u32| data.pixels.row(*row as usize);
        let paper = Paper::of_border(shape, train.iter().map(picture));
        let mut classes: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        for &row in train {
            classes.entry(data.classes[row as usize]).or_default().push(row);
        }
        let (mut stream, path) = (Stream::new(seed, Purpose::Styles), KernelPath::detect());
        let of_class = train.len() as f64 / classes.len() as f64;
        let (mut rows, mut until, mut sum) = (Vec::with_capacity(train.len()), Vec::with_capacity(train.len()), 0.0);
        for of_this in classes.into_values() {
            let forms: Vec<f32> = of_this.iter().flat_map(|row| clusters::form(shape, paper, &picture(row))).collect();
            let clusters = clusters::assign(&forms, data.pixels.ncols(), rule.styles.get() as usize, &mut stream, path);
            let mut counts = vec![0_u32; clusters.iter().max().map_or(0, |most| most + 1)];
            clusters.iter().for_each(|&cluster| counts[cluster] += 1);
            let filled = counts.iter().filter(|count| **count > 0).count();
            for (row, cluster) in of_this.into_iter().zip(clusters) {
                sum += of_class / filled as f64 / f64::from(counts[cluster]);
                rows.push(row);
                until.push(sum);
            }
        }
        // However the sum was rounded, an epoch has as many rows.
        if let Some(last) = until.last_mut() {
            *last = train.len() as f64;
        }
        Ok(Self { rows, until })
    }

    /// The rows of an epoch, cluster by cluster, each as often as its share, rounded up or down (systematic sampling:
    /// W. G. Madow, L. H. Madow 1944).
    pub(crate) fn draw(&self, stream: &mut Stream, order: &mut Vec<u32>) {
        order.clear();
        let begin = stream.uniform();
        for (&row, until) in self.rows.iter().zip(&self.until) {
            order.resize((until + begin) as usize, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// 40 pictures of 3 x 3: class 0 has a row across in 19 and a column in 1, class 1 a dot in 20.
    fn data() -> DataSet {
        let pixels = Array2::from_shape_fn((40, 9), |(row, pixel)| {
            let inked = match row {
                0..19 => pixel / 3 == 1,
                19 => pixel % 3 == 1,
                _ => pixel == 4,
            };
            if inked { 0 } else { 255 }
        });
        DataSet {
            name: "d.csv".into(),
            sha256: String::new(),
            labels: "0-9".parse().unwrap(),
            canvas: None,
            pixels,
            classes: (0..40).map(|row| u8::from(row >= 20)).collect(),
            rows: None,
            stage: None,
        }
    }

    #[test]
    fn a_rare_cluster_is_drawn_as_often_as_a_common_one() {
        let (data, train): (_, Vec<u32>) = (data(), (0..40).collect());
        let rule = serde_json::from_str(r#"{"styles": 2}"#).unwrap();
        let balance = Balance::new(rule, &data, &train, 3).unwrap();
        let mut stream = Stream::new(3, Purpose::Shuffle);
        for _ in 0..20 {
            let mut order = vec![7; 3];
            balance.draw(&mut stream, &mut order);
            assert_eq!(order.len(), 40);
            let of = |rows: std::ops::Range<u32>| order.iter().filter(|row| rows.contains(row)).count();
            assert!(of(19..20) == 10 && of(0..19) == 10 && of(20..40) == 20, "{order:?}");
            // Rows of one cluster come equally often, too.
            assert!((0..19).all(|row| of(row..row + 1) <= 1) && (20..40).all(|row| of(row..row + 1) == 1));
        }
    }

    #[test]
    fn pictures_without_a_shape_are_refused() {
        let mut data = data();
        data.pixels = Array2::zeros((40, 10));
        let rule = serde_json::from_str(r#"{"styles": 2}"#).unwrap();
        let error = Balance::new(rule, &data, &[0, 1], 3).unwrap_err();
        assert!(error.to_string().starts_with("key `balance`: rows of 10 pixels are no square"), "{error}");
    }
}
