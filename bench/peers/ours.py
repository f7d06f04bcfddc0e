"""This project: mlp-core's trainer, timed in its own process by crates/mlp-core/examples/bench_peer.rs."""
import json
import subprocess
import tempfile

import numpy as np

from cases import HERE

PROGRAM = HERE.parent / "target" / "release" / "examples" / "bench_peer"


def run(arguments, runs=1):
    """What the program says; of several at once, of the one that took longest."""
    command = [PROGRAM, *map(str, arguments)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(runs)]
    said = [process.communicate() for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit(f"{PROGRAM.name}: {said[0][1].strip()}")
    return max((json.loads(out) for out, _ in said), key=lambda answer: answer["seconds"])


class Ours:
    def __init__(self, threads, runs):
        # A run takes one thread; with two processors the second does another run.
        self.runs, self.kernel = runs, None

    def versions(self):
        return {"kernel path of ours": self.kernel}

    def train(self, case):
        network = case.network
        files = [network.rows.inputs_file, network.rows.classes_file, network.weights_file]
        widths = ",".join(map(str, network.widths))
        result = run(["train", *files, widths, 10, case.learning_rate, case.epochs], self.runs)
        self.kernel = result["kernel"]
        return {"losses": result["losses"], "seconds": result["seconds"] / self.runs, "processor_seconds": result["processor_seconds"]}

    def predict(self, case):
        network = case.network
        widths = ",".join(map(str, network.widths))
        with tempfile.NamedTemporaryFile() as out:
            files = [network.rows.inputs_file, network.weights_file]
            result = run(["predict", *files, widths, case.batch, case.calls, out.name])
            probabilities = np.fromfile(out.name, "<f4").reshape(case.batch, -1)
        self.kernel = result["kernel"]
        return {**result, "probabilities": probabilities.astype(float).tolist()}
