"""RESULTS.md out of what was measured."""
import json
import os
import platform
import statistics
import subprocess
import time

import peers
from cases import CASES, HERE, PREDICTION, TRAINING, WORK

OURS = "ours"


def duration(seconds):
    """Three digits, in the unit that suits."""
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            break
    return f"{seconds * factor:.3g} {unit}"


def write(lines, sets, tolerances):
    first, later, probability = tolerances
    timed = [line for line in lines if line["round"] > 0]
    parts = [
        "# Measured\n",
        "Made by `just bench-peers`; README.md beside this file says how to read it.\n",
        *[f"- {sentence}" for sentence in surroundings(lines, timed, sets)],
        "\n## All learn the same\n",
        f"Mean loss of the last epoch, each program from the same weights and the same batches. Allowed is a relative difference from {peers.REFERENCE} "
        f"of {first:g} in the first epoch and of {later:g} in any other, where a ReLU that rounding has turned may have let runs part, and of "
        f"{probability:g} in any probability.\n",
        agreement(lines),
    ]
    for threads in sorted({line["threads"] for line in timed}):
        one = "One thread, bound to one processor"
        two = "Two threads, two processors. One run of ours takes one thread; a sweep does a run on each processor"
        parts += [
            f"\n## {one if threads == 1 else two}\n",
            "Training, time of an epoch:\n",
            times([line for line in timed if line["threads"] == threads], TRAINING),
            "\nPrediction in process, time of a call:\n",
            times([line for line in timed if line["threads"] == threads], PREDICTION),
        ]
    seed = WORK / "seed.json"
    if seed.exists():
        parts += ["\n## The 28 experiments of 2022\n", seed_lines(json.loads(seed.read_text()))]
    return "\n".join(parts) + "\n"


def surroundings(lines, timed, sets):
    versions = {name: value for line in lines for name, value in line["versions"].items() if value}
    loads = [line["load"] for line in timed] or [0.0]
    yield f"{time.strftime('%Y-%m-%d')}, {processor()}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    yield f"this project at {revision()}"
    yield "; ".join(f"{name} {value}" if not name.startswith(("BLAS", "kernel")) else f"{name}: {value}" for name, value in sorted(versions.items()))
    yield from sets
    yield f"{max((line['round'] for line in timed), default=0)} rounds, taken in turns; load of the machine (1 for each busy thread, the one measured included): median {statistics.median(loads):.1f}, highest {max(loads):.1f}"


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
    """A block of rows for each case, the quickest program first."""
    table = [["case", "program", "median", "lowest", "highest", "times ours", "processor", "times ours"]]
    for case in cases:
        count = getattr(case, "calls", None) or case.epochs
        clock, processor = {}, {}
        for line in lines:
            if line["case"] == case.name:
                clock.setdefault(line["peer"], []).append(line["seconds"] / count)
                if line["processor_seconds"] is not None:
                    processor.setdefault(line["peer"], []).append(line["processor_seconds"] / count)
        # A program whose rounds are fresh processes differs from process to process; it is quoted by its best.
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


def seed_lines(seed):
    table = [["command", "wall clock", "processor time", "most memory", "data + parameters in f32"]]
    for run in seed["commands"]:
        table.append([
            run["what"], duration(run["wall_s"]), duration(run["processor_s"]), f"{run['peak_mb']:.1f} MB",
            f"{run['least_mb']:.1f} MB" if run.get("least_mb") else "",
        ])
    return f"{seed['date']}, {processor()}, {seed['processors']} processors, this project at {seed['revision']}; made by `just bench-seed`.\n\n" + markdown(table)


def markdown(rows):
    head, *body = rows
    line = lambda cells: "| " + " | ".join(cells) + " |"
    return "\n".join([line(head), line(["---"] * len(head)), *map(line, body)])
