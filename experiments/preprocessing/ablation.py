#!/usr/bin/env python3
"""What each preprocessing step is worth: the standard list with one step left out, Canny's edges in its place, no step at all.

    DIGIT_DATA=data python3 experiments/preprocessing/ablation.py WORK TABLE.md

DIGIT_DATA is a folder with numbers_ch/{writer}/{digit}/*.png. WORK takes data sets and runs; what is there is not done
again. Variables: SEEDS, a count from 2 on (3); COUNT, how many pictures of ten digits are taken, and half as many small
ones (all); BIN, the folder of the commands (target/release). Needs no package.
"""
import json
import os
import sys
from pathlib import Path

from commands import run, tolerant

STANDARD = [
    "limit", "crop", "enlarge", "ink", "lines", "frame", "specks", "single", "slim", "deskew", "fit", "thickness",
]
# Set, source, labels, size of the pictures.
SETS = [
    ("0-9, 20x20", "ten", "0-9", 20),
    ("1-5, 8x8 at random places", "five", "1-5", 8),
]


def lists():
    """Name and list of each row of the table. No picture here is so large that `limit` changes it."""
    yield "standard", STANDARD
    yield "none", ["none"]
    yield "canny in the place of thickness", STANDARD[:-1] + ["canny"]
    yield "canny after ink, nothing else", ["limit", "ink", "canny"]
    for step in reversed(STANDARD[1:]):
        yield f"without {step}", [other for other in STANDARD if other != step]


def main():
    if len(sys.argv) != 3 or "DIGIT_DATA" not in os.environ:
        raise SystemExit(__doc__)
    work, table = Path(sys.argv[1]), Path(sys.argv[2])
    writers, seeds = Path(os.environ["DIGIT_DATA"]) / "numbers_ch", int(os.environ.get("SEEDS", "3"))
    commands, config = Path(os.environ.get("BIN", "target/release")), json.loads(Path("experiments/preprocessing/ablation.json").read_text())
    source = work / "source"
    place = [commands / "digit-source", "import", "folders", writers]
    count = int(os.environ.get("COUNT", "0"))
    few, fewer = [["--count", str(number)] if number else [] for number in (count, count // 2)]
    run(*place, source / "ten", "--size", "20", "--labels", "0-9", "--quiet", *few)
    run(*place, source / "five", "--size", "8", "--place", "random", "--labels", "1-5", "--quiet", *fewer)
    rows = ""
    for name, steps in lists():
        folder = work / name.replace(" ", "-").replace(",", "")
        for title, of, labels, size in SETS:
            labelled, data = folder / of / "labelled", folder / of / f"{size}x{size}_info.csv"
            tolerant(commands / "digit-labeler", source / of, labelled, "--labels", labels, "--preprocess", ",".join(steps),
                     "--quiet")
            tolerant(commands / "digit-csv", labelled, folder / of, "--quiet")
            path = folder / f"{of}-{size}.json"
            path.write_text(json.dumps({**config, "data": str(data)}))
            runs = folder / "runs" / f"{of}-{size}-seeds-{seeds}"
            run(commands / "mlp-train", path, "--out", runs, "--seeds", seeds, "--quiet")
            rows += "\t".join([title, name, "", str(runs), str(labelled / "rejected.csv")]) + "\n"
    (work / "rows.tsv").write_text(rows)
    run(commands / "digit-lab", "accuracy-table", "steps", work / "rows.tsv", table)


main()
