//! Turns the layers of a model file into a network, and back.

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::network::Network;
use stage_files::model::{Layer, Model};
use stage_files::picture::{Canvas, PictureSettings};
use stage_files::refused;

/// The network of a model.
///
/// # Errors
/// A refusal if no network can have this shape.
pub fn network_of(model: &Model) -> anyhow::Result<Network> {
    let activations: Result<Vec<Activation>, _> = model.activation.iter().map(|name| name.as_str().parse()).collect();
    from_layers(&model.layers, &activations?)
}

/// A network from layers and the activations between them.
///
/// # Errors
/// A refusal if no network can have this shape.
pub fn from_layers(layers: &[Layer], activations: &[Activation]) -> anyhow::Result<Network> {
    let hidden: Vec<usize> = layers.iter().skip(1).map(|layer| layer.inputs).collect();
    let (inputs, outputs) = match layers {
        [first, .., last] => (first.inputs, last.outputs),
        [only] => (only.inputs, only.outputs),
        [] => (0, 0),
    };
    let shape = Architecture::new(inputs, &hidden, activations, outputs).map_err(|error| refused(error.to_string()))?;
    let mut network = Network::zeros(shape);
    for (i, layer) in layers.iter().enumerate() {
        let (weight, bias) = network.parameters_mut().layer_mut(i);
        weight.copy_from_slice(&layer.weight);
        bias.copy_from_slice(&layer.bias);
    }
    Ok(network)
}

/// The layers of a network as a model file holds them.
pub fn to_layers(network: &Network) -> Vec<Layer> {
    let (shape, parameters) = (network.architecture(), network.parameters());
    let layer = |i: usize| Layer {
        inputs: shape.layer(i).inputs,
        outputs: shape.layer(i).outputs,
        weight: parameters.weight(i).to_vec(),
        bias: parameters.bias(i).to_vec(),
    };
    (0..shape.depth()).map(layer).collect()
}

/// The canvas of a model's inputs: the one in its file, or else a square with as many pixels.
pub fn canvas_of(model: &Model) -> Option<Canvas> {
    canvas_for(model.picture.as_ref(), model.layers.first()?.inputs)
}

/// The canvas of pictures that were prepared in a known way, or else a square of so many pixels.
pub fn canvas_for(picture: Option<&PictureSettings>, pixels: usize) -> Option<Canvas> {
    if let Some(picture) = picture {
        return Some(picture.canvas);
    }
    let side = pixels.isqrt();
    let fits = side * side == pixels && (2..=Canvas::MAX_SIDE_PX as usize).contains(&side);
    fits.then_some(Canvas { width_px: side as u32, height_px: side as u32 })
}
