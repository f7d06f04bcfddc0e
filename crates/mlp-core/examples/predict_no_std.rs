//! Predicts with fixed weights, without the standard library: only `alloc` is needed, for the network and its buffers.
//! `cargo run -p mlp-core --no-default-features --example predict_no_std`.
#![cfg_attr(not(test), no_std)]
#![allow(clippy::print_stdout, reason = "the example prints the predictions")]

// For `main` and `println!` only. On a microcontroller, `Xor` is used from the firmware's entry point instead.
extern crate std;

use mlp_core::activation::Activation;
use mlp_core::architecture::{Architecture, ShapeError};
use mlp_core::kernels::KernelPath;
use mlp_core::loss::arg_max;
use mlp_core::network::{Network, Workspace};

// Exclusive or: hidden unit 0 is the number of inputs that are 1, hidden unit 1 is 1 only if both are.
/// Weights of the hidden layer (2 inputs, 2 units) and its bias.
const HIDDEN: ([f32; 4], [f32; 2]) = ([1.0, 1.0, 1.0, 1.0], [0.0, -1.0]);
/// Weights of the output layer (2 units, 2 classes) and its bias.
const OUTPUT: ([f32; 4], [f32; 2]) = ([-4.0, 4.0, 8.0, -8.0], [2.0, -2.0]);

/// A network, and the buffers for one row. Allocates when it is made and never again.
struct Xor {
    network: Network,
    workspace: Workspace,
}

impl Xor {
    fn new() -> Result<Self, ShapeError> {
        let shape = Architecture::new(2, &[2], &[Activation::Relu], 2)?;
        let workspace = Workspace::new(&shape, 1, KernelPath::detect());
        let mut network = Network::zeros(shape);
        for (i, (weights, biases)) in [HIDDEN, OUTPUT].iter().enumerate() {
            let (weight, bias) = network.parameters_mut().layer_mut(i);
            weight.copy_from_slice(weights);
            bias.copy_from_slice(biases);
        }
        Ok(Self { network, workspace })
    }

    /// The class of a row, and its probability.
    fn predict(&mut self, row: [f32; 2]) -> (u8, f32) {
        let mut probabilities = [0.0; 2];
        self.workspace.probabilities(&self.network, &row, &mut probabilities);
        let class = arg_max(&probabilities);
        (class, probabilities[usize::from(class)])
    }
}

fn main() -> Result<(), ShapeError> {
    let mut xor = Xor::new()?;
    for (row, expected) in [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)] {
        let (class, probability) = xor.predict(row);
        std::println!("{row:?}: class {class} with probability {probability:.3}");
        assert_eq!(class, expected);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn runs() {
        super::main().unwrap();
    }
}
