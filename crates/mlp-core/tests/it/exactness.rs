//! Equal bits in every run, on every path and for any size of the buffers; and relations that need no reference.

use crate::plain::{self, PIXELS};
use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;
use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
#[cfg(feature = "std")]
use mlp_core::kernels::Team;
use mlp_core::network::Network;
#[cfg(feature = "std")]
use mlp_core::optimizer::{AdamW, Optimizer, SgdMomentum};
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Sgd, Trainer};
#[cfg(feature = "std")]
use std::sync::Arc;

fn network(hidden: &[usize], activation: Activation) -> Network {
    let shape = Architecture::new(PIXELS, hidden, &vec![activation; hidden.len()], 5).unwrap();
    Network::new(shape, Init::LeCun, &mut Stream::new(3, Purpose::Init))
}

/// All results of a run as bits: the loss of every step, the parameters, test loss and test probabilities.
fn run(network: Network, path: KernelPath, batch: usize) -> Vec<u64> {
    let (inputs, labels) = plain::data();
    let mut rows: Vec<u32> = (0..157).collect(); // 157 rows: the last batch is short.
    let mut shuffle = Stream::new(9, Purpose::Shuffle);
    let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.1 }, batch, path);
    let mut bits = Vec::new();
    for _ in 0..3 {
        shuffle.shuffle(&mut rows);
        for batch in rows.chunks(batch) {
            bits.push(u64::from(trainer.step(&inputs, &labels, batch).loss.to_bits()));
        }
    }
    bits.extend(trainer.network().parameters().as_slice().iter().map(|v| u64::from(v.to_bits())));
    let test: Vec<u32> = (157..200).collect();
    let mut seen = Vec::new();
    let result =
        trainer.evaluate(&inputs, &labels, &test, |_, p| seen.extend(p.iter().map(|v| u64::from(v.to_bits()))));
    bits.push(result.loss.to_bits());
    bits.extend(seen);
    bits
}

#[test]
fn two_runs_and_all_paths_give_the_same_bits() {
    for activation in Activation::ALL {
        for (hidden, batch) in [(&[][..], 10), (&[33, 17][..], 10), (&[16, 5, 1][..], 7)] {
            let expected = run(network(hidden, activation), KernelPath::Portable, batch);
            for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
                let found = run(network(hidden, activation), path, batch);
                assert!(found == expected, "{} {hidden:?} on {}", activation.name(), path.name());
            }
        }
    }
}

/// The network and the batches are large enough for threads to share every product and the optimiser.
#[cfg(feature = "std")]
#[test]
fn several_threads_give_the_bits_of_one() {
    let (inputs, labels) = plain::data();
    let rows: Vec<u32> = (0..160).collect();
    let momentum = SgdMomentum { learning_rate: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0.01 };
    for optimizer in [Optimizer::from(Sgd { learning_rate: 0.1 }), momentum.into(), AdamW::default().into()] {
        let run = |threads: usize| {
            let mut trainer = Trainer::new(network(&[256, 200], Activation::Gelu), optimizer, 40, KernelPath::detect());
            trainer.set_team(Some(Arc::new(Team::new(threads).unwrap())));
            let losses: Vec<f32> = rows.chunks(40).map(|rows| trainer.step(&inputs, &labels, rows).loss).collect();
            let test = trainer.evaluate(&inputs, &labels, &rows, |_, _| {});
            (losses, test, trainer.into_network())
        };
        let alone = run(1);
        assert!(run(2) == alone && run(5) == alone, "{optimizer:?}");
    }
}

/// The digest of a short run shows on any machine whether it computes the same bits as the others.
#[test]
fn a_short_run_has_the_stored_digest() {
    let digest = |bits: &[u64]| {
        // FNV-1a, 64 bit, over whole words.
        bits.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| (hash ^ word).wrapping_mul(0x0100_0000_01b3))
    };
    let found =
        Activation::ALL.map(|activation| digest(&run(network(&[33, 17], activation), KernelPath::detect(), 10)));
    let stored = [
        0x30cb_3cc2_406e_0e67,
        0xf334_d8ec_a569_435b,
        0xc1f6_fb0d_6163_14d3,
        0x45e3_243d_94a7_7f0d,
        0x54a0_1ede_882e_a6c5,
        0xa04a_ee9d_ba26_9f36,
        0x8b36_9368_a2c5_b6f9,
    ];
    assert_eq!(found, stored, "found {found:#018x?}");
}

