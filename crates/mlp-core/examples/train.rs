//! Trains a small network on data in slices and prints the loss of every tenth epoch:
//! `cargo run -p mlp-core --example train`.
#![allow(clippy::print_stdout, reason = "the example prints the loss")]

use mlp_core::activation::Activation;
use mlp_core::architecture::{Architecture, ShapeError};
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};

const ROWS: usize = 400;
const BATCH: usize = 10;

fn main() -> Result<(), ShapeError> {
    // Points in the square from -1 to 1; class 1 lies inside a circle.
    let mut stream = Stream::new(1, Purpose::Split);
    let inputs: Vec<f32> = (0..2 * ROWS).map(|_| 2.0 * stream.uniform() as f32 - 1.0).collect();
    let labels: Vec<u8> = inputs.chunks(2).map(|p| u8::from(p[0] * p[0] + p[1] * p[1] < 0.6)).collect();
    let (mut train, test): (Vec<u32>, Vec<u32>) = (0..ROWS as u32).partition(|row| row % 4 != 0);

    let shape = Architecture::new(2, &[16], &[Activation::Relu], 2)?;
    let network = Network::new(shape, Init::He, &mut Stream::new(1, Purpose::Init));
    let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.3 }, BATCH, KernelPath::detect());
    let mut shuffle = Stream::new(1, Purpose::Shuffle);
    for epoch in 1..=50 {
        shuffle.shuffle(&mut train);
        let losses = train.chunks(BATCH).map(|batch| trainer.step(&inputs, &labels, batch).loss);
        let loss = losses.sum::<f32>() / train.len().div_ceil(BATCH) as f32;
        if epoch % 10 == 0 {
            println!("epoch {epoch}: mean training loss {loss:.4}");
        }
    }

    let result = trainer.evaluate(&inputs, &labels, &test, |_, _| {});
    println!("test: loss {:.4}, {} of {} right", result.loss, result.correct, result.rows);
    assert!(result.accuracy() > 0.9, "the network learns the circle");
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn runs() {
        super::main().unwrap();
    }
}
