#!/usr/bin/env python3
"""What each preprocessing step is worth: the standard list with one step left out, Canny's edges in its place, no step at all.

    DIGIT_DATA=data python3 practice/ablation.py WORK TABLE.md

DIGIT_DATA is a folder with numbers_ch/{writer}/{digit}/*.png. WORK takes data sets and runs; what is there is not done
again. Variables: SEEDS, a count of 2 to 10 (3); COUNT, how many pictures of ten digits are taken, and half as many small
ones (all); BIN, the folder of the commands (target/release). Needs no package.
"""
import csv
import json
import math
import os
import subprocess
import sys
from pathlib import Path

STANDARD = ["limit", "ink", "lines", "frame", "specks", "single", "deskew", "fit", "thickness"]
# Set, source, labels, size of the pictures.
SETS = [
    ("0-9, 20x20", "ten", "0-9", 20),
    ("1-5, 8x8 at random places", "five", "1-5", 8),
]
# 97.5 % quantiles of Student's t for 1, 2, .. degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2).
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]


def lists():
    """Name and list of each row of the table. No picture here is so large that `limit` changes it."""
    yield "standard", STANDARD
    yield "none", ["none"]
    yield "canny in the place of thickness", STANDARD[:-1] + ["canny"]
    yield "canny after ink, nothing else", ["limit", "ink", "canny"]
    for step in reversed(STANDARD[1:]):
        yield f"without {step}", [other for other in STANDARD if other != step]


def run(*command):
    """Exit code 1 says that some pictures were rejected; the table counts them."""
    if subprocess.run([str(part) for part in command], check=False).returncode not in (0, 1):
        raise SystemExit(f"failed: {' '.join(map(str, command))}")


def accuracies(runs, rejected):
    """By seed, the mean over the folds; rejected pictures count as wrong ones."""
    by_seed = {}
    for path in sorted(runs.rglob("summary.json")):
        summary = json.loads(path.read_text())
        by_seed.setdefault(summary["seed"], []).append(summary)
    result = {}
    for seed, folds in by_seed.items():
        if len(folds) != 5:
            raise SystemExit(f"{runs}: expected 5 folds of seed {seed}, found {len(folds)}")
        read = sum(fold["test_rows"] for fold in folds)
        result[seed] = sum(fold["test_accuracy"] or 0.0 for fold in folds) / 5 * read / (read + rejected)
    return result


def interval(values):
    """The mean and the half width of Student's 95 % interval."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, STUDENT[len(values) - 2] * math.sqrt(variance / len(values))


def rejected(labelled, size):
    with open(labelled / "rejected.csv", newline="") as file:
        return sum(Path(row["source"]).name.split("_")[1] == str(size) for row in csv.DictReader(file))


def main():
    if len(sys.argv) != 3 or "DIGIT_DATA" not in os.environ:
        raise SystemExit(__doc__)
    work, table = Path(sys.argv[1]), Path(sys.argv[2])
    hands, seeds = Path(os.environ["DIGIT_DATA"]) / "numbers_ch", int(os.environ.get("SEEDS", "3"))
    commands, config = Path(os.environ.get("BIN", "target/release")), json.loads(Path("practice/ablation.json").read_text())
    source = work / "source"
    place = [commands / "digit-source", "import", "folders", hands]
    count = int(os.environ.get("COUNT", "0"))
    few, fewer = [["--count", str(number)] if number else [] for number in (count, count // 2)]
    run(*place, source / "ten", "--size", "20", "--labels", "0-9", "--quiet", *few)
    run(*place, source / "five", "--size", "8", "--place", "random", "--labels", "1-5", "--quiet", *fewer)
    rows = []
    for name, steps in lists():
        folder = work / name.replace(" ", "-").replace(",", "")
        cells = []
        for title, of, labels, size in SETS:
            labelled, data = folder / of / "labelled", folder / of / f"{size}x{size}_info.csv"
            run(commands / "digit-labeler", source / of, labelled, "--labels", labels, "--preprocess", ",".join(steps), "--quiet")
            run(commands / "digit-csv", labelled, folder / of, "--quiet")
            path = folder / f"{of}-{size}.json"
            path.write_text(json.dumps({**config, "data": str(data)}))
            runs = folder / "runs" / f"{of}-{size}-seeds-{seeds}"
            run(commands / "mlp-train", path, "--out", runs, "--seeds", seeds, "--quiet")
            lost = rejected(labelled, size)
            cells.append((accuracies(runs, lost), lost))
        rows.append((name, cells))
        write(table, rows)


def write(table, rows):
    """The difference from `standard` is paired: seed by seed."""
    text = "| list | " + " | ".join(title for title, *_ in SETS) + " | rejected |\n|---|" + "---|" * (len(SETS) + 1) + "\n"
    for name, cells in rows:
        texts = []
        for (by_seed, _), (standard, _) in zip(cells, rows[0][1]):
            mean, half = interval(list(by_seed.values()))
            if name != "standard":
                change, half = interval([by_seed[seed] - standard[seed] for seed in by_seed])
                texts.append(f"{mean:.4f} ({100 * change:+.2f} ± {100 * half:.2f})")
            else:
                texts.append(f"{mean:.4f} ± {half:.4f}")
        text += f"| {name} | " + " | ".join(texts) + " | " + ", ".join(str(lost) for _, lost in cells) + " |\n"
    table.write_text(text)


main()
