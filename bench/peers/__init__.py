"""The programs that are compared, one in each file. All have the same methods:

    versions() -> {name: version}
    train(case) -> {"losses": mean training loss of each epoch, before each batch's update; and the seconds}
    predict(case) -> {"probabilities": (batch, classes) of the first rows; and the seconds of all calls}

The seconds are "seconds" on the wall clock and "processor_seconds" of all threads, from a `Clock`. Each call starts
from the initial weights. Loading, compiling and the first batches happen before the clock starts.
"""
import importlib
import time

import numpy as np

# Name: module, class, its options, and whether every round gets a fresh process.
PEERS = {
    "ours": ("ours", "Ours", {"runs": 1}, False),
    "ours, 2 runs at once": ("ours", "Ours", {"runs": 2}, False),
    "JAX": ("jax_scan", "Jax", {}, True),
    "PyTorch": ("pytorch", "PyTorch", {"compiled": False}, False),
    "PyTorch compiled": ("pytorch", "PyTorch", {"compiled": True}, False),
    "NumPy f64": ("numpy_by_hand", "NumPy", {"dtype": "float64"}, False),
    "NumPy f32": ("numpy_by_hand", "NumPy", {"dtype": "float32"}, False),
    "scikit-learn": ("scikit_learn", "ScikitLearn", {}, False),
    "onnxruntime": ("onnx_runtime", "OnnxRuntime", {}, False),
}
# The program with whose losses the others are compared: the only one in f64.
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
    """Wall-clock time and processor time of all threads since it was made."""

    def __init__(self):
        self.began, self.processor_began = time.perf_counter(), time.process_time()

    def stop(self):
        processor = time.process_time() - self.processor_began
        return {"seconds": time.perf_counter() - self.began, "processor_seconds": processor}


def predictions(case, rows, call):
    """The answer of a program that predicts a batch by `call`. Each call gets another batch."""
    batches = [rows[at : at + case.batch] for at in range(0, len(rows) - case.batch + 1, case.batch)]
    probabilities = np.asarray(call(batches[0]), dtype=float).tolist()
    for i in range(max(3, case.calls // 20)):
        call(batches[i % len(batches)])
    clock = Clock()
    for i in range(case.calls):
        call(batches[i % len(batches)])
    return {"probabilities": probabilities, **clock.stop()}
