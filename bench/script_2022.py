#!/usr/bin/env python3
"""Labels pictures and makes a CSV as the scripts of 2022 did, with OpenCV and Python's csv module.

    script_2022.py label SOURCE OUT
    script_2022.py csv LABELLED CSV

Two things differ: the pictures keep their names, so that none overwrites another, and files are taken in the order of
their names. Prints the seconds on the wall clock and of all threads, without those for loading Python and
OpenCV.
"""
import csv
import os
import sys
import time

import cv2
import numpy as np

SIDE_PX = 20
CLASSES = 5


def label(source, out):
    for size in ("20", "8"):
        os.makedirs(os.path.join(out, size))
    for name in sorted(os.listdir(source)):
        gray = cv2.imread(os.path.join(source, name), cv2.IMREAD_GRAYSCALE)
        small = cv2.resize(gray, dsize=(SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        digit, size, _ = name.split("_", 2)
        row = np.ones((1, SIDE_PX)) * 255
        row[0, 0], row[0, 1] = int(digit), int(size)
        cv2.imwrite(os.path.join(out, size, name), np.vstack([row, small]))


def to_csv(labelled, file):
    with open(file, "w", encoding="utf-8", newline="") as text:
        rows = csv.writer(text)
        header = [f"pixel{at}" for at in range(1, SIDE_PX * SIDE_PX + 1)]
        rows.writerow(header + ["isOne", "isTwo", "isThree", "isFour", "isFive"])
        for name in sorted(os.listdir(labelled)):
            gray = cv2.imread(os.path.join(labelled, name), cv2.IMREAD_GRAYSCALE)
            cells = []
            for y in range(1, SIDE_PX + 1):
                for x in range(SIDE_PX):
                    cells.append(gray[y, x])
            cells.extend([int(gray[0, 0] == digit) for digit in range(1, CLASSES + 1)])
            rows.writerow(cells)


if __name__ == "__main__":
    began, used = time.perf_counter(), time.process_time()
    {"label": label, "csv": to_csv}[sys.argv[1]](*sys.argv[2:])
    print([time.perf_counter() - began, time.process_time() - used])
