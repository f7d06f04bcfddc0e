//! What each preprocessing is worth: how it differs from the first one of the list.

use std::fmt::Write;

use anyhow::Context;
use mlp_statistics::mean::{Mean, Repeats};

use super::row::Row;

/// A line for each preprocessing, a column for each title. Differences are paired: seed by seed.
pub(super) fn table(rows: &[Row]) -> anyhow::Result<String> {
    let (mut lists, mut titles): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for row in rows {
        for (names, name) in [(&mut lists, &row.preprocessing), (&mut titles, &row.title)] {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let mut text = format!("| list | {} | rejected |\n|---|{}---|\n", titles.join(" | "), "---|".repeat(titles.len()));
    for list in &lists {
        let (mut cells, mut rejected) = (Vec::new(), Vec::new());
        for title in &titles {
            let find = |list: &str| rows.iter().find(|row| row.title == *title && row.preprocessing == list);
            let row = find(list).with_context(|| format!("{list} has no row for {title}"))?;
            let first = find(lists[0]).with_context(|| format!("{} has no row for {title}", lists[0]))?;
            cells.push(cell(row, (*list != lists[0]).then_some(first)).with_context(|| format!("{list}, {title}"))?);
            rejected.push(row.rejected.to_string());
        }
        writeln!(text, "| {list} | {} | {} |", cells.join(" | "), rejected.join(", "))?;
    }
    Ok(text)
}

fn cell(row: &Row, first: Option<&Row>) -> anyhow::Result<String> {
    let accuracy = row.accuracy();
    let Some(first) = first else { return Ok(format!("{:.4} ± {:.4}", accuracy.mean, half_width(&accuracy)?)) };
    let changes = row.of_seed.iter().map(|(seed, accuracy)| Some(100.0 * (accuracy - first.of_seed.get(seed)?)));
    let changes: Vec<f64> = changes.collect::<Option<_>>().context("not the seeds of the first list")?;
    let change = Mean::of(&changes).context("no seeds")?;
    Ok(format!("{:.4} ({:+.2} ± {:.2})", accuracy.mean, change.mean, half_width(&change)?))
}

fn half_width(mean: &Mean) -> anyhow::Result<f64> {
    let (low, high) = mean.interval(Repeats::SameRows).context("one seed has no interval; take two or more")?;
    Ok((high - low) / 2.0)
}
