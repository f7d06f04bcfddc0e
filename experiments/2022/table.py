#!/usr/bin/env python3
"""Puts the reports of experiments/2022/run.sh side by side: a Markdown table of the 28 experiments, and what became of the conclusions.

    python3 experiments/2022/table.py TITLE=REPORT.. > table.md

The numbers of 2022 and the sentences are those of the first report's tables.md. Needs no other package.
"""
import csv
import sys
from pathlib import Path


def experiments(report):
    """The rows of experiments.csv by name."""
    with open(report / "experiments.csv", newline="") as file:
        return {row["experiment"]: row for row in csv.DictReader(file)}


def of_2022(report):
    """Test accuracy in 2022 by experiment, as the report's table has it."""
    text = (report / "tables.md").read_text().split("The numbers of 2022 (one run each) beside ours:")[1]
    lines = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in text.strip().splitlines()]
    column = lines[0].index("test accuracy, 2022")
    table = {}
    for cells in lines[2:]:
        if len(cells) <= column:
            break
        table[cells[0]] = cells[column]
    return table


def cell(row):
    """Mean, interval, and how many runs learn anything unless all do: a mean of both kinds is that of no run."""
    if row is None or not row["test_accuracy_mean"]:
        return "-"
    text = f"{float(row['test_accuracy_mean']):.3f}"
    if row["test_accuracy_low"]:
        text += f" ({float(row['test_accuracy_low']):.3f} .. {float(row['test_accuracy_high']):.3f})"
    if row["above_baseline"] != row["runs"]:
        text += f" {row['above_baseline']}/{row['runs']}"
    return text


def main():
    reports = [(title, Path(folder)) for title, folder in (argument.split("=", 1) for argument in sys.argv[1:])]
    if not reports:
        raise SystemExit("expected TITLE=REPORT, found nothing; REPORT is a folder that mlp-report wrote")
    past, tables = of_2022(reports[0][1]), [experiments(folder) for _, folder in reports]
    titles = [title for title, _ in reports]
    print("| experiment | 2022 | " + " | ".join(titles) + " |")
    print("|---|---|" + "---|" * len(titles))
    for name in tables[0]:
        rows = [table.get(name) for table in tables]
        print(f"| {name} | {past.get(name, '-')} | " + " | ".join(map(cell, rows)) + " |")
    for title, folder in reports:
        print(f"\n{title}:\n")
        section = (folder / "tables.md").read_text().split("## The 2022 experiments")[1].split("###")[0]
        for line in section.splitlines():
            if line.startswith("|"):
                print("|" + "|".join(f" {part.strip()} " for part in line.strip("|").split("|")) + "|")


main()
