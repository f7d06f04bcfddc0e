//! A network, and the forward pass from inputs to probabilities.

#[cfg(feature = "std")]
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::architecture::Architecture;
use super::buffer::Buffer;
use super::dropout::Dropout;
use super::init::Init;
use super::parameters::Parameters;
use crate::batch_loss::Softmax;
#[cfg(feature = "std")]
use crate::kernels::Team;
use crate::kernels::{KernelPath, Kernels, Rows};
use crate::loss::arg_max;
use crate::random::Stream;

/// Rows that go through the network at a time when there are many.
pub const CHUNK_ROWS: usize = 64;

/// A multi-layer perceptron: dense layers with an activation after each hidden one, and softmax over the last.
///
/// Shapes in the methods: B rows, I inputs, O outputs (classes). Matrices are stored row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    architecture: Architecture,
    parameters: Parameters,
}

impl Network {
    /// A network with random weights, and biases of 0.
    pub fn new(architecture: Architecture, init: Init, stream: &mut Stream) -> Self {
        let parameters = init.draw(&architecture, stream);
        Self { architecture, parameters }
    }

    /// A network whose parameters are all 0, for a caller that fills [`parameters_mut`](Self::parameters_mut).
    pub fn zeros(architecture: Architecture) -> Self {
        let parameters = Parameters::zeros(&architecture);
        Self { architecture, parameters }
    }

    /// The shape.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The weights and biases.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The weights and biases.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Writes the probabilities (B, O) of the rows in `inputs` (B, I) to `out`. Allocates a workspace in each call;
    /// keep a [`Workspace`] to avoid that.
    pub fn probabilities(&self, inputs: &[f32], out: &mut [f32]) {
        let mut workspace = Workspace::new(&self.architecture, CHUNK_ROWS, KernelPath::detect());
        workspace.probabilities(self, inputs, out);
    }

    /// The class with the largest probability for each row of `inputs` (B, I); the lowest of equals.
    pub fn predict(&self, inputs: &[f32]) -> Vec<u8> {
        let outputs = self.architecture.outputs();
        let rows = inputs.len() / self.architecture.inputs();
        let mut probabilities = alloc::vec![0.0; rows * outputs];
        self.probabilities(inputs, &mut probabilities);
        probabilities.chunks_exact(outputs).map(arg_max).collect()
    }
}

/// Buffers for the values of every layer of a network, and the kernels that compute them.
#[derive(Clone, Debug)]
pub struct Workspace {
    kernels: Kernels,
    rows: usize,
    /// Outputs of each layer (rows, outputs); those of the last are the logits.
    values: Vec<Buffer>,
    /// Inputs of each activation (rows, outputs), where its derivative needs them.
    sums: Vec<Buffer>,
    /// Loss of each row.
    losses: Buffer,
}

impl Workspace {
    /// Buffers for `rows` rows at a time of a network of this shape.
    pub fn new(architecture: &Architecture, rows: usize, path: KernelPath) -> Self {
        let rows = rows.max(1);
        let layers = 0..architecture.depth();
        let values = layers.clone().map(|i| Buffer::zeros(rows * architecture.layer(i).outputs)).collect();
        let sums = layers
            .map(|i| if architecture.activation(i).needs_sum() { rows * architecture.layer(i).outputs } else { 0 })
            .map(Buffer::zeros)
            .collect();
        Self { kernels: Kernels::new(path), rows, values, sums, losses: Buffer::zeros(rows) }
    }

    /// Rows at a time.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The kernel path.
    pub(crate) fn path(&self) -> KernelPath {
        self.kernels.path()
    }

    pub(crate) fn kernels(&self) -> &Kernels {
        &self.kernels
    }

    /// Shares large enough work with a team of threads; `None` for one thread. The results are the same bits.
    #[cfg(feature = "std")]
    pub fn set_team(&mut self, team: Option<Arc<Team>>) {
        self.kernels.set_team(team);
    }

