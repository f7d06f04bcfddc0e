//! A part of what could be imported, spread evenly over writers and digits.

use std::collections::BTreeMap;

use stage_files::digest::sha256_hex;
use stage_files::refuse;

use crate::folder::{Job, Planned};

/// Keeps `count` pictures of a job: of each writer and digit about the share that it has of all (W. G. Cochran 1977,
/// "Sampling Techniques", chapter 5: proportional allocation). `seed` decides which. With one seed a smaller sample is
/// part of a larger one. What is left out is counted.
pub fn even<T>(job: &mut Job<T>, count: u32, seed: u64) -> anyhow::Result<()> {
    let (count, all) = (count as usize, job.pictures.len());
    if count > all {
        refuse!("--count: expected at most {all}, as there are pictures of these digits, found {count}");
    }
    let mut classes: BTreeMap<(String, u8), Vec<(u64, Planned<T>)>> = BTreeMap::new();
    for picture in job.pictures.drain(..) {
        let class = (picture.name.writer().unwrap_or_default().to_owned(), picture.name.label);
        classes.entry(class).or_default().push((number(seed, &picture.source), picture));
    }
    // The k-th of the n pictures of a class stands at (k + u) / n, with a random u of the class, 0 <= u < 1: the first
    // ones of all classes together then hold equal shares of each, whole pictures apart, and no class is favoured.
    let mut placed = Vec::with_capacity(all);
    for ((writer, label), mut pictures) in classes {
        pictures.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.stem.cmp(&b.1.stem)));
        let (n, start) = (pictures.len() as f64, number(seed, &format!("{writer}/{label}")) as f64 / 2f64.powi(64));
        let place = |(k, (own, picture)): (usize, (u64, Planned<T>))| ((k as f64 + start) / n, own, picture);
        placed.extend(pictures.into_iter().enumerate().map(place));
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then_with(|| a.2.stem.cmp(&b.2.stem)));
    job.pictures.extend(placed.into_iter().take(count).map(|(_, _, picture)| picture));
    *job.info.counts.entry("left_out".into()).or_default() += (all - count) as u64;
    if let Some(settings) = job.info.settings.as_object_mut() {
        settings.insert("sample".into(), serde_json::json!({"count": count, "seed": seed}));
    }
    Ok(())
}

/// A random number that a text stands for.
fn number(seed: u64, text: &str) -> u64 {
    let hex = sha256_hex(format!("{seed}/{text}").as_bytes());
    u64::from_str_radix(&hex[..16], 16).unwrap_or_else(|_| unreachable!("a digest is hexadecimal"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stage_files::picture_name::PictureName;
    use stage_files::stage::StageInfo;

    /// Writer `a` with 100 pictures of each digit, writer `b` with 40, writer `c` with one of a 1.
    fn job() -> Job<()> {
        let info = StageInfo::new("digit-source", "0", serde_json::json!({}), "1-2".parse().unwrap());
        let picture = |label, writer: &str, n: usize| {
            let name = PictureName { label, size: 20, id: format!("{writer}-{n}") };
            Planned::new(name, format!("{writer}/{label}/{n}.png"), ())
        };
        let mut pictures: Vec<Planned<()>> = Vec::new();
        for label in [1, 2] {
            pictures.extend((0..100).map(|n| picture(label, "a", n)));
            pictures.extend((0..40).map(|n| picture(label, "b", n)));
        }
        pictures.push(picture(1, "c", 0));
        Job::new(info, pictures)
    }

    fn sample(count: u32, seed: u64) -> Vec<String> {
        let mut job = job();
        even(&mut job, count, seed).unwrap();
        assert_eq!(job.info.counts["left_out"], 281 - u64::from(count));
        job.pictures.into_iter().map(|picture| picture.stem).collect()
    }

    #[test]
    fn each_writer_and_digit_has_its_share() {
        for seed in 1..20 {
            let found = sample(70, seed);
            for (class, expected) in [("1_20_a-", 25.0), ("2_20_a-", 25.0), ("1_20_b-", 10.0), ("2_20_b-", 10.0)] {
                let count = found.iter().filter(|stem| stem.starts_with(class)).count();
                assert!((count as f64 - expected).abs() <= 1.0, "seed {seed}, {class}: {count}");
            }
        }
        // A writer with one picture is in a quarter of the samples, not in all or none.
        let with_c = (0..200).filter(|&seed| sample(70, seed).contains(&"1_20_c-0".to_owned())).count();
        // Five standard errors of a binomial count.
        assert!((with_c as f64 - 50.0).abs() < 5.0 * (200.0f64 * 0.25 * 0.75).sqrt(), "{with_c}");
    }

    #[test]
    fn a_smaller_sample_is_part_of_a_larger_one_and_seeds_differ() {
        let (small, large) = (sample(30, 1), sample(90, 1));
        assert_eq!(large[..30], small);
        assert_ne!(sample(30, 2), small);
    }

    #[test]
    fn more_than_there_are_is_refused() {
        let error = even(&mut job(), 282, 1).unwrap_err();
        assert!(stage_files::is_refused(&error) && error.to_string().contains("at most 281"), "{error}");
    }
}
