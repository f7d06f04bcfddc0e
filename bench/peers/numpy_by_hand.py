"""NumPy with forward, softmax and cross entropy, backward and update written by hand, as in a course."""
import numpy as np

from peers import Clock, predictions


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


class NumPy:
    def __init__(self, threads, dtype):
        self.dtype = dtype

    def versions(self):
        return {"NumPy": np.__version__}

    def start(self, network):
        return [[part.astype(self.dtype) for part in layer] for layer in network.load()]

    def train(self, case):
        rows, classes = case.network.rows.load()
        x, y = rows.astype(self.dtype), np.eye(case.network.rows.classes, dtype=self.dtype)[classes]
        batches = [(x[at : at + 10], y[at : at + 10]) for at in range(0, len(x), 10)]
        self.epoch(self.start(case.network), case.learning_rate, batches[:100])
        layers = self.start(case.network)
        clock = Clock()
        losses = [self.epoch(layers, case.learning_rate, batches) for _ in range(case.epochs)]
        return {"losses": losses, **clock.stop()}

    def epoch(self, layers, learning_rate, batches):
        loss = 0.0
        for x, y in batches:
            values = [x]
            for weight, bias in layers[:-1]:
                values.append(np.maximum(values[-1] @ weight + bias, 0))
            weight, bias = layers[-1]
            p = softmax(values[-1] @ weight + bias)
            loss -= np.sum(y * np.log(p + 1e-10)) / len(x)
            gradient = (p - y) / len(x)
            for i in reversed(range(len(layers))):
                weight, bias = layers[i]
                below = gradient @ weight.T if i else None
                weight -= learning_rate * (values[i].T @ gradient)
                bias -= learning_rate * gradient.sum(axis=0)
                if i:
                    gradient = below * (values[i] > 0)
        return float(loss / len(batches))

    def predict(self, case):
        layers = self.start(case.network)

        def call(x):
            for weight, bias in layers[:-1]:
                x = np.maximum(x @ weight + bias, 0)
            weight, bias = layers[-1]
            return softmax(x @ weight + bias)

        rows = case.network.rows.load()[0].astype(self.dtype)
        return predictions(case, rows, call)
