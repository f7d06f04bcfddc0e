//! Matrix products.

use mlp_core::kernels::{KernelPath, Kernels, Rows};

use crate::input::Input;

/// Numbers at the edges of what a float can be.
const EDGES: [f32; 12] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    f32::MIN_POSITIVE,
    1e-45,
    f32::MAX,
    f32::MIN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
    16_777_217.0,
];

/// The results of the three products.
type Results = (Vec<f32>, Vec<f32>, Vec<f32>, Vec<f32>);

/// Shapes and numbers of the three products, on each path of this machine.
pub fn kernels(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let (rows, inputs, outputs) = (input.side(40) as usize, input.side(80) as usize, input.side(80) as usize);
    let index: Option<Vec<u32>> =
        input.is_set().then(|| (0..rows).map(|_| u32::from(input.byte()) % (rows as u32 + 1)).collect());
    let has_edges = input.is_set();
    let counts = [(rows + 1) * inputs, inputs * outputs, outputs, rows * outputs];
    let numbers = input.repeated(2 * counts.iter().sum::<usize>());
    let mut numbers = numbers.as_chunks::<2>().0.iter().map(|&[kind, value]| match kind {
        0..12 if has_edges => EDGES[usize::from(kind)],
        _ => (f32::from(value) - 127.5) * f32::from(kind) / 4096.0,
    });
    let [data, w, bias, g] = counts.map(|count| numbers.by_ref().take(count).collect::<Vec<f32>>());
    let x = match &index {
        Some(index) => Rows { data: &data, width: inputs, index: Some(index) },
        None => Rows { data: &data[..rows * inputs], width: inputs, index: None },
    };
    let products = |path: KernelPath| -> Results {
        let kernels = Kernels::new(path);
        let mut out = vec![f32::NAN; rows * outputs];
        kernels.forward(x, &w, &bias, &mut out);
        let (mut updated_w, mut updated_bias) = (w.clone(), bias.clone());
        kernels.update(x, &g, 0.01, &mut updated_w, &mut updated_bias);
        let mut dx = vec![f32::NAN; rows * inputs];
        kernels.transposed(&g, &w, outputs, &mut dx);
        (out, updated_w, updated_bias, dx)
    };
    let expected = products(KernelPath::Portable);
    for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
        let found = products(path);
        let pairs =
            [(&found.0, &expected.0), (&found.1, &expected.1), (&found.2, &expected.2), (&found.3, &expected.3)];
        let product = pairs.iter().position(|(found, expected)| !same(found, expected));
        assert_eq!(product, None, "{} on {rows}x{inputs}x{outputs}", path.name());
    }
}

/// Equal bits, including the sign of zero; any NaN equals any other.
fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}
