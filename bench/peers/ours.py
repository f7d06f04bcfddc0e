"""This project: mlp-core's trainer, timed in its own process by crates/mlp-bench/src/bin/bench-peer.rs."""
import json
import subprocess
import tempfile

import numpy as np

from cases import HERE

PROGRAM = HERE.parent / "target" / "release" / "bench-peer"


def run(arguments, runs=1):
    """The program's answer; of several runs at once, the answer of the slowest."""
    command = [PROGRAM, *map(str, arguments)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) for _ in range(runs)]
    outputs = [process.communicate() for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit(f"{PROGRAM.name}: {outputs[0][1].strip()}")
    return max((json.loads(out) for out, _ in outputs), key=lambda answer: answer["seconds"])


class Ours:
    def __init__(self, threads, runs):
        # A run takes one thread; a second processor trains another run.
        self.threads, self.runs, self.kernel = threads, runs, None

    def versions(self):
        return {"kernel path of ours": self.kernel}

    def train(self, case):
        network = case.network
        files = [network.rows.inputs_file, network.rows.classes_file, network.weights_file]
        widths = ",".join(map(str, network.widths))
        result = run(["train", *files, widths, 10, case.learning_rate, case.epochs], self.runs)
        self.kernel = result["kernel"]
        seconds = {"seconds": result["seconds"] / self.runs, "processor_seconds": result["processor_seconds"]}
        return {"losses": result["losses"], **seconds}

    def predict(self, case):
        network = case.network
        widths = ",".join(map(str, network.widths))
        with tempfile.NamedTemporaryFile() as out:
            files = [network.rows.inputs_file, network.weights_file]
            result = run(["predict", *files, widths, case.batch, case.calls, out.name, self.threads])
            probabilities = np.fromfile(out.name, "<f4").reshape(case.batch, -1)
        self.kernel = result["kernel"]
        return {**result, "probabilities": probabilities.astype(float).tolist()}
