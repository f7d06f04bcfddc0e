//! `model.safetensors`: weights, with everything that a program needs to use them.
//!
//! Tensors are `layers.{i}.weight` (inputs, outputs) and `layers.{i}.bias`, and for the scale `standard` also
//! `input.mean` and `input.std`. The metadata, each value in JSON: `format`, `name`, `hidden`, `activation`, `labels`,
//! `inputs`, `scale`, `invert`, `picture` when it is known how pictures become inputs, `temperature` when the
//! probabilities have been calibrated, `guarantee` when a [`Guarantee`] has been measured, and `detector` (with tensors
//! `detector.layers.{i}.weight` and `.bias`) when a [`Detector`] has been learned. Weights may have 16 bits instead
//! of 32: `mlp-train export --f16` writes such files.

use std::path::Path;

use anyhow::Context;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::{ActivationName, Scale};
use crate::guarantee::Guarantee;
use crate::labels::LabelSet;
use crate::picture::PictureSettings;
use crate::refuse;
use crate::safetensors::{Tensor, Tensors};
use crate::scaling::Scaling;

/// Version of the metadata.
pub const FORMAT: u32 = 1;

/// One dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Fan-in.
    pub inputs: usize,
    /// Fan-out.
    pub outputs: usize,
    /// (inputs, outputs), row by row.
    pub weight: Vec<f32>,
    /// (outputs).
    pub bias: Vec<f32>,
}

/// A trained network, and how pictures become its inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Name of the experiment.
    pub name: String,
    /// The digits of its outputs.
    pub labels: LabelSet,
    /// Activation behind each hidden layer.
    pub activation: Vec<ActivationName>,
    /// How pixel values become inputs.
    pub scaling: Scaling,
    /// How pictures become pixels, as far as known.
    pub picture: Option<PictureSettings>,
    /// The temperature: what the logits are divided by before the softmax, fitted to rows that did not train
    /// (temperature scaling, Guo et al. 2017). 1 changes nothing.
    pub temperature: f32,
    /// Layers, from the inputs on.
    pub layers: Vec<Layer>,
    /// The detector, if one has been trained.
    pub detector: Option<Detector>,
    /// From which confidence on answers may be accepted, if that has been measured.
    pub guarantee: Option<Guarantee>,
}

/// A second network on the same inputs, with ReLU hidden layers and two outputs: no digit of the label set, digit. It
/// has learned from as many of one as of the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// Layers, from the inputs on.
    pub layers: Vec<Layer>,
    /// What its logits are divided by before the softmax.
    pub temperature: f32,
}

/// What the metadata say of a detector.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DetectorFacts {
    hidden: Vec<usize>,
    temperature: f32,
}

/// Outputs of a detector.
const DETECTOR_OUTPUTS: usize = 2;
/// First part of the names of the network's tensors.
const LAYERS: &str = "layers";
/// First part of the names of the detector's tensors.
const DETECTOR_LAYERS: &str = "detector.layers";

