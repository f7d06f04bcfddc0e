#!/usr/bin/env python3
"""How other people's pictures are read: a table by condition, by a network trained on drawn digits alone.

    python3 experiments/preprocessing/robustness.py WORK TABLE.md [CONDITION..]

Each condition is some pictures of drawn writers that are not in training: scans, photographs, boards, paint programs
(`digit-lab robustness`). WORK takes the pictures, the training set and the network; what is there is
not made again, so remove it when the preprocessing has changed. Variables: SEED, of the pictures (2; 1 is for trying
things out); LIST, the steps (standard); MODEL, a run folder to use instead of training one; BIN, the folder of the
commands (target/release). Needs no package.
"""
import json
import os
import sys
from pathlib import Path

from commands import run, tolerant

LABELS, COUNT, CONFIG = "0-9", "20000", "configs/recommended/20x20.json"


def trained(commands, work, steps):
    """The network's run folder."""
    drawn, folder, runs = work / "drawn", work / "trained", work / "runs"
    run(commands / "digit-source", "draw", drawn, "--sizes", "20", "--count", COUNT, "--labels", LABELS, "--quiet")
    tolerant(commands / "digit-labeler", drawn, folder / "labelled", "--labels", LABELS, "--preprocess", steps, "--quiet")
    tolerant(commands / "digit-csv", folder / "labelled", folder, "--quiet")
    run(commands / "mlp-train", CONFIG, "--data", folder / "20x20_info.csv", "--out", runs, "--quiet")
    return next(path.parent for path in sorted(runs.rglob("model.safetensors")))


def answers(commands, model, folder, answers_file):
    with open(answers_file, "wb") as file:
        tolerant(commands / "digit-predict", "--model", model, "--json", "--quiet", folder, stdout=file)
    return [json.loads(line) for line in answers_file.read_text().splitlines()]


def row(name, lines):
    """Right of all, refused; the first letters of a file's name are its label."""
    right, refused, misclassified = 0, 0, []
    for line in lines:
        picture = Path(line["path"])
        if line.get("label") is None:
            refused += 1
        elif str(line["label"]) == picture.name[0]:
            right += 1
        else:
            misclassified.append(f"{picture.name[0]}>{line['label']}")
    return f"| {name} | {right / len(lines):.2f} | {refused} of {len(lines)} | {' '.join(misclassified)} |", right, len(lines)


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    work, table, wanted = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    seed, steps = os.environ.get("SEED", "2"), os.environ.get("LIST", "standard")
    commands = Path(os.environ.get("BIN", "target/release"))
    work.mkdir(parents=True, exist_ok=True)
    model = Path(os.environ["MODEL"]) if "MODEL" in os.environ else trained(commands, work, steps)
    pictures = work / f"pictures-{seed}"
    if not (pictures / "done").exists():
        run(commands / "digit-lab", "robustness", pictures, "--seed", seed)
        (pictures / "done").touch()
    text, right, count = "| condition | right | refused | misclassified |\n|---|---|---|---|\n", 0, 0
    for name in (pictures / "conditions.txt").read_text().split():
        if not wanted or name in wanted:
            line, more, of = row(name, answers(commands, model, pictures / name, work / "answers.jsonl"))
            text, right, count = text + line + "\n", right + more, count + of
    table.write_text(text + f"| all | {right / count:.3f} | | |\n")


main()
