#!/usr/bin/env python3
"""Compare the labeler with OpenCV on a folder of pictures.

    python compare.py FOLDER TABLE [LABELER]

Each file is labelled under `--alpha drop` on a canvas of 256x256, and read and shrunk by OpenCV. TABLE is a Markdown
file: how many pictures of each format are equal, differ, or are read by one of the two only; then each file that is not
equal, with the largest difference or the labeler's reason. Needs numpy and opencv-python-headless.
"""
import collections, csv, os, pathlib, shutil, subprocess, sys, tempfile
import cv2
import numpy as np

SIDE_PX = 256
COLUMNS = ["equal", "differs", "only OpenCV", "only the labeler", "neither"]


def label(labeler, files, work):
    """The labeler's pictures by position in `files`, and its reasons for those it rejects."""
    source, out = work / "source", work / "out"
    source.mkdir()
    for at, file in enumerate(files):
        shutil.copyfile(file, source / f"0_20_{at:05}{file.suffix.lower()}")
    command = [labeler, source, out, "--labels", "0-9", "--canvas", f"{SIDE_PX}x{SIDE_PX}", "--alpha", "drop", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"the labeler ended with {done.returncode}: {done.stderr}")
    position = lambda name: int(pathlib.Path(name).name.split("_")[2][:5])
    # Row 0 is the label row.
    pictures = {position(png): cv2.imread(str(png), cv2.IMREAD_UNCHANGED)[1:] for png in out.glob("20/*.png")}
    with open(out / "rejected.csv", newline="", encoding="utf-8") as table:
        reasons = {position(row["source"]): row["reason"] for row in csv.DictReader(table)}
    return pictures, reasons


def opencv(file):
    try:
        gray = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    return None if gray is None else cv2.resize(gray, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)


def judge(ours, theirs, reason):
    """A column of the table and what is to be said of the file."""
    if ours is None:
        reason = reason or "passed over"
        return ("neither", reason) if theirs is None else ("only OpenCV", reason)
    if theirs is None:
        return "only the labeler", ""
    difference = np.abs(ours.astype(int) - theirs)
    if not difference.any():
        return "equal", ""
    return "differs", f"by up to {difference.max()} in {np.count_nonzero(difference) / difference.size:.1%} of pixels"


def main():
    folder, table = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    labeler = sys.argv[3] if len(sys.argv) > 3 else "target/release/digit-labeler"
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    with tempfile.TemporaryDirectory() as work:
        pictures, reasons = label(labeler, files, pathlib.Path(work))
    counts, notes = collections.defaultdict(collections.Counter), collections.defaultdict(list)
    for at, file in enumerate(files):
        column, note = judge(pictures.get(at), opencv(file), reasons.get(at))
        suffix = file.suffix.lower() or "no suffix"
        counts[suffix][column] += 1
        if column not in ("equal", "neither"):
            notes[column].append(f"| {file.relative_to(folder)} | {note} |")
    lines = [f"OpenCV {cv2.__version__}, {len(files)} files", "", "| | " + " | ".join(COLUMNS) + " |", "|---" * 6 + "|"]
    total = sum(counts.values(), collections.Counter())
    for name, row in [*sorted(counts.items()), ("all", total)]:
        if name == "all" or row["neither"] < sum(row.values()):
            lines.append(f"| {name} | " + " | ".join(str(row[column]) for column in COLUMNS) + " |")
    for column in COLUMNS[1:4]:
        if notes[column]:
            lines += ["", f"{column[0].upper()}{column[1:]}:", "", "| file | |", "|---|---|", *notes[column]]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[2 : lines.index("") + 1] or lines))
    print(", ".join(f"{column}: {total[column]}" for column in COLUMNS))


if __name__ == "__main__":
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
    main()