impl Model {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        self.to_tensors()?.to_bytes()
    }

    /// The bytes of a file about half as long: weights have 16 bits.
    ///
    /// # Errors
    /// A refusal if a weight is too large for 16 bits.
    pub fn to_half_bytes(&self) -> anyhow::Result<Vec<u8>> {
        self.to_tensors()?.to_half_bytes()
    }

    /// Reads and checks the bytes of a file.
    ///
    /// # Errors
    /// A refusal that says what is wrong with them.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        Self::from_tensors(&Tensors::from_bytes(bytes)?)
    }

    /// Reads and checks a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        Self::from_tensors(&Tensors::read(path)?).with_context(|| path.display().to_string())
    }

    fn to_tensors(&self) -> anyhow::Result<Tensors> {
        let mut file = Tensors::default();
        let mut say = |key: &str, value: &dyn erased::Json| -> anyhow::Result<()> {
            file.metadata.insert(key.into(), value.text()?);
            Ok(())
        };
        say("format", &FORMAT)?;
        say("name", &self.name)?;
        say("hidden", &hidden(&self.layers))?;
        say("activation", &self.activation)?;
        say("labels", &self.labels)?;
        say("inputs", &self.layers[0].inputs)?;
        say("scale", &self.scaling.scale)?;
        say("invert", &self.scaling.invert)?;
        if let Some(picture) = &self.picture {
            say("picture", picture)?;
        }
        if self.temperature != 1.0 {
            say("temperature", &self.temperature)?;
        }
        if let Some(guarantee) = &self.guarantee {
            say("guarantee", guarantee)?;
        }
        if let Some(detector) = &self.detector {
            let facts = DetectorFacts { hidden: hidden(&detector.layers), temperature: detector.temperature };
            say("detector", &facts)?;
        }
        let mut tensor = |name: String, shape: &[usize], data: &[f32]| {
            file.tensors.insert(name, Tensor { shape: shape.to_vec(), data: data.to_vec() });
        };
        let detector = self.detector.iter().map(|detector| (DETECTOR_LAYERS, &detector.layers));
        for (prefix, layers) in [(LAYERS, &self.layers)].into_iter().chain(detector) {
            for (i, layer) in layers.iter().enumerate() {
                tensor(format!("{prefix}.{i}.weight"), &[layer.inputs, layer.outputs], &layer.weight);
                tensor(format!("{prefix}.{i}.bias"), &[layer.outputs], &layer.bias);
            }
        }
        if let Some((mean, std)) = &self.scaling.standard {
            tensor("input.mean".into(), &[mean.len()], mean);
            tensor("input.std".into(), &[std.len()], std);
        }
        Ok(file)
    }

    fn from_tensors(file: &Tensors) -> anyhow::Result<Self> {
        fn fact<T: DeserializeOwned>(file: &Tensors, key: &str) -> anyhow::Result<T> {
            let Some(text) = file.metadata.get(key) else {
                refuse!("metadata `{key}` is missing; expected a model.safetensors of mlp-train");
            };
            match serde_json::from_str(text) {
                Ok(value) => Ok(value),
                Err(error) => refuse!("metadata `{key}`: {error}; found `{text}`"),
            }
        }
        let format: u32 = fact(file, "format")?;
        if format != FORMAT {
            refuse!("format {format} is not known here, expected {FORMAT}; use the version that made it");
        }
        let labels: LabelSet = fact(file, "labels")?;
        let hidden: Vec<usize> = fact(file, "hidden")?;
        let activation: Vec<ActivationName> = fact(file, "activation")?;
        let inputs: usize = fact(file, "inputs")?;
        if activation.len() != hidden.len() {
            refuse!("metadata `activation` has {} entries, `hidden` {}", activation.len(), hidden.len());
        }
        let widths: Vec<usize> = [inputs].into_iter().chain(hidden).chain([labels.len()]).collect();
        if widths.contains(&0) {
            refuse!("metadata: a network of {widths:?} units; expected at least 1 in each layer");
        }
        let scale = fact(file, "scale")?;
        let standard = match scale {
            Scale::Standard => {
                let mean = tensor(file, "input.mean", &[inputs])?.to_vec();
                Some((mean, tensor(file, "input.std", &[inputs])?.to_vec()))
            }
            Scale::Raw | Scale::Unit => None,
        };
        let picture = if file.metadata.contains_key("picture") { Some(fact(file, "picture")?) } else { None };
        let temperature = if file.metadata.contains_key("temperature") { fact(file, "temperature")? } else { 1.0 };
        check_temperature("temperature", temperature)?;
        let detector = if file.metadata.contains_key("detector") {
            let DetectorFacts { hidden, temperature } = fact(file, "detector")?;
            check_temperature("detector", temperature)?;
            let widths: Vec<usize> = [inputs].into_iter().chain(hidden).chain([DETECTOR_OUTPUTS]).collect();
            Some(Detector { layers: layers_named(file, DETECTOR_LAYERS, &widths)?, temperature })
        } else {
            None
        };
        let guarantee: Option<Guarantee> =
            if file.metadata.contains_key("guarantee") { Some(fact(file, "guarantee")?) } else { None };
        guarantee.iter().try_for_each(Guarantee::check)?;
        Ok(Self {
            name: fact(file, "name")?,
            labels,
            activation,
            scaling: Scaling { scale, invert: fact(file, "invert")?, standard },
            picture,
            temperature,
            layers: layers(file, &widths)?,
            detector,
            guarantee,
        })
    }
}

fn hidden(layers: &[Layer]) -> Vec<usize> {
    layers.iter().skip(1).map(|layer| layer.inputs).collect()
}

fn check_temperature(key: &str, temperature: f32) -> anyhow::Result<()> {
    if !(f32::MIN_POSITIVE..=f32::MAX).contains(&temperature) {
        refuse!("metadata `{key}`: expected a temperature above 0, found {temperature}");
    }
    Ok(())
}

/// The layers of a network with these widths (inputs, hidden, outputs) from a file of tensors. The file need not hold
/// anything else, so training can start from it.
pub fn layers(file: &Tensors, widths: &[usize]) -> anyhow::Result<Vec<Layer>> {
    layers_named(file, LAYERS, widths)
}

fn layers_named(file: &Tensors, prefix: &str, widths: &[usize]) -> anyhow::Result<Vec<Layer>> {
    let pairs = widths.windows(2).enumerate();
    let layers = pairs.map(|(i, pair)| {
        Ok(Layer {
            inputs: pair[0],
            outputs: pair[1],
            weight: tensor(file, &format!("{prefix}.{i}.weight"), pair)?.to_vec(),
            bias: tensor(file, &format!("{prefix}.{i}.bias"), &pair[1..])?.to_vec(),
        })
    });
    layers.collect()
}

