#!/usr/bin/env python3
"""Compares this project's training and prediction with other programs' on the same rows; writes RESULTS.md.

    bench/.venv/bin/python bench/run.py [--quick] [--fresh] [--only PROGRAM ...]

First every program trains every case once and the losses are compared; then rounds of timings, in which the programs take turns case
by case. What was measured is kept in bench/.work, so a comparison that was interrupted goes on where it was; it begins anew when this
project's program or a file of the comparison has changed.
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
# A program that took longer than this for one measurement is not measured again in that case. It happens with two threads on a busy
# machine, where threads that wait for one another actively become a hundred times slower.
TOO_LONG_S = 15
# Relative difference of an epoch's loss from NumPy's in f64. Rounding alone keeps it within 1e-6, and within 1e-3 over the thousands of
# steps of one epoch of the sparse case. But a ReLU whose sum lies within rounding of 0 may fall on the other side, which changes that unit's
# weights at once; from then on two runs part slowly. So the first epoch is held to the narrow bound, in which a wrong gradient, order
# or start is plain, and the others to a wide one.
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
        environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[variable] = str(threads)
        environment["JAX_PLATFORMS"] = "cpu"
        if threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        log = open(WORK / "log" / f"{name.replace(' ', '-')}.txt", "a")
        arguments = [sys.executable, HERE / "worker.py", name, str(threads), ",".join(map(str, processors))]
        self.name = name
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=HERE
        )

    def ask(self, case):
        self.process.stdin.write(json.dumps(case.name) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended during `{case.name}`; what it said is in {WORK / 'log'}")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Workers:
    """Workers with a number of threads, started when first asked."""

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
    """What was measured so far, a line each."""

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
    parser.add_argument("--quick", action="store_true", help="one round, for trying; RESULTS.md is not written")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--only", nargs="+", default=list(peers.PEERS), choices=list(peers.PEERS), metavar="PROGRAM",
                        help=f"some of: {', '.join(peers.PEERS)}")
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
    """All programs learn the same and predict the same, or nothing is timed."""
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
                raise SystemExit(f"{name} does not do the same as {names[0]} in `{case.name}`: {kind} {values.tolist()[:5]}, expected {reference.tolist()[:5]}")
    workers.end(names)


def measure(measurements, names, threads, rounds):
    workers = Workers(threads)
    for number in range(1, rounds + 1):
        for case in [*TRAINING, *PREDICTION]:
            # Every round another begins, so that none always comes after the same one.
            turn = names[number % len(names) :] + names[: number % len(names)]
            for name in [n for n in turn if peers.does(n, case, threads)]:
                before = measurements.find(case=case.name, peer=name, threads=threads)
                if any(line["round"] == number or line["round"] > 0 and line["seconds"] > TOO_LONG_S for line in before):
                    continue
                answer = workers.ask(name, case)
                loss = answer["losses"][-1] if "losses" in answer else None
                expected = measurements.find(case=case.name, peer=peers.REFERENCE, round=0)[0].get("losses", [None])[-1]
                if loss is not None and not math.isclose(loss, expected, rel_tol=LOSS_TOLERANCE):
                    raise SystemExit(f"{name}, `{case.name}`, {threads} threads: loss {loss}, expected {expected}")
                answer.pop("probabilities", None)
                measurements.add(case=case.name, peer=name, round=number, threads=threads, **answer)
                count = getattr(case, "calls", None) or case.epochs
                say(f"{threads} thr. round {number}  {case.name:<18} {name:<17} {table.duration(answer['seconds'] / count)}")
        workers.end([name for name in names if peers.is_fresh(name)])
    workers.end(names)


if __name__ == "__main__":
    main()
