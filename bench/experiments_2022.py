#!/usr/bin/env python3
"""Times the 28 experiments of 2022 at their full epochs on a drawn data set, and measures the memory of single runs.

    python3 bench/experiments_2022.py

Works in bench/.work/2022, which it empties first. Prints the results and writes them to
bench/.work/experiments_2022.json, from which the comparison makes its section of RESULTS.md. Needs no other package.
"""
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
WORK = HERE / ".work"
FOLDER = WORK / "2022"
TOOLS = HERE.parent / "target" / "dist"
# The comparison is about training.
PLAIN = ["--set", "confidence=false"]


def run(tool, *arguments):
    """Runs a command. Returns wall-clock and processor seconds, and the peak memory in MB of 1,000,000 bytes."""
    began = time.perf_counter()
    command = [TOOLS / tool, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    messages = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise SystemExit(f"{tool} {' '.join(map(str, arguments))}: {messages.strip()}")
    # Kilobytes on Linux, bytes on macOS.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return {"wall_s": time.perf_counter() - began, "processor_s": usage.ru_utime + usage.ru_stime, "peak_mb": peak}


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    print("drawing the data set", flush=True)
    run("digit-source", "draw", "datasets/demo/source", "--labels", "1-5")
    run("digit-labeler", "datasets/demo/source", "datasets/demo/labelled", "--labels", "1-5")
    run("digit-csv", "datasets/demo/labelled", "datasets/demo", "--mixed")
    configs = sorted((HERE.parent / "configs" / "2022").glob("*.json"))
    commands = [{"what": f"{len(configs)} experiments, full epochs", **timed("mlp-train", *configs, *PLAIN, "--out", "runs")}]
    small = "datasets/demo/20x20_info.csv"
    commands.append({"what": "[256,256] on 1 set of 925 rows, 3 epochs", **one_run("small", small)})
    large = many_rows()
    commands.append({"what": "[256,256] on 60,000 rows, 3 epochs, unit scale", **one_run("large", large)})
    surroundings = {"date": time.strftime("%Y-%m-%d"), "processors": os.cpu_count(), "revision": revision()}
    report = {**surroundings, "commands": commands}
    (WORK / "experiments_2022.json").write_text(json.dumps(report, indent=1))


def timed(*command):
    result = run(*command)
    start = " ".join(map(str, command[:3]))
    print(f"{start} ..: {result['wall_s']:.1f} s, {result['peak_mb']:.1f} MB", flush=True)
    return result


def one_run(name, data):
    """The widest experiment, for 3 epochs: its memory does not depend on the number of epochs."""
    config = {
        "data": data, "scale": "unit", "hidden": [256, 256], "activation": "relu", "init": "he",
        "optimizer": {"sgd": {"lr": 0.01}}, "batch": 10, "epochs": 3, "seed": 1,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(config))
    with open(FOLDER / data) as file:
        columns = len(next(file).split(","))
        rows = sum(1 for _ in file)
    classes = 5
    parameters = 400 * 256 + 256 + 256 * 256 + 256 + 256 * classes + classes
    least = (rows * (columns - classes) + parameters) * 4 / 1e6
    return {"least_mb": least, **timed("mlp-train", f"{name}.json", *PLAIN, "--out", f"runs-{name}")}


def many_rows():
    """The rows of the drawn set, repeated up to 60,000 rows."""
    with open(FOLDER / "datasets/demo/20x20_info.csv") as file:
        header, *rows = file.readlines()
    path = FOLDER / "many.csv"
    with open(path, "w") as file:
        file.write(header)
        file.writelines(rows[i % len(rows)] for i in range(60_000))
    return path.name


def revision():
    git = subprocess.run(["git", "-C", HERE, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True)
    return git.stdout.strip() or "an unknown revision"


if __name__ == "__main__":
    main()
