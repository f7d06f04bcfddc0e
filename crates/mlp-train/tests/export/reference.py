"""Runs the exported files of tests/it/export.rs with onnxruntime and numpy and stores what they give.

Usage: EXPORT_REFERENCE=FOLDER cargo test -p mlp-train --test it, then python3 reference.py FOLDER
Made with numpy 2.4 and onnxruntime 1.32.
"""
import glob
import hashlib
import json
import math
import os
import sys

import numpy as np
import onnxruntime

STORED_ROWS = 8


def numpy_probabilities(archive, pixels):
    """The network in float64, out of the archive alone."""
    about = json.loads(archive["metadata"].item())
    x = pixels.astype(np.float64)
    if about["invert"]:
        x = 255 - x
    if about["scale"] == "unit":
        x = x / 255
    if about["scale"] == "standard":
        x = (x - archive["input.mean"]) / archive["input.std"]
    erf = np.vectorize(math.erf)
    activations = {
        "identity": lambda z: z,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
        "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0))),
        "gelu": lambda z: z * 0.5 * (1 + erf(z / math.sqrt(2))),
    }
    depth = len(about["activation"]) + 1
    for i in range(depth):
        x = x @ archive[f"layers.{i}.weight"].astype(np.float64) + archive[f"layers.{i}.bias"]
        if i + 1 < depth:
            x = activations[about["activation"][i]](x)
    x = x / float(archive["temperature"])
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def main(folder):
    result = {}
    for path in sorted(glob.glob(f"{folder}/*.onnx")):
        name = os.path.basename(path)[: -len(".onnx")]
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        inputs = session.get_inputs()[0].shape[1]
        pixels = np.fromfile(f"{folder}/{name}.u8", np.uint8).reshape(-1, inputs)
        from_onnx = session.run(["probabilities"], {"pixels": pixels.astype(np.float32)})[0]
        from_numpy = numpy_probabilities(np.load(f"{folder}/{name}.npz"), pixels)
        print(name, "onnxruntime against numpy in float64, all rows:", np.abs(from_onnx - from_numpy).max())
        digest = lambda ending: hashlib.sha256(open(f"{folder}/{name}.{ending}", "rb").read()).hexdigest()
        result[name] = {
            "onnx_sha256": digest("onnx"),
            "npz_sha256": digest("npz"),
            "onnxruntime": [float(np.float32(p)) for p in from_onnx[:STORED_ROWS].ravel()],
            "numpy": [float(np.float32(p)) for p in from_numpy[:STORED_ROWS].ravel()],
        }
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json"), "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


main(sys.argv[1])
