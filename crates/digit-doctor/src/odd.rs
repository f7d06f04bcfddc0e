//! Odd pictures: blank, unlike all others, unlike the others of their writer.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::copies::Pair;
use crate::descriptor::{Descriptor, of_inks, squared_distance};
use crate::finding::{Finding, Findings, Kind};
use crate::ink::Inks;
use crate::pictures::Pictures;
use crate::reason::{Note, Reason};

/// Pictures with which all are compared: the nearest of so many is found in a second.
const REFERENCES: usize = 4096;
/// Fewer pictures have no outliers.
const MIN_PICTURES: usize = 50;
/// Fewest pictures of a writer and label.
const MIN_OF_WRITER: usize = 5;
/// How far a distance lies beyond the median, in standard deviations as the median absolute deviation estimates them.
const OUTLYING: f64 = 6.0;
/// The median absolute deviation of a normal distribution is its standard deviation over this.
const MAD_TO_STD: f64 = 1.4826;

/// Pictures that show nothing.
pub(crate) fn blank(pictures: &Pictures, inks: &Inks) -> Vec<Finding> {
    let blank = (0..pictures.own as u32).filter(|&row| inks.blank[row as usize]);
    blank
        .map(|row| {
            let pixels = pictures.row(row as usize);
            let (darkest, brightest) = (pixels.iter().min(), pixels.iter().max());
            let [darkest, brightest] = [darkest, brightest].map(|gray| gray.copied().unwrap_or_default());
            let reason = Reason::Blank { darkest, brightest };
            Finding { kind: Kind::Blank, of: vec![row], other: None, suggested: None, score: 0.0, reason }
        })
        .collect()
}

/// Outliers, and pictures unlike the others of their writer. Copies are no company: `pairs` do not count.
pub(crate) fn unlike(pictures: &Pictures, inks: &Inks, pairs: &[Pair], findings: &mut Findings) {
    let canvas = pictures.canvas;
    let descriptors = of_inks(inks, (canvas.width_px as usize, canvas.height_px as usize));
    let rows: Vec<u32> = (0..pictures.own as u32).filter(|&row| !inks.blank[row as usize]).collect();
    if rows.len() < MIN_PICTURES {
        findings.notes.push(Note::NoOutliers(MIN_PICTURES));
        return;
    }
    let mut twins: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for pair in pairs {
        twins.entry(pair.copy).or_default().push(pair.of);
        twins.entry(pair.of).or_default().push(pair.copy);
    }
    let count = rows.len().min(REFERENCES);
    let references: Vec<u32> = (0..count).map(|at| rows[at * rows.len() / count]).collect();
    let nearest_of = |row: u32, among: &[u32]| {
        let twins = twins.get(&row).map_or(&[][..], Vec::as_slice);
        nearest(&descriptors, row, among.iter().copied().filter(|other| !twins.contains(other)))
    };
    let distances: Vec<(f64, u32)> = rows.par_iter().map(|&row| nearest_of(row, &references)).collect();
    let logs: Vec<f64> = distances.iter().map(|(distance, _)| libm::log(distance.max(1e-6))).collect();
    for (&row, (&(distance, other), score)) in rows.iter().zip(distances.iter().zip(beyond(&logs))) {
        if score > OUTLYING {
            let reason = Reason::Outlier { others: count, distance, deviations: score };
            let (of, other) = (vec![row], Some(other));
            findings.list.push(Finding { kind: Kind::Outlier, of, other, suggested: None, score, reason });
        }
    }
    findings.list.extend(unlike_writer(pictures, &rows, nearest_of));
}

fn unlike_writer(pictures: &Pictures, rows: &[u32], nearest_of: impl Fn(u32, &[u32]) -> (f64, u32)) -> Vec<Finding> {
    let mut groups: BTreeMap<(&str, u8), Vec<u32>> = BTreeMap::new();
    for &row in rows {
        let item = &pictures.items[row as usize];
        if let Some(writer) = &item.writer {
            groups.entry((writer, item.label)).or_default().push(row);
        }
    }
    let mut all: Vec<(u32, u32, f64)> = Vec::new();
    for members in groups.values().filter(|members| members.len() >= MIN_OF_WRITER) {
        let distances: Vec<(f64, u32)> = members.iter().map(|&row| nearest_of(row, members)).collect();
        let usual = median(distances.iter().map(|(distance, _)| *distance).collect()).max(1e-6);
        let ratios = members.iter().zip(&distances);
        all.extend(ratios.map(|(&row, (distance, other))| (row, *other, distance / usual)));
    }
    let logs: Vec<f64> = all.iter().map(|(_, _, ratio)| libm::log(ratio.max(1e-6))).collect();
    let scores = beyond(&logs);
    let unlike = all.iter().zip(scores).filter(|(_, score)| *score > OUTLYING);
    unlike
        .map(|(&(row, other, ratio), score)| {
            let item = &pictures.items[row as usize];
            let writer = item.writer.clone().unwrap_or_default();
            let reason = Reason::UnlikeWriter { label: item.label, writer, ratio };
            let (kind, of, other) = (Kind::UnlikeWriter, vec![row], Some(other));
            Finding { kind, of, other, suggested: None, score, reason }
        })
        .collect()
}

/// The nearest picture other than itself, and its distance. Without any: itself, at distance 0.
fn nearest(descriptors: &[Descriptor], row: u32, among: impl Iterator<Item = u32>) -> (f64, u32) {
    let own = &descriptors[row as usize];
    let others = among.filter(|&other| other != row);
    let squares = others.map(|other| (squared_distance(own, &descriptors[other as usize]), other));
    let nearest = squares.reduce(|best, next| if next.0 < best.0 { next } else { best });
    nearest.map_or((0.0, row), |(square, other)| (libm::sqrt(f64::from(square)), other))
}

/// How far each value lies beyond the median, in robust standard deviations.
fn beyond(values: &[f64]) -> Vec<f64> {
    let middle = median(values.to_vec());
    let spread = MAD_TO_STD * median(values.iter().map(|value| (value - middle).abs()).collect());
    values.iter().map(|value| if spread > 0.0 { (value - middle) / spread } else { 0.0 }).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_beyond_the_median_are_not_moved_by_what_they_find() {
        let mut values: Vec<f64> = (0..99).map(f64::from).collect();
        values.push(1e6);
        let beyond = beyond(&values);
        assert!(beyond[99] > 1e4 && beyond[..99].iter().all(|score| score.abs() < 2.0));
        assert_eq!(super::beyond(&[3.0; 5]), [0.0; 5]);
    }
}
