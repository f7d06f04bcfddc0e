#!/usr/bin/env python3
"""Compares training and prediction of this project with other programs on the same rows, and writes RESULTS.md.

    bench/.venv/bin/python bench/run.py [--quick] [--fresh] [--only PROGRAM ...]

First every program runs every case once, and the losses and probabilities are compared. Then come rounds of timings, in
which the programs take turns case by case. Measurements are kept in bench/.work, so an interrupted comparison continues
where it was. It starts over when this project's program or a file of the comparison has changed.
"""
import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
import time

import numpy as np

import peers
import rows
import table
from cases import CASES, HERE, PREDICTION, TRAINING, WORK
from peers.ours import PROGRAM

ROUNDS = 5
# A program that takes longer than this for one measurement is not measured again in that case. It happens with two
# threads on a busy machine, where threads that spin while they wait for one another become a hundred times slower.
TOO_LONG_S = 15
# Relative difference of an epoch's loss from NumPy's in f64. Rounding alone causes 1e-6, and 1e-3 over the thousands
# of steps of one epoch of the sparse case. But rounding can put a ReLU whose sum is near 0 on the other side, which
# changes that unit's weights at once, and from then on two runs diverge slowly. So the first epoch has a narrow bound,
# which a wrong gradient, order or start exceeds, and the others a wide one.
FIRST_LOSS_TOLERANCE = 2e-3
LOSS_TOLERANCE = 3e-2
# Absolute difference of a probability.
PROBABILITY_TOLERANCE = 1e-4
MEASUREMENTS = WORK / "measurements.jsonl"


