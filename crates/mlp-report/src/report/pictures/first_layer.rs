//! The weights of the first layer, a picture for each unit.

use stage_files::is_fault_of_system;
use stage_files::kind::{Kind, kind};
use stage_files::model::Model;
use stage_files::picture::Canvas;
use stage_files::run::MODEL_FILE;

use crate::experiment::Experiment;
use crate::pictures::TestRows;
use crate::run::Run;
use crate::words::pictures::{self as said, Units};
use stage_page::{Block, Lang, Signed};

/// Units that are shown, those with the largest weights.
const MOST_UNITS: usize = 60;
/// The share of the weights that lie within the scale.
const WITHIN: f64 = 0.99;

/// The first layer of the run with the highest test accuracy; a warning where its model is damaged.
///
/// # Errors
/// Faults of the system.
pub(super) fn weights(lang: Lang, experiment: &Experiment<'_>, rows: &TestRows) -> anyhow::Result<Option<Block>> {
    let accuracy = |run: &Run| run.summary.test_accuracy.unwrap_or(-1.0);
    let best = experiment.runs.iter().rev().max_by(|a, b| accuracy(a).total_cmp(&accuracy(b)));
    let Some(run) = best else { return Ok(None) };
    let path = run.folder.join(MODEL_FILE);
    // A run that diverged has no model.
    if kind(&path)? == Kind::Nothing {
        return Ok(None);
    }
    match Model::read(&path) {
        Ok(model) => Ok(tiles(lang, &run.name, &model, rows.canvas).map(Block::Signed)),
        Err(error) if is_fault_of_system(&error) => Err(error),
        Err(error) => {
            let reason = stage_files::in_words(&error)
                .replace(&format!("{}{}", run.folder.display(), std::path::MAIN_SEPARATOR), "");
            Ok(Some(Block::Warning(said::weights_not_shown(lang, &run.name, &reason))))
        }
    }
}

/// The units of a model whose inputs are pictures of this shape.
fn tiles(lang: Lang, name: &str, model: &Model, canvas: Canvas) -> Option<Signed> {
    let layer = model.layers.first()?;
    if layer.inputs != canvas.pixels() {
        return None;
    }
    let unit = |unit: usize| layer.weight.iter().skip(unit).step_by(layer.outputs).copied().collect::<Vec<f32>>();
    let mut units: Vec<Vec<f32>> = (0..layer.outputs).map(unit).collect();
    let all = units.len();
    let is_output = model.layers.len() == 1;
    if !is_output {
        let size = |unit: &[f32]| unit.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>();
        // A stable sort: equal units stay in their order.
        units.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
    units.truncate(MOST_UNITS);
    let mut sizes: Vec<f32> = units.iter().flatten().map(|weight| weight.abs()).collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let limit = *sizes.get((WITHIN * (sizes.len() - 1) as f64) as usize)?;
    if !(limit > 0.0 && limit.is_finite()) {
        return None;
    }
    let which = if is_output { Units::Outputs } else { Units::Largest { shown: units.len(), all } };
    let caption = said::first_layer(lang, name, which, model.scaling.invert, WITHIN);
    Some(Signed { caption, width_px: canvas.width_px as usize, limit, tiles: units })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stage_files::config::Scale;
    use stage_files::model::Layer;
    use stage_files::scaling::Scaling;

    fn model(units: usize, layers: usize) -> Model {
        // Unit u has the weights u, -u, u, -u.
        let weight =
            (0..4).flat_map(|input| (0..units).map(move |unit| (1.0 - 2.0 * (input % 2) as f32) * unit as f32));
        let first = Layer { inputs: 4, outputs: units, weight: weight.collect(), bias: vec![0.0; units] };
        let last = Layer { inputs: units, outputs: 2, weight: vec![0.0; 2 * units], bias: vec![0.0; 2] };
        Model {
            name: "m".into(),
            labels: "1,7".parse().unwrap(),
            activation: vec![],
            scaling: Scaling { scale: Scale::Unit, invert: true, standard: None },
            picture: None,
            temperature: 1.0,
            layers: [first, last].into_iter().take(layers).collect(),
            detector: None,
            guarantee: None,
        }
    }

    #[test]
    fn units_come_by_the_size_of_their_weights_and_outputs_in_their_order() {
        let canvas = Canvas { width_px: 2, height_px: 2 };
        let hidden = tiles(Lang::En, "a/seed-1", &model(100, 2), canvas).unwrap();
        assert_eq!((hidden.tiles.len(), &hidden.tiles[0]), (MOST_UNITS, &vec![99.0, -99.0, 99.0, -99.0]));
        assert!(hidden.caption.contains("of a/seed-1, one for each pixel: the 60 of 100 units"), "{}", hidden.caption);
        assert!(hidden.caption.contains("ink raises the sum") && hidden.limit == 99.0, "{}", hidden.limit);
        let outputs = tiles(Lang::En, "b", &model(2, 1), canvas).unwrap();
        assert_eq!(outputs.tiles, [vec![0.0, -0.0, 0.0, -0.0], vec![1.0, -1.0, 1.0, -1.0]]);
        assert!(tiles(Lang::En, "c", &model(3, 2), Canvas::DEFAULT).is_none());
        assert!(tiles(Lang::En, "d", &model(1, 2), canvas).is_none(), "no weight differs from 0");
    }
}
