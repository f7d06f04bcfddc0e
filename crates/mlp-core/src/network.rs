//! A network: its shape and its parameters, and the way from inputs to probabilities.

#[cfg(feature = "std")]
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::architecture::Architecture;
use crate::batch_loss::Softmax;
use crate::dropout::Dropout;
use crate::init::Init;
#[cfg(feature = "std")]
use crate::kernels::Team;
use crate::kernels::{KernelPath, Kernels, Rows};
use crate::loss::arg_max;
use crate::parameters::{Parameters, aligned};
use crate::random::Stream;

/// Rows that are taken through the network at a time when there are many.
pub const CHUNK_ROWS: usize = 64;

/// A multi-layer perceptron.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    architecture: Architecture,
    parameters: Parameters,
}

impl Network {
    /// A network with freshly drawn weights.
    pub fn new(architecture: Architecture, init: Init, stream: &mut Stream) -> Self {
        let parameters = init.draw(&architecture, stream);
        Self { architecture, parameters }
    }

    /// A network whose parameters are all 0, to be filled by [`parameters_mut`](Self::parameters_mut).
    pub fn zeros(architecture: Architecture) -> Self {
        let parameters = Parameters::zeros(&architecture);
        Self { architecture, parameters }
    }

    /// Its shape.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Its weights and biases.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Its weights and biases, to write to.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Probabilities (B, O) of the rows in `inputs` (B, I), written to `out`. Makes its own workspace; where that
    /// matters, keep a [`Workspace`].
    pub fn probabilities(&self, inputs: &[f32], out: &mut [f32]) {
        let mut workspace = Workspace::new(&self.architecture, CHUNK_ROWS, KernelPath::detect());
        workspace.probabilities(self, inputs, out);
    }

    /// Class of each row in `inputs` (B, I).
    pub fn predict(&self, inputs: &[f32]) -> Vec<u8> {
        let outputs = self.architecture.outputs();
        let rows = inputs.len() / self.architecture.inputs();
        let mut probabilities = alloc::vec![0.0; rows * outputs];
        self.probabilities(inputs, &mut probabilities);
        probabilities.chunks_exact(outputs).map(arg_max).collect()
    }
}

/// Room for the values of every layer, for a number of rows at a time.
#[derive(Clone, Debug)]
pub struct Workspace {
    kernels: Kernels,
    rows: usize,
    /// Value of each layer's units (rows, outputs); of the last the logits.
    values: Vec<Buffer>,
    /// What the activation was given, where its derivative needs that.
    sums: Vec<Buffer>,
    /// Loss of each row.
    losses: Buffer,
}

/// f32 values that begin on a cache line.
#[derive(Debug)]
pub(crate) struct Buffer {
    storage: Vec<f32>,
    start: usize,
}

impl Buffer {
    pub(crate) fn zeros(floats: usize) -> Self {
        let (storage, start) = aligned(floats);
        Self { storage, start }
    }

    #[inline(always)]
    pub(crate) fn get(&self, floats: usize) -> &[f32] {
        &self.storage[self.start..self.start + floats]
    }

    #[inline(always)]
    pub(crate) fn get_mut(&mut self, floats: usize) -> &mut [f32] {
        &mut self.storage[self.start..self.start + floats]
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        let floats = self.storage.len() - self.start;
        let mut copy = Self::zeros(floats);
        copy.get_mut(floats).copy_from_slice(self.get(floats));
        copy
    }
}

impl Workspace {
    /// Room for `rows` rows of a network of this shape.
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

    /// Rows that there is room for.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The kernel path it uses.
    pub fn path(&self) -> KernelPath {
        self.kernels.path()
    }

    pub(crate) fn kernels(&self) -> &Kernels {
        &self.kernels
    }

    /// Shares the work with a team of threads, where there is enough of it, or no longer. Bits do not depend on it.
    #[cfg(feature = "std")]
    pub fn set_team(&mut self, team: Option<Arc<Team>>) {
        self.kernels.set_team(team);
    }

    /// Takes `rows` rows (at most [`rows`](Self::rows)) through the network; the logits (rows, O) are then in
    /// [`logits_mut`](Self::logits_mut). With dropout, a layer goes on from what that left of the one before.
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

    /// The logits (rows, `outputs`), and room for the loss of each row.
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

    /// Logits (B, O) of the rows in `inputs` (B, I), written to `out`. Allocates nothing.
    pub fn logits(&mut self, network: &Network, inputs: &[f32], out: &mut [f32]) {
        let (width, outputs) = (network.architecture().inputs(), network.architecture().outputs());
        let chunks = inputs.chunks(width * self.rows).zip(out.chunks_mut(outputs * self.rows));
        for (data, out) in chunks {
            self.forward(network, Rows { data, width, index: None }, data.len() / width, None);
            out.copy_from_slice(self.logits_mut(out.len()));
        }
    }

    /// Probabilities (B, O) of the rows in `inputs` (B, I), written to `out`. Allocates nothing.
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
