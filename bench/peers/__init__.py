"""The programs that are compared, a file each. All have the same few methods:

    versions() -> {name: version}
    train(case) -> {"losses": mean training loss of each epoch, each batch's taken before its update; and the seconds}
    predict(case) -> {"probabilities": (batch, classes) of the first rows; and the seconds of all calls}

The seconds are "seconds" on the clock and "processor_seconds" of all threads, from a `Clock`. Each call begins from the starting weights. What a program does once (loading, compiling, the first batches) is done before its
clock starts.
"""
import importlib
import time

import numpy as np

# Name: module, class, how it is told what to do, and whether every round gets a fresh process.
PEERS = {
    "ours": ("ours", "Ours", {"runs": 1}, False),
    "ours, 2 runs at once": ("ours", "Ours", {"runs": 2}, False),
    "JAX": ("jax_scan", "Jax", {}, True),
    "PyTorch": ("pytorch", "PyTorch", {"compiled": False}, False),
    "PyTorch compiled": ("pytorch", "PyTorch", {"compiled": True}, False),
    "NumPy f64": ("numpy_seed", "NumPy", {"dtype": "float64"}, False),
    "NumPy f32": ("numpy_seed", "NumPy", {"dtype": "float32"}, False),
    "scikit-learn": ("scikit_learn", "ScikitLearn", {}, False),
    "onnxruntime": ("onnx_runtime", "OnnxRuntime", {}, False),
}
# The one that the others' losses are compared with: the widest arithmetic.
REFERENCE = "NumPy f64"


def make(name, threads):
    module, kind, options, _ = PEERS[name]
    return getattr(importlib.import_module(f"peers.{module}"), kind)(threads=threads, **options)


def is_fresh(name):
    return PEERS[name][3]


def does(name, case, threads):
    training = not hasattr(case, "calls")
    if name == "onnxruntime":
        return not training
    if name == "ours, 2 runs at once":
        return training and threads == 2
    return True


class Clock:
    """Time since it was made, on the clock and of all threads on processors."""

    def __init__(self):
        self.began, self.processor_began = time.perf_counter(), time.process_time()

    def stop(self):
        return {"seconds": time.perf_counter() - self.began, "processor_seconds": time.process_time() - self.processor_began}


def predictions(case, rows, call):
    """The answer of a program that predicts a batch by `call`: each call gets another batch."""
    batches = [rows[at : at + case.batch] for at in range(0, len(rows) - case.batch + 1, case.batch)]
    probabilities = np.asarray(call(batches[0]), dtype=float).tolist()
    for i in range(max(3, case.calls // 20)):
        call(batches[i % len(batches)])
    clock = Clock()
    for i in range(case.calls):
        call(batches[i % len(batches)])
    return {"probabilities": probabilities, **clock.stop()}
