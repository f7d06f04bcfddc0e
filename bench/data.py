#!/usr/bin/env python3
"""Times the stages before training against the scripts of 2022 with OpenCV, polars and pandas.

    python bench/data.py [--rounds N] [--scale SHARE] [--work FOLDER]

Makes pictures in FOLDER (bench/.work/data), checks that all programs make the same of them, then times them in turns
and writes bench/DATA.md. `--scale 0.01` takes a hundredth of the pictures and prints only. bench/README.md says more.
"""
import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
TOOLS = Path(os.environ.get("DIGIT_TOOLS", HERE.parent / "target" / "dist"))


def ours(tool, *arguments):
    """Seconds of a whole process: on the wall clock, and of all its threads."""
    used = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    began, used_before = time.perf_counter(), used()
    done = subprocess.run([TOOLS / tool, *map(str, arguments), "--quiet"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{tool} {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return time.perf_counter() - began, used() - used_before


def peer(script, *arguments):
    """What a program says of itself: its seconds."""
    command = [sys.executable, HERE / script] if script.endswith(".py") else [TOOLS / script]
    done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def draw(folder, count, width, height, noise=0):
    """Strokes of some colour on white paper, as a paint program makes them; with noise, as a scanner does."""
    random = np.random.default_rng(7)
    folder.mkdir(parents=True)
    for at in range(count):
        picture = np.full((height, width, 3), 255, np.uint8)
        knots = random.uniform(0.15, 0.85, (5, 2)) * [width, height]
        line = np.stack([np.interp(np.linspace(0, 4, 60), range(5), knots[:, axis]) for axis in (0, 1)], 1)
        ink = [int(value) for value in random.integers(0, 130, 3)]
        cv2.polylines(picture, [line.astype(np.int32)], False, ink, max(2, height // 12), cv2.LINE_AA)
        if noise:
            picture = np.clip(picture - np.abs(random.normal(0, noise, picture.shape)), 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{at % 5 + 1}_{8 if at % 3 == 0 else 20}_kim-{at}.png"), picture)


def digest_of_pictures(folder):
    """Of all labelled pictures and their names; how a PNG is packed does not count."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*/*.png")):
        digest.update(f"{file.parent.name}/{file.name}".encode())
        digest.update(cv2.imread(str(file), cv2.IMREAD_UNCHANGED).tobytes())
    return digest.hexdigest()


def lines(file):
    return Path(file).read_bytes().replace(b"\r\n", b"\n")


def gone(*paths):
    for path in paths:
        if path.is_file():
            path.unlink()
        shutil.rmtree(path, ignore_errors=True)


def turns(programs, rounds):
    """The programs' seconds, by name; in each round another one begins."""
    seconds = {name: [] for name in programs}
    names = list(programs)
    for turn in range(rounds):
        for name in names[turn % len(names):] + names[: turn % len(names)]:
            seconds[name].append(programs[name]())
    return seconds


def labelling(work, name, count, width, height, rounds):
    source, out, theirs = work / name, work / "labelled", work / "theirs"
    if not source.exists():
        draw(source, count, width, height)

    def run_ours():
        gone(out)
        return ours("digit-labeler", source, out)

    def run_theirs():
        gone(theirs)
        return peer("script_2022.py", "label", source, theirs)

    run_ours(), run_theirs()
    if digest_of_pictures(out) != digest_of_pictures(theirs):
        raise SystemExit(f"{name}: the labelled pictures differ")
    return turns({"ours": run_ours, "script of 2022": run_theirs}, rounds)


def standard(work, count, rounds):
    source, out = work / "scans", work / "prepared"
    if not source.exists():
        draw(source, count, 90, 95, noise=6)

    def run():
        gone(out)
        return ours("digit-labeler", source, out, "--preprocess", "standard")

    return turns({"ours": run}, rounds)


def labelled_to_csv(work, count, rounds):
    source, labelled, out, theirs = work / "many", work / "many-labelled", work / "csv", work / "theirs.csv"
    if not labelled.exists():
        gone(source)
        draw(source, count, 20, 20)
        for file in source.iterdir():
            file.rename(file.with_name(file.name.replace("_8_", "_20_")))
        ours("digit-labeler", source, labelled)

    def run_ours():
        gone(out)
        return ours("digit-csv", labelled, out)

    def run_theirs():
        gone(theirs)
        return peer("script_2022.py", "csv", labelled / "20", theirs)

    run_ours(), run_theirs()
    if lines(out / "20x20_info.csv") != lines(theirs):
        raise SystemExit("the CSV files differ")
    return turns({"ours": run_ours, "script of 2022": run_theirs}, rounds)


def csv_files(work, rounds):
    """Reading and writing the CSV that `labelled_to_csv` has made."""
    file, again = work / "csv" / "20x20_info.csv", work / "again"
    programs = {
        "ours": lambda: peer("digit-lab", "csv-times", file, again),
        "polars": lambda: peer("csv_peer.py", "polars", file, work / "polars.csv"),
        "pandas": lambda: peer("csv_peer.py", "pandas", file, work / "pandas.csv"),
    }
    for program in programs.values():
        program()
    for written in (again / "times_info.csv", work / "polars.csv", work / "pandas.csv"):
        if lines(written) != lines(file):
            raise SystemExit(f"{written} differs from {file}")
    both = turns(programs, rounds)
    part = lambda key: {name: [(one[key], None) for one in values] for name, values in both.items()}
    return part("read_s"), part("write_s")


def table(cases):
    text = ["| case | program | median | lowest | highest | times ours | processor | times ours |", "|" + " --- |" * 8]
    for case, seconds in cases:
        wall = {name: [pair[0] for pair in pairs] for name, pairs in seconds.items()}
        processor = {name: [pair[1] for pair in pairs] for name, pairs in seconds.items() if pairs[0][1] is not None}
        median = {name: statistics.median(values) for name, values in wall.items()}
        used = {name: statistics.median(values) for name, values in processor.items()}
        for name, values in wall.items():
            cells = [case, name, f"{median[name]:.3f} s", f"{min(values):.3f} s", f"{max(values):.3f} s"]
            cells.append(f"{median[name] / median['ours']:.2f}")
            cells += [f"{used[name]:.3f} s", f"{used[name] / used['ours']:.2f}"] if name in used else ["", ""]
            text.append(f"| {' | '.join(cells)} |")
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--work", type=Path, default=HERE / ".work" / "data")
    options = parser.parse_args()
    count = lambda full: max(10, int(full * options.scale))
    work, rounds = options.work, options.rounds
    gone(work)
    work.mkdir(parents=True)
    cases = [
        (f"label {count(4000):,} of 200x200", labelling(work, "small", count(4000), 200, 200, rounds)),
        (f"label {count(1000):,} of 640x480", labelling(work, "large", count(1000), 640, 480, rounds)),
        (f"standard, {count(4000):,} of 90x95", standard(work, count(4000), rounds)),
        (f"{count(60000):,} labelled pictures to CSV", labelled_to_csv(work, count(60000), rounds)),
    ]
    read, write = csv_files(work, rounds)
    cases += [("read that CSV", read), ("write that CSV", write)]
    result = table(cases)
    print(result)
    if options.scale == 1:
        system = subprocess.run(["df", "--output=fstype", work], capture_output=True, text=True).stdout.split()[-1]
        machine = f"{os.cpu_count()} processors, files on {system}, {rounds} rounds, load {os.getloadavg()[1]:.0f}"
        where = f"{time.strftime('%Y-%m-%d')}, {machine}"
        (HERE / "DATA.md").write_text(f"# Measured\n\nMade by `just bench-data`: {where}.\n\n{result}")
    gone(work)


if __name__ == "__main__":
    main()
