//! What each initialisation draws. The standard deviation of the starting weights decides whether a signal gets through
//! many layers.

use std::collections::BTreeMap;

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::random::{Purpose, Stream};
use serde_json::Value;

use crate::experiment::Experiment;
use crate::run::Run;
use crate::words::{self, curves as said};
use stage_page::chart::{self, Histogram};
use stage_page::{Block, Lang};

/// Draws, range and bins, as in the histograms of the 2022 experiments.
const DRAWS: usize = 10_000;
const RANGE: f64 = 0.3;
const BINS: usize = 100;
/// Histograms in one chart.
const MOST: usize = 12;

/// A histogram for each standard deviation that some layer of some experiment starts with.
pub(crate) fn histograms(lang: Lang, experiments: &[Experiment<'_>]) -> Option<Block> {
    // By the bits of the deviation, which for positive numbers sort as the numbers do.
    let mut found: BTreeMap<(String, u64), Vec<String>> = BTreeMap::new();
    for experiment in experiments {
        let Some((rule, init, architecture)) = start(experiment.runs[0]) else { continue };
        for i in 0..architecture.depth() {
            let std = init.std(&architecture, i);
            let fan_in = architecture.layer(i).inputs.to_string();
            let fans = found.entry((rule.clone(), std.to_bits())).or_default();
            if !fans.contains(&fan_in) {
                fans.push(fan_in);
            }
        }
    }
    let panels: Vec<Histogram> =
        found.iter().take(MOST).map(|((rule, bits), fans)| panel(lang, rule, f64::from_bits(*bits), fans)).collect();
    if panels.is_empty() {
        return None;
    }
    let mut description = {
        let names: Vec<String> = panels.iter().map(|panel| panel.name.clone()).collect();
        said::draws(lang, DRAWS, BINS, RANGE, &words::listed(lang, &names))
    };
    if found.len() > MOST {
        description += &said::more_draws(lang, found.len() - MOST);
    }
    let chart = chart::histograms("starting-weights".into(), &said::starting_weights(lang), description, &panels, 4);
    Some(Block::Charts(vec![chart]))
}

fn panel(lang: Lang, rule: &str, std: f64, fans: &[String]) -> Histogram {
    let mut stream = Stream::new(1, Purpose::Init);
    let mut counts = vec![0; BINS];
    let mut outside = 0;
    for _ in 0..DRAWS {
        let bin = ((std * stream.normal() + RANGE) / (2.0 * RANGE) * BINS as f64).floor();
        match counts.get_mut(bin.max(-1.0) as isize as usize) {
            Some(count) => *count += 1,
            None => outside += 1,
        }
    }
    let fans = if rule == "normal" { String::new() } else { fans.join(", ") };
    let note = if outside > 0 { said::outside(lang, outside) } else { String::new() };
    Histogram { name: said::rule(lang, rule, std, &fans), note, low: -RANGE, high: RANGE, counts }
}

/// Initialisation and architecture of a run; `None` when it began from a file or its config cannot be read.
fn start(run: &Run) -> Option<(String, Init, Architecture)> {
    let (rule, init) = match run.config.get("init")? {
        Value::String(name) => {
            let init = match name.as_str() {
                "he" => Init::He,
                "xavier" => Init::Xavier,
                "lecun" => Init::LeCun,
                "he-2022" => Init::He2022,
                _ => return None,
            };
            (name.clone(), init)
        }
        other => ("normal".to_owned(), Init::Normal { std: other.pointer("/normal/std")?.as_f64()? as f32 }),
    };
    let s = &run.summary;
    let outputs = s.labels.len();
    let activations: Option<Vec<Activation>> = s.activation.iter().map(|name| activation(name)).collect();
    Some((rule, init, Architecture::new(inputs(run)?, &s.hidden, &activations?, outputs).ok()?))
}

/// The number of inputs, from the number of parameters: (inputs + 1) x first width is what the later layers leave.
fn inputs(run: &Run) -> Option<usize> {
    let s = &run.summary;
    let widths: Vec<usize> = s.hidden.iter().copied().chain([s.labels.len()]).collect();
    let later: usize = widths.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
    let first = usize::try_from(s.parameters).ok()?.checked_sub(later)?;
    (first / widths[0]).checked_sub(1).filter(|inputs| (inputs + 1) * widths[0] == first)
}

fn activation(name: &str) -> Option<Activation> {
    Some(match name {
        "identity" => Activation::Identity,
        "sigmoid" => Activation::Sigmoid,
        "tanh" => Activation::Tanh,
        "relu" => Activation::Relu,
        "leaky_relu" => Activation::LeakyRelu,
        "selu" => Activation::Selu,
        "gelu" => Activation::Gelu,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_counts_every_draw() {
        let narrow = panel(Lang::En, "normal", 0.003, &[]);
        assert_eq!(narrow.counts.iter().sum::<u64>(), DRAWS as u64);
        // Of a normal variable 68 % lie within one standard deviation; bins are 0.006 wide, and two meet at 0.
        assert!(narrow.counts[49] + narrow.counts[50] > 9_400 && narrow.note.is_empty());
        let wide = panel(Lang::En, "he", 0.3, &["400".into()]);
        let outside: u64 = wide.note.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(wide.counts.iter().sum::<u64>() + outside, DRAWS as u64);
        // 31.7 % lie outside one standard deviation; five standard errors are 2.3 %.
        assert!((outside as f64 / DRAWS as f64 - 0.317).abs() < 0.024, "{outside}");
    }
}