    /// Forward pass of `rows` rows, at most [`rows`](Self::rows). The logits (rows, O) are then in
    /// [`logits_mut`](Self::logits_mut). With dropout, the input of a layer is the masked output of the one before.
    pub(crate) fn forward(&mut self, network: &Network, x: Rows<'_>, rows: usize, mut dropout: Option<&mut Dropout>) {
        let architecture = network.architecture();
        for i in 0..architecture.depth() {
            let floats = rows * architecture.layer(i).outputs;
            let (before, this) = self.values.split_at_mut(i);
            let out = this[0].get_mut(floats);
            let x = match before.last() {
                None => x,
                Some(values) => {
                    let width = architecture.layer(i).inputs;
                    let kept = dropout.as_ref().and_then(|dropout| dropout.values(i - 1, rows * width));
                    Rows { data: kept.unwrap_or(values.get(rows * width)), width, index: None }
                }
            };
            let activation = architecture.activation(i);
            let sums = self.sums[i].get_mut(if activation.needs_sum() { floats } else { 0 });
            let parameters = network.parameters();
            self.kernels.layer(x, parameters.weight(i), parameters.bias(i), activation, sums, out);
            if let Some(dropout) = dropout.as_mut() {
                dropout.apply(i, out);
            }
        }
    }

    pub(crate) fn logits_mut(&mut self, floats: usize) -> &mut [f32] {
        let last = self.values.len() - 1;
        self.values[last].get_mut(floats)
    }

    /// The logits (rows, `outputs`), and a buffer for the loss of each row.
    pub(crate) fn logits_and_losses_mut(&mut self, rows: usize, outputs: usize) -> (&mut [f32], &mut [f32]) {
        let last = self.values.len() - 1;
        (self.values[last].get_mut(rows * outputs), self.losses.get_mut(rows))
    }

    pub(crate) fn values(&self, i: usize, floats: usize) -> &[f32] {
        self.values[i].get(floats)
    }

    pub(crate) fn sums(&self, i: usize, floats: usize) -> &[f32] {
        self.sums[i].get(floats)
    }

    /// Writes the logits (B, O) of the rows in `inputs` (B, I) to `out`, for any B. Allocates nothing.
    pub fn logits(&mut self, network: &Network, inputs: &[f32], out: &mut [f32]) {
        let (width, outputs) = (network.architecture().inputs(), network.architecture().outputs());
        let chunks = inputs.chunks(width * self.rows).zip(out.chunks_mut(outputs * self.rows));
        for (data, out) in chunks {
            self.forward(network, Rows { data, width, index: None }, data.len() / width, None);
            out.copy_from_slice(self.logits_mut(out.len()));
        }
    }

    /// Writes the probabilities (B, O) of the rows in `inputs` (B, I) to `out`, for any B. Allocates nothing.
    pub fn probabilities(&mut self, network: &Network, inputs: &[f32], out: &mut [f32]) {
        self.logits(network, inputs, out);
        self.path().elementwise(Softmax { logits: out, outputs: network.architecture().outputs() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::random::Purpose;
    use alloc::vec;

    #[test]
    #[cfg(feature = "std")]
    fn threads_change_no_bit() {
        // Wide enough to be shared.
        let shape = Architecture::new(400, &[256, 256], &[Activation::Relu; 2], 5).unwrap();
        let network = Network::new(shape, Init::He, &mut Stream::new(1, Purpose::Init));
        let mut stream = Stream::new(2, Purpose::Init);
        let rows = 3 * CHUNK_ROWS + 1;
        let inputs: Vec<f32> = (0..rows * 400).map(|_| stream.normal() as f32).collect();
        let mut alone = vec![0.0; rows * 5];
        network.probabilities(&inputs, &mut alone);
        for threads in [1, 2, 3] {
            let mut workspace = Workspace::new(network.architecture(), CHUNK_ROWS, KernelPath::detect());
            workspace.set_team(Some(Arc::new(Team::new(threads).unwrap())));
            let mut shared = vec![0.0; rows * 5];
            workspace.probabilities(&network, &inputs, &mut shared);
            assert_eq!(shared, alone, "{threads} threads");
        }
    }

    #[test]
    fn many_rows_give_what_each_gives_alone() {
        let shape = Architecture::new(7, &[9, 4], &[Activation::Gelu, Activation::Tanh], 3).unwrap();
        let network = Network::new(shape, Init::LeCun, &mut Stream::new(1, Purpose::Init));
        let mut stream = Stream::new(2, Purpose::Init);
        let rows = 2 * CHUNK_ROWS + 5;
        let inputs: Vec<f32> = (0..rows * 7).map(|_| stream.normal() as f32).collect();
        let mut all = vec![0.0; rows * 3];
        network.probabilities(&inputs, &mut all);
        for (row, expected) in inputs.chunks(7).zip(all.chunks(3)) {
            let mut alone = [0.0; 3];
            network.probabilities(row, &mut alone);
            assert_eq!(alone, expected);
        }
        assert_eq!(network.predict(&inputs).len(), rows);
    }
}
