//! What the benchmarks share: the peak speed of this processor, and the operations of a training step.
#![allow(unsafe_code, reason = "intrinsics, called where the processor has the instructions")]

use mlp_core::architecture::Architecture;
use mlp_core::kernels::KernelPath;
use std::hint::black_box;
use std::time::Instant;

/// Iterations of the loop in one timed run: about 0.1 ms.
const ITERATIONS: u32 = 20_000;

/// GFLOP/s of a loop of nothing but fused multiply-adds in registers, with the path's instructions: the best of many
/// short runs, so that other load on the machine matters little. `None` for the portable path, which has no registers
/// of its own, and on processors other than x86-64.
pub fn fma_peak(path: KernelPath) -> Option<f64> {
    #[cfg(target_arch = "x86_64")]
    {
        let (run, operations): (fn(u32) -> f32, u32) = match path {
            // SAFETY: the path is available, so the processor has its instructions.
            KernelPath::Avx2 if path.is_available() => (|n| unsafe { x86::avx2(n) }, 12 * 8 * 2),
            // SAFETY: as above.
            KernelPath::Avx512 if path.is_available() => (|n| unsafe { x86::avx512(n) }, 12 * 16 * 2),
            _ => return None,
        };
        let once = || {
            let start = Instant::now();
            black_box(run(black_box(ITERATIONS)));
            start.elapsed().as_secs_f64()
        };
        let best = (0..200).map(|_| once()).fold(f64::INFINITY, f64::min);
        Some(f64::from(ITERATIONS) * f64::from(operations) / best / 1e9)
    }
    #[cfg(not(target_arch = "x86_64"))]
    None
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    #![allow(clippy::wildcard_imports, reason = "a module of intrinsics")]

    use std::arch::x86_64::*;
    use std::hint::black_box;

    macro_rules! fma_loop {
        ($name:ident, $features:literal, $splat:ident, $fma:ident, $add:ident, $first:ident) => {
            /// Twelve sums: at least latency times multiply-add units on current processors.
            #[target_feature(enable = $features)]
            pub(super) fn $name(iterations: u32) -> f32 {
                let (factor, term) = ($splat(black_box(0.5)), $splat(black_box(0.25)));
                let mut sums = [$splat(0.1); 12];
                for _ in 0..iterations {
                    for sum in &mut sums {
                        *sum = $fma(*sum, factor, term);
                    }
                }
                $first(sums.into_iter().fold($splat(0.0), |a, b| $add(a, b)))
            }
        };
    }

    fma_loop!(avx2, "avx2,fma", _mm256_set1_ps, _mm256_fmadd_ps, _mm256_add_ps, _mm256_cvtss_f32);
    fma_loop!(avx512, "avx2,fma,avx512f", _mm512_set1_ps, _mm512_fmadd_ps, _mm512_add_ps, _mm512_cvtss_f32);
}

/// Floating-point operations of the matrix products of one training step on `rows` rows: forward and update of every
/// layer, the transposed product of all but the first. Each product has two operations for each weight and row.
pub fn step_operations(shape: &Architecture, rows: usize) -> f64 {
    let weights = |i: usize| shape.layer(i).inputs * shape.layer(i).outputs;
    let products = (0..shape.depth()).map(|i| weights(i) * if i == 0 { 2 } else { 3 }).sum::<usize>();
    (2 * rows * products) as f64
}

/// `floats` values that start on a cache line, as a network's buffers do, and their range in the vector.
pub fn aligned(floats: usize, mut value: impl FnMut() -> f32) -> (Vec<f32>, std::ops::Range<usize>) {
    let all: Vec<f32> = (0..floats + 16).map(|_| value()).collect();
    let start = all.as_ptr().align_offset(64).min(16);
    (all, start..start + floats)
}
