"""What is compared: networks, rows, batches, and the length of each measurement.

The initial weights and the rows of a case are in plain files that every program reads, so all start from the same
weights and see the same batches.
"""
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
WORK = HERE / ".work"
BATCH = 10


@dataclass(frozen=True)
class Rows:
    """Rows of a data set: inputs (N, I) in f32 and the class of each."""

    name: str
    classes: int

    @property
    def inputs_file(self):
        return WORK / f"{self.name}.rows.f32"

    @property
    def classes_file(self):
        return WORK / f"{self.name}.classes.u8"

    def load(self):
        classes = np.fromfile(self.classes_file, np.uint8)
        return np.fromfile(self.inputs_file, "<f4").reshape(len(classes), -1), classes


DENSE = Rows("dense", 5)
SPARSE = Rows("sparse", 10)


@dataclass(frozen=True)
class Network:
    """Hidden layers are ReLU; 400 inputs."""

    rows: Rows
    hidden: tuple

    @property
    def widths(self):
        return (400, *self.hidden, self.rows.classes)

    @property
    def weights_file(self):
        return WORK / f"{self.rows.name}-{'-'.join(map(str, self.hidden))}.weights.f32"

    def draw(self):
        """He initialisation with seed 1: standard deviation sqrt(2 / inputs), biases 0."""
        random = np.random.default_rng(1)
        blocks = []
        for inputs, outputs in zip(self.widths, self.widths[1:]):
            blocks += [random.normal(0, (2 / inputs) ** 0.5, inputs * outputs), np.zeros(outputs)]
        np.concatenate(blocks).astype("<f4").tofile(self.weights_file)

    def load(self):
        """A list of (weight (inputs, outputs), bias (outputs)) in f32."""
        values, layers = np.fromfile(self.weights_file, "<f4"), []
        for inputs, outputs in zip(self.widths, self.widths[1:]):
            weight, values = values[: inputs * outputs].reshape(inputs, outputs), values[inputs * outputs :]
            bias, values = values[:outputs], values[outputs:]
            layers.append((weight.copy(), bias.copy()))
        return layers


@dataclass(frozen=True)
class Training:
    """Plain gradient descent from the initial weights, for `epochs` epochs in one measurement."""

    name: str
    network: Network
    epochs: int
    learning_rate: float = 0.01


@dataclass(frozen=True)
class Prediction:
    """Probabilities of `batch` rows in each call, and `calls` calls in one measurement."""

    name: str
    network: Network
    batch: int
    calls: int


WIDE = Network(DENSE, (256, 256))
TRAINING = [
    Training("dense 256-256", WIDE, 5),
    Training("dense 32", Network(DENSE, (32,)), 20),
    Training("dense 32-32", Network(DENSE, (32, 32)), 20),
    Training("dense 512-128", Network(DENSE, (512, 128)), 4),
    Training("sparse 256-256", Network(SPARSE, (256, 256)), 1),
]
PREDICTION = [
    Prediction("predict 1 row", WIDE, 1, 3000),
    Prediction("predict 1000 rows", WIDE, 1000, 20),
]
CASES = {case.name: case for case in [*TRAINING, *PREDICTION]}
