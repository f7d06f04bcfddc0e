"""Makes the rows that all programs train on, of real digits if the environment variable DIGIT_DATA names a folder of
them, else of drawn digits.

dense: 1,000 rows of 400 values, 5 classes, paper = 1 (hardly an input is zero).
sparse: 60,000 rows of 400 values, 10 classes, paper = 0 (most inputs are zero).
"""
import csv
import gzip
import json
import os
import shutil
import subprocess

import numpy as np

from cases import DENSE, HERE, SPARSE, WORK

TOOLS = HERE.parent / "target" / "dist"
DENSE_ROWS, SPARSE_ROWS = 1000, 60_000
MADE = WORK / "rows.json"


def make(say):
    """Makes the rows unless they exist; returns a description of each set."""
    data = os.environ.get("DIGIT_DATA")
    wanted = "real" if data else "drawn"
    if MADE.exists() and (made := json.loads(MADE.read_text()))["kind"] == wanted:
        return made["sets"]
    say(f"making rows from {wanted} digits")
    WORK.mkdir(exist_ok=True)
    if data:
        source = ["import", "folders", f"{data}/numbers_ch", "--labels", "1-5", "--size", "20"]
        dense = pipeline("numbers", source, "1-5")
        sparse = mnist(f"{data}/mnist")
        origin = ["pen digits of 14 writers (numbers_ch)", "MNIST's training digits, the middle 20x20 of 28x28"]
    else:
        draw = lambda labels, count: ["draw", "--labels", labels, "--sizes", "20", "--count", count]
        dense = pipeline("drawn", draw("1-5", "1100"), "1-5")
        sparse = shifted(*pipeline("drawn-ten", draw("0-9", "3000"), "0-9"))
        origin = ["drawn digits", "3,000 drawn digits, each moved by up to two pixels"]
    x, classes = (values[np.random.default_rng(1).permutation(len(values))[:DENSE_ROWS]] for values in dense)
    descriptions = [
        write(DENSE, x / 255, classes, f"{origin[0]}, value/255, paper = 1"),
        write(SPARSE, 1 - sparse[0] / 255, sparse[1], f"{origin[1]}, 1 - value/255, paper = 0"),
    ]
    MADE.write_text(json.dumps({"kind": wanted, "sets": descriptions}))
    return descriptions


def pipeline(name, source, labels):
    """Pixel values (N, 400) and classes of source pictures that went through this project's tools."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    at = source.index("--labels")
    run("digit-source", *source[:at], folder / "source", *source[at:])
    run("digit-labeler", folder / "source", folder / "labelled", "--labels", labels)
    run("digit-csv", folder / "labelled", folder)
    with open(folder / "20x20_info.csv", newline="") as file:
        header, *lines = csv.reader(file)
    table = np.array(lines, dtype=np.float32)
    pixels = sum(column.startswith("pixel") for column in header)
    return table[:, :pixels], table[:, pixels:].argmax(axis=1)


def run(tool, *arguments):
    done = subprocess.run([TOOLS / tool, *map(str, arguments)], capture_output=True, text=True)
    # Exit code 1: some pictures were rejected, the others are done.
    if done.returncode > 1:
        raise SystemExit(f"{tool} {' '.join(map(str, arguments))}: {done.stderr.strip()}")


def mnist(folder):
    def values(name, header):
        with gzip.open(f"{folder}/{name}") as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    pictures = values("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)[:SPARSE_ROWS, 4:24, 4:24]
    return 255.0 - pictures.reshape(len(pictures), 400), values("train-labels-idx1-ubyte.gz", 8)[:SPARSE_ROWS]


def shifted(x, classes):
    random = np.random.default_rng(2)
    picks = random.integers(len(x), size=SPARSE_ROWS)
    moves = random.integers(-2, 3, size=(SPARSE_ROWS, 2))
    moved = [np.roll(x[pick].reshape(20, 20), move, (0, 1)).ravel() for pick, move in zip(picks, moves)]
    return np.array(moved), classes[picks]


def write(rows, x, classes, description):
    x = x.astype("<f4")
    x.tofile(rows.inputs_file)
    classes.astype(np.uint8).tofile(rows.classes_file)
    zeros = 100 * (x == 0).mean()
    size = f"{len(x):,} rows of 400 values, {rows.classes} classes"
    return f"{rows.name}: {size}; {description}; {zeros:.0f} % are zero"