fn tensor<'a>(file: &'a Tensors, name: &str, shape: &[usize]) -> anyhow::Result<&'a [f32]> {
    let Some(tensor) = file.tensors.get(name) else {
        let names: Vec<&str> = file.tensors.keys().map(String::as_str).collect();
        refuse!("tensor {name} is missing; found {}", names.join(", "));
    };
    if tensor.shape != shape {
        refuse!("tensor {name}: expected shape {shape:?}, found {:?}", tensor.shape);
    }
    Ok(&tensor.data)
}

/// Values of several types behind one closure.
mod erased {
    use super::Serialize;

    pub(super) trait Json {
        fn text(&self) -> serde_json::Result<String>;
    }

    impl<T: Serialize> Json for T {
        fn text(&self) -> serde_json::Result<String> {
            serde_json::to_string(self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let layer = |inputs: usize, outputs: usize| Layer {
            inputs,
            outputs,
            weight: (0..inputs * outputs).map(|v| v as f32 / 7.0).collect(),
            bias: vec![0.5; outputs],
        };
        Model {
            name: "a".into(),
            labels: "1-3".parse().unwrap(),
            activation: vec![ActivationName::LeakyRelu],
            scaling: Scaling { scale: Scale::Standard, invert: true, standard: Some((vec![0.1; 4], vec![2.0; 4])) },
            picture: Some(PictureSettings {
                canvas: crate::picture::Canvas::DEFAULT,
                alpha: crate::picture::Alpha::White,
                preprocess: vec![],
            }),
            temperature: 1.25,
            layers: vec![layer(4, 2), layer(2, 3)],
            detector: Some(Detector { layers: vec![layer(4, 5), layer(5, 2)], temperature: 0.5 }),
            guarantee: Some(Guarantee {
                error: 0.01,
                level: 0.95,
                threshold: 0.98,
                pictures: 900,
                accepted: 800,
                wrong: 1,
                writers: Some(12),
                probability_threshold: None,
            }),
        }
    }

    #[test]
    fn a_model_round_trips_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        std::fs::write(&path, model().to_bytes().unwrap()).unwrap();
        assert_eq!(Model::read(&path).unwrap(), model());
        assert_eq!(Model::from_bytes(&model().to_bytes().unwrap()).unwrap(), model());
    }

    #[test]
    fn a_model_of_16_bits_has_the_nearest_weights_and_all_else() {
        let (model, found) = (model(), Model::from_bytes(&model().to_half_bytes().unwrap()).unwrap());
        let mut pairs = found.layers[0].weight.iter().zip(&model.layers[0].weight);
        assert!(pairs.all(|(half, whole)| (half - whole).abs() <= whole / 2048.0));
        assert!(found.layers[0].weight != model.layers[0].weight);
        let stored = found.detector.as_ref().unwrap().layers.clone();
        let detector = model.detector.as_ref().map(|detector| Detector { layers: stored, ..detector.clone() });
        assert_eq!(found.layers[0].bias, model.layers[0].bias);
        assert_eq!(found, Model { layers: found.layers.clone(), detector, ..model });
    }

    #[test]
    fn a_file_that_is_no_model_is_told_why() {
        let with = |change: &dyn Fn(&mut Tensors)| {
            let mut file = model().to_tensors().unwrap();
            change(&mut file);
            format!("{:#}", Model::from_tensors(&file).unwrap_err())
        };
        let set = |key: &str, value: &str| {
            let (key, value) = (key.to_owned(), value.to_owned());
            with(&move |f| {
                f.metadata.insert(key.clone(), value.clone());
            })
        };
        assert!(set("format", "9").contains("format 9"));
        assert!(set("hidden", "[3]").contains("expected shape [4, 3], found [4, 2]"));
        assert!(set("scale", "\"loud\"").contains("`scale`"));
        assert!(set("inputs", "0").contains("[0, 2, 3] units; expected at least 1"));
        assert!(
            set("guarantee", r#"{"error":2,"level":0.95,"threshold":0.9,"pictures":1,"accepted":1,"wrong":0}"#)
                .contains("expected shares between 0 and 1")
        );
        assert!(set("temperature", "-1").contains("expected a temperature above 0, found -1"));
        assert!(
            set("detector", r#"{"hidden":[5],"temperature":0}"#).contains("expected a temperature above 0, found 0")
        );
        assert!(set("detector", r#"{"hidden":[6],"temperature":1}"#).contains("expected shape [4, 6], found [4, 5]"));
        assert!(with(&|f| f.metadata.clear()).contains("`format` is missing"));
        assert!(with(&|f| drop(f.tensors.remove("layers.1.bias"))).contains("layers.1.bias is missing"));
        assert!(with(&|f| drop(f.tensors.remove("input.std"))).contains("input.std is missing"));
    }
}
