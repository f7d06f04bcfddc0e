#!/usr/bin/env python3
"""Makes the reference files in this folder: a small data set, initial weights, and the losses of plain f64 training.

    python3 make_trajectories.py        (needs NumPy; writes into its own folder, the same bytes each time)

data.bin                 200 rows of 64 pixels and a class, one byte each
start-48.bin, ..         initial weights, f32 little endian: weight (inputs, outputs) row by row of each layer;
                         biases are 0
trajectories.csv         for every architecture, activation and epoch, in f64: mean training loss over the batches (each
                         before its update), training accuracy, test loss, test accuracy; and the relative difference of
                         the training loss when the same program runs in f32, which is the effect of rounding

Training: dense layers x W + b, softmax cross entropy -ln(p + 1e-10) averaged over a batch, gradient (p - y) / batch,
plain gradient descent. The input gradient of a layer is computed from its weights before their update. Inputs divided by 255,
learning rate 0.05, batches of 10 in file order, the first 160 rows for training, the other 40 for testing, 8 epochs.
"""
import math
import pathlib
import numpy as np

HERE = pathlib.Path(__file__).parent
ROWS, PIXELS, CLASSES, TRAIN, BATCH, EPOCHS, RATE, STD = 200, 64, 5, 160, 10, 8, 0.05, 0.1
ARCHITECTURES = [[48], [48, 24], [48, 24, 12]]
SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772


def erf(z):
    return np.array([math.erf(v) for v in z.ravel()]).reshape(z.shape).astype(z.dtype)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def phi(z):
    return 0.5 * (1 + erf(z / math.sqrt(2)))


ACTIVATIONS = {  # name: (function of z, derivative from z and a)
    "identity": (lambda z: z.copy(), lambda z, a: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(z.dtype)),
    "leaky_relu": (lambda z: np.where(z > 0, z, z * 0.01), lambda z, a: np.where(z > 0, 1.0, 0.01).astype(z.dtype)),
    "selu": (
        lambda z: (SCALE * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0)))).astype(z.dtype),
        lambda z, a: np.where(z > 0, SCALE, a + SCALE * ALPHA).astype(z.dtype),
    ),
    "gelu": (lambda z: z * phi(z), lambda z, a: phi(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)),
}


def data():
    """Each class is a random prototype; a row is its prototype, half mixed with noise, as bytes."""
    r = np.random.Generator(np.random.PCG64(2024))
    prototypes = r.integers(0, 256, (CLASSES, PIXELS))
    classes = r.integers(0, CLASSES, ROWS)
    noise = r.integers(0, 256, (ROWS, PIXELS))
    pixels = (prototypes[classes] + 2 * noise) // 3
    return pixels.astype(np.uint8), classes.astype(np.uint8)


def forward(weights, biases, activation, x):
    sums, values = [], [x]
    for i, (w, b) in enumerate(zip(weights, biases)):
        z = values[-1] @ w + b
        sums.append(z)
        values.append(z if i + 1 == len(weights) else activation[0](z))
    return sums, values


def losses(logits, classes):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(classes)), classes] + 1e-10), p


def train(pixels, classes, start, activation, dtype):
    x = pixels.astype(dtype) / dtype(255)
    weights = [w.astype(dtype) for w in start]
    biases = [np.zeros(w.shape[1], dtype) for w in start]
    rate = dtype(RATE)
    for _ in range(EPOCHS):
        loss, correct = 0.0, 0
        for at in range(0, TRAIN, BATCH):
            batch, target = x[at:at + BATCH], classes[at:at + BATCH]
            sums, values = forward(weights, biases, activation, batch)
            row_losses, p = losses(values[-1], target)
            loss += float(row_losses.mean()) / (TRAIN // BATCH)
            correct += int((values[-1].argmax(axis=1) == target).sum())
            gradient = p
            gradient[np.arange(BATCH), target] -= 1
            gradient = gradient / dtype(BATCH)
            for i in reversed(range(len(weights))):
                input_gradient = gradient @ weights[i].T
                weights[i] = weights[i] - rate * (values[i].T @ gradient)
                biases[i] = biases[i] - rate * gradient.sum(axis=0)
                if i:
                    gradient = (input_gradient * activation[1](sums[i - 1], values[i])).astype(dtype)
        logits = forward(weights, biases, activation, x[TRAIN:])[1][-1]
        test_loss = float(losses(logits, classes[TRAIN:])[0].mean())
        test_correct = int((logits.argmax(axis=1) == classes[TRAIN:]).sum())
        yield loss, correct / TRAIN, test_loss, test_correct / (ROWS - TRAIN)


def main():
    pixels, classes = data()
    (HERE / "data.bin").write_bytes(b"".join(p.tobytes() + bytes([c]) for p, c in zip(pixels, classes)))
    lines = ["hidden,activation,epoch,train_loss,train_accuracy,test_loss,test_accuracy,drift_of_f32"]
    for number, hidden in enumerate(ARCHITECTURES):
        widths = [PIXELS, *hidden, CLASSES]
        r = np.random.Generator(np.random.PCG64(number + 1))
        start = [r.normal(0, STD, shape).astype("<f4") for shape in zip(widths[:-1], widths[1:])]
        name = "-".join(map(str, hidden))
        (HERE / f"start-{name}.bin").write_bytes(b"".join(w.tobytes() for w in start))
        for label, activation in ACTIVATIONS.items():
            exact = list(train(pixels, classes, start, activation, np.float64))
            rough = list(train(pixels, classes, start, activation, np.float32))
            for epoch, (row, other) in enumerate(zip(exact, rough), 1):
                drift = abs(other[0] / row[0] - 1)
                numbers = f"{row[0]:.10f},{row[1]:.6f},{row[2]:.10f},{row[3]:.6f},{drift:.1e}"
                lines.append(f"{name},{label},{epoch},{numbers}")
    (HERE / "trajectories.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
