"""Writes RESULTS.md from the measurements."""
import json
import os
import platform
import statistics
import subprocess
import textwrap
import time

import peers
from cases import HERE, PREDICTION, TRAINING, WORK

OURS = "ours"


def duration(seconds):
    """Three digits, in seconds or smaller units: `duration(0.0123)` is `12.3 ms`."""
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            break
    return f"{seconds * factor:.3g} {unit}"


def paragraph(text, indent=""):
    """The text in lines of at most 120 columns; all but the first begin with `indent`."""
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def write(lines, sets, tolerances):
    first, later, probability = tolerances
    timed = [line for line in lines if line["round"] > 0]
    parts = [
        "# Measured\n",
        "Made by `just bench-peers`; README.md in this folder says how to read it.\n",
        *[paragraph(f"- {sentence}", "  ") for sentence in surroundings(lines, timed, sets)],
        "\n## All learn the same\n",
        paragraph(
            f"Mean loss of the last epoch. All programs start from the same weights and see the same batches. Allowed is a "
            f"relative difference from {peers.REFERENCE} of {first:g} in the first epoch, and of {later:g} in the others, "
            f"because runs diverge slowly once rounding has put a ReLU on its other side; and a difference of "
            f"{probability:g} in any probability."
        )
        + "\n",
        agreement(lines),
    ]
    for threads in sorted({line["threads"] for line in timed}):
        one = "One thread, bound to one processor"
        two = "Two threads, two processors. Ours trains on one thread; a sweep trains a run on each processor"
        parts += [
            f"\n## {one if threads == 1 else two}\n",
            "Training, time of an epoch:\n",
            times([line for line in timed if line["threads"] == threads], TRAINING),
            "\nPrediction in process, time of a call:\n",
            times([line for line in timed if line["threads"] == threads], PREDICTION),
        ]
    experiments = WORK / "experiments_2022.json"
    if experiments.exists():
        parts += ["\n## The 28 experiments of 2022\n", experiments_2022(json.loads(experiments.read_text()))]
    return "\n".join(parts) + "\n"


def surroundings(lines, timed, sets):
    versions = {name: value for line in lines for name, value in line["versions"].items() if value}
    loads = [line["load"] for line in timed] or [0.0]
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    yield f"{time.strftime('%Y-%m-%d')}, {processor()}, {os.cpu_count()} processors, {system}"
    yield f"this project at {revision()}"
    separator = lambda name: ": " if name.startswith(("BLAS", "kernel")) else " "
    yield "; ".join(f"{name}{separator(name)}{value}" for name, value in sorted(versions.items()))
    yield from sets
    rounds = max((line["round"] for line in timed), default=0)
    yield (
        f"{rounds} rounds, in which the programs take turns; load of the machine (1 for each busy thread, including "
        f"the one measured): median {statistics.median(loads):.1f}, highest {max(loads):.1f}"
    )


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def revision():
    def git(*arguments):
        return subprocess.run(["git", "-C", HERE, *arguments], capture_output=True, text=True).stdout.strip()

    changed = ", with changes" if git("status", "--porcelain", "--", "../crates", "../Cargo.toml") else ""
    return (git("rev-parse", "--short=10", "HEAD") or "an unknown revision") + changed


def agreement(lines):
    checked = [line for line in lines if line["round"] == 0 and "losses" in line]
    cases = [case for case in TRAINING if any(line["case"] == case.name for line in checked)]
    rows = [["", *[f"{case.name}, {case.epochs} epoch{'s' * (case.epochs > 1)}" for case in cases]]]
    for name in peers.PEERS:
        found = {line["case"]: line["losses"][-1] for line in checked if line["peer"] == name}
        if found:
            rows.append([name, *[f"{found[case.name]:.6f}" if case.name in found else "" for case in cases]])
    return markdown(rows)


def times(lines, cases):
    """For each case a row for each program, the fastest first."""
    table = [["case", "program", "median", "lowest", "highest", "times ours", "processor", "times ours"]]
    for case in cases:
        count = getattr(case, "calls", None) or case.epochs
        clock, processor = {}, {}
        for line in lines:
            if line["case"] == case.name:
                clock.setdefault(line["peer"], []).append(line["seconds"] / count)
                if line["processor_seconds"] is not None:
                    processor.setdefault(line["peer"], []).append(line["processor_seconds"] / count)
        # A program with a fresh process in every round is quoted by its best time, the others by the median.
        quote = lambda name, all_: min(all_) if peers.is_fresh(name) else statistics.median(all_)
        quoted, worked = ({name: quote(name, all_) for name, all_ in kind.items()} for kind in (clock, processor))
        ratio = lambda kind, name: f"{kind[name] / kind[OURS]:.2f}" if OURS in kind and name in kind else ""
        for at, name in enumerate(sorted(quoted, key=quoted.get)):
            table.append([
                case.name if at == 0 else "", f"**{name}**" if name.startswith(OURS) else name,
                duration(quoted[name]) + (" (best)" if peers.is_fresh(name) else ""),
                duration(min(clock[name])), duration(max(clock[name])), ratio(quoted, name),
                duration(worked[name]) if name in worked else "", ratio(worked, name),
            ])
    return markdown(table)


def experiments_2022(report):
    table = [["command", "wall clock", "processor time", "most memory", "data + parameters in f32"]]
    for run in report["commands"]:
        table.append([
            run["what"], duration(run["wall_s"]), duration(run["processor_s"]), f"{run['peak_mb']:.1f} MB",
            f"{run['least_mb']:.1f} MB" if run.get("least_mb") else "",
        ])
    machine = f"{report['date']}, {processor()}, {report['processors']} processors"
    return f"{machine}, this project at {report['revision']}; made by `just bench-2022`.\n\n" + markdown(table)


def markdown(rows):
    head, *body = rows
    line = lambda cells: "| " + " | ".join(cells) + " |"
    return "\n".join([line(head), line(["---"] * len(head)), *map(line, body)])