class Worker:
    """A program of the comparison in its own process."""

    def __init__(self, name, threads):
        processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
        # The last processor: interrupts and other programs are usually on the first.
        processors = processors[-threads:]
        slowing = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
        environment = {name: value for name, value in os.environ.items() if name not in slowing}
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[variable] = str(threads)
        environment["JAX_PLATFORMS"] = "cpu"
        if threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        log = open(WORK / "log" / f"{name.replace(' ', '-')}.txt", "a")
        command = [sys.executable, HERE / "worker.py", name, str(threads), ",".join(map(str, processors))]
        pipe = subprocess.PIPE
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=log, text=True, env=environment, cwd=HERE
        )

    def ask(self, case):
        self.process.stdin.write(json.dumps(case.name) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended during `{case.name}`; its messages are in {WORK / 'log'}")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Workers:
    """Workers with the same number of threads, each started when first asked."""

    def __init__(self, threads):
        self.threads, self.running = threads, {}

    def ask(self, name, case):
        if name not in self.running:
            self.running[name] = Worker(name, self.threads)
        return self.running[name].ask(case)

    def end(self, names):
        for name in list(self.running):
            if name in names:
                self.running.pop(name).end()


class Measurements:
    """The measurements so far, one in each line of a file."""

    def __init__(self, fresh):
        files = [PROGRAM, HERE / "requirements.txt", rows.MADE, *HERE.glob("*.py"), *HERE.glob("peers/*.py")]
        digest = hashlib.sha256()
        for file in sorted(files):
            digest.update(file.read_bytes())
        self.key = digest.hexdigest()
        lines = MEASUREMENTS.read_text().splitlines() if MEASUREMENTS.exists() and not fresh else []
        self.lines = [line for line in map(json.loads, lines) if line["key"] == self.key]
        MEASUREMENTS.write_text("".join(json.dumps(line) + "\n" for line in self.lines))

    def find(self, **what):
        return [line for line in self.lines if all(line.get(k) == v for k, v in what.items())]

    def add(self, **line):
        line = {"key": self.key, "load": os.getloadavg()[0], **line}
        self.lines.append(line)
        with open(MEASUREMENTS, "a") as file:
            file.write(json.dumps(line) + "\n")


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round, printed; RESULTS.md is not written")
    parser.add_argument("--fresh", action="store_true", help="discard earlier measurements")
    parser.add_argument(
        "--only", nargs="+", default=list(peers.PEERS), choices=list(peers.PEERS), metavar="PROGRAM",
        help=f"some of: {', '.join(peers.PEERS)}",
    )
    options = parser.parse_args()
    (WORK / "log").mkdir(parents=True, exist_ok=True)
    sets = rows.make(say)
    for case in CASES.values():
        if not case.network.weights_file.exists():
            case.network.draw()
    measurements = Measurements(options.fresh)
    names = list(dict.fromkeys([peers.REFERENCE, *options.only]))
    check(measurements, names)
    for threads in [1] if os.cpu_count() < 2 else [1, 2]:
        measure(measurements, names, threads, 1 if options.quick else ROUNDS)
    tolerances = (FIRST_LOSS_TOLERANCE, LOSS_TOLERANCE, PROBABILITY_TOLERANCE)
    text = table.write(measurements.lines, sets, tolerances)
    if options.quick or options.only != list(peers.PEERS):
        print(text)
    else:
        (HERE / "RESULTS.md").write_text(text)
        say(f"written: {HERE / 'RESULTS.md'}")


def check(measurements, names):
    """Ends the program unless all programs learn and predict the same."""
    workers = Workers(1)
    for case in CASES.values():
        reference = None
        for name in [n for n in names if peers.does(n, case, 1)]:
            found = measurements.find(case=case.name, peer=name, round=0)
            if not found:
                answer = workers.ask(name, case)
                measurements.add(case=case.name, peer=name, round=0, threads=1, **answer)
                found = measurements.find(case=case.name, peer=name, round=0)
            kind = "probabilities" if "probabilities" in found[0] else "losses"
            values = np.array(found[0][kind])
            if reference is None:
                reference = values
            if kind == "probabilities":
                differences = np.abs(values - reference)
                agrees = (differences <= PROBABILITY_TOLERANCE).all()
            else:
                differences = np.abs(values / reference - 1)
                agrees = differences[0] <= FIRST_LOSS_TOLERANCE and (differences <= LOSS_TOLERANCE).all()
            say(f"check  {case.name:<18} {name:<17} {kind} differ by {differences.max():.1e}")
            if not agrees:
                found, expected = values.tolist()[:5], reference.tolist()[:5]
                raise SystemExit(f"{name} in `{case.name}`: {kind} {found}, expected those of {names[0]}: {expected}")
    workers.end(names)


def measure(measurements, names, threads, rounds):
    workers = Workers(threads)
    for number in range(1, rounds + 1):
        for case in [*TRAINING, *PREDICTION]:
            # Each round starts with another program, so that no program always follows the same one.
            turn = names[number % len(names) :] + names[: number % len(names)]
            for name in [n for n in turn if peers.does(n, case, threads)]:
                before = measurements.find(case=case.name, peer=name, threads=threads)
                too_long = any(line["round"] > 0 and line["seconds"] > TOO_LONG_S for line in before)
                if too_long or any(line["round"] == number for line in before):
                    continue
                answer = workers.ask(name, case)
                loss = answer["losses"][-1] if "losses" in answer else None
                reference = measurements.find(case=case.name, peer=peers.REFERENCE, round=0)[0]
                expected = reference.get("losses", [None])[-1]
                if loss is not None and not math.isclose(loss, expected, rel_tol=LOSS_TOLERANCE):
                    raise SystemExit(f"{name}, `{case.name}`, {threads} threads: loss {loss}, expected {expected}")
                answer.pop("probabilities", None)
                measurements.add(case=case.name, peer=name, round=number, threads=threads, **answer)
                count = getattr(case, "calls", None) or case.epochs
                time_of_one = table.duration(answer["seconds"] / count)
                say(f"{threads} thr. round {number}  {case.name:<18} {name:<17} {time_of_one}")
        workers.end([name for name in names if peers.is_fresh(name)])
    workers.end(names)


if __name__ == "__main__":
    main()
