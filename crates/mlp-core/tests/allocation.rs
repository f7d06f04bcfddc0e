//! A step, an evaluation and a prediction with a kept workspace allocate nothing.
#![allow(unsafe_code, reason = "a counting allocator needs unsafe")]

use mlp_core::activation::Activation;
use mlp_core::architecture::Architecture;

use mlp_core::init::Init;
use mlp_core::kernels::KernelPath;
use mlp_core::network::{Network, Workspace};
use mlp_core::optimizer::{AdamW, Optimizer, Sgd, SgdMomentum};
use mlp_core::random::{Purpose, Stream};
use mlp_core::train::{Average, Trainer};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    // Per thread: the test harness allocates in threads of its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator unchanged; the counter is a constant-initialised cell, which does
// not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps GlobalAlloc's contract, which is System's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from System in `alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

#[test]
fn steps_evaluations_and_predictions_allocate_nothing() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1_u8; 10]))) > 0, "the counter counts");
    let mut stream = Stream::new(1, Purpose::Init);
    let inputs: Vec<f32> = (0..100 * 30).map(|_| stream.normal() as f32).collect();
    let labels: Vec<u8> = (0..100).map(|i| (i % 4) as u8).collect();
    let rows: Vec<u32> = (0..100).collect();
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        for activation in Activation::ALL {
            let shape = Architecture::new(30, &[20, 9], &[activation, activation], 4).unwrap();
            let mut workspace = Workspace::new(&shape, 16, path);
            let network = Network::new(shape, Init::He, &mut stream);
            let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.01 }, 16, path);
            let mut probabilities = vec![0.0; 100 * 4];
            let mut sum = 0.0;
            let count = allocations(|| {
                // From the very first step on; the last batch has 4 rows.
                for batch in rows.chunks(16) {
                    trainer.step(&inputs, &labels, batch);
                }
                trainer.evaluate(&inputs, &labels, &rows, |_, p| sum += p[0]);
                workspace.probabilities(trainer.network(), &inputs, &mut probabilities);
            });
            assert_eq!(count, 0, "{} on {}", activation.name(), path.name());
            assert!(sum > 0.0 && probabilities.iter().all(|p| *p > 0.0));
        }
    }
}

#[test]
fn no_optimiser_or_regularisation_allocates_either() {
    let mut stream = Stream::new(1, Purpose::Init);
    let inputs: Vec<f32> = (0..100 * 30).map(|_| stream.normal() as f32).collect();
    let labels: Vec<u8> = (0..100).map(|i| (i % 4) as u8).collect();
    let rows: Vec<u32> = (0..100).collect();
    let momentum = SgdMomentum { learning_rate: 0.01, momentum: 0.9, nesterov: true, weight_decay: 0.01 };
    let optimizers: [Optimizer; 3] = [Sgd { learning_rate: 0.01 }.into(), momentum.into(), AdamW::default().into()];
    for optimizer in optimizers {
        for average in [Average::Ema { decay: 0.9 }, Average::Swa] {
            let shape = Architecture::new(30, &[20, 9], &[Activation::Relu; 2], 4).unwrap();
            let network = Network::new(shape, Init::He, &mut stream);
            let mut trainer = Trainer::new(network, optimizer, 16, KernelPath::detect())
                .with_dropout(&[0.5, 0.1], Stream::new(1, Purpose::Dropout))
                .with_label_smoothing(0.1)
                .with_average(average);
            let mut sum = 0.0;
            let count = allocations(|| {
                for batch in rows.chunks(16) {
                    trainer.set_learning_rate(0.02);
                    trainer.step(&inputs, &labels, batch);
                    trainer.average();
                }
                trainer.evaluate(&inputs, &labels, &rows, |_, p| sum += p[0]);
            });
            assert_eq!(count, 0, "{optimizer:?} {average:?}");
            assert!(sum > 0.0);
        }
    }
}