#[test]
fn a_run_learns() {
    let (inputs, labels) = plain::data();
    let rows: Vec<u32> = (0..160).collect();
    let mut trainer =
        Trainer::new(network(&[32], Activation::Relu), Sgd { learning_rate: 0.1 }, 10, KernelPath::detect());
    let test: Vec<u32> = (160..200).collect();
    let before = trainer.evaluate(&inputs, &labels, &test, |_, _| {});
    for _ in 0..30 {
        rows.chunks(10).for_each(|batch| {
            trainer.step(&inputs, &labels, batch);
        });
    }
    let after = trainer.evaluate(&inputs, &labels, &test, |_, _| {});
    assert!(after.loss < 0.3 * before.loss && after.correct >= 36, "{before:?} {after:?}");
}

#[test]
fn a_short_batch_is_averaged_over_its_own_rows() {
    let (inputs, labels) = plain::data();
    let step = |max_rows: usize| {
        let mut trainer =
            Trainer::new(network(&[9], Activation::Gelu), Sgd { learning_rate: 0.5 }, max_rows, KernelPath::detect());
        let result = trainer.step(&inputs, &labels, &[4, 8, 15]);
        (result, trainer.into_network())
    };
    assert_eq!(step(3), step(64));
}

#[test]
fn a_repeated_batch_gives_the_same_mean_gradient() {
    let (inputs, labels) = plain::data();
    for activation in Activation::ALL {
        let start = network(&[12, 8], activation);
        let step = |rows: &[u32]| {
            let mut trainer = Trainer::new(start.clone(), Sgd { learning_rate: 1.0 }, 16, KernelPath::detect());
            let result = trainer.step(&inputs, &labels, rows);
            (result, trainer.into_network())
        };
        let ((once, a), (twice, b)) = (step(&[1, 2, 3, 4]), step(&[1, 2, 3, 4, 1, 2, 3, 4]));
        assert!((once.loss - twice.loss).abs() < 1e-6 && twice.correct == 2 * once.correct, "{}", activation.name());
        assert_ne!(a, start);
        for (a, b) in a.parameters().as_slice().iter().zip(b.parameters().as_slice()) {
            assert!((a - b).abs() < 1e-6, "{}: {a} {b}", activation.name());
        }
    }
}

#[test]
fn a_constant_added_to_every_logit_changes_the_probabilities_by_rounding_only() {
    let (inputs, _) = plain::data();
    let mut moved = network(&[20], Activation::Tanh);
    let mut expected = vec![0.0; 200 * 5];
    moved.probabilities(&inputs, &mut expected);
    moved.parameters_mut().layer_mut(1).1.iter_mut().for_each(|b| *b += 32.0);
    let mut found = vec![0.0; 200 * 5];
    moved.probabilities(&inputs, &mut found);
    assert_ne!(found, expected, "the constant reached the logits");
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 2e-5));
    assert!(found.chunks(5).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-6));
}

#[test]
fn a_diverged_run_has_a_loss_and_weights_that_are_not_finite() {
    let (inputs, labels) = plain::data();
    let rows: Vec<u32> = (0..160).collect();
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        let mut trainer = Trainer::new(network(&[16], Activation::Relu), Sgd { learning_rate: 1e30 }, 10, path);
        let losses: Vec<f32> = rows.chunks(10).map(|batch| trainer.step(&inputs, &labels, batch).loss).collect();
        assert!(losses[0].is_finite() && losses.last().unwrap().is_nan(), "{}: {losses:?}", path.name());
        let parameters = trainer.network().parameters();
        assert!(!parameters.is_finite() && !parameters.largest().is_finite(), "{}", path.name());
    }
}
