"""The marks of digit-form and their corners, by OpenCV: python corners.py FOLDER

Compares the bits in crates/digit-form/src/dictionary/table.rs with OpenCV's DICT_5X5_1000. Then draws four marks as a
camera sees them, has OpenCV find their corners, and writes corners.png and corners.json, which the tests of digit-form
keep. Coordinates count from the upper left corner of the first pixel; OpenCV counts from its middle.
"""

import json
import re
import sys
from pathlib import Path

import cv2
import numpy

IDS = [404, 929, 34, 711]
# Corners of the marks in the picture, each clockwise from the one that is upper left on the mark.
QUADS = [
    [(52.3, 40.2), (131.8, 47.9), (128.1, 121.4), (46.7, 117.0)],
    [(430.9, 61.5), (402.2, 122.8), (338.6, 97.1), (365.4, 36.6)],
    [(420.7, 330.1), (349.9, 338.8), (341.2, 268.3), (411.0, 257.7)],
    [(60.2, 255.4), (125.6, 280.3), (99.7, 342.6), (33.1, 316.8)],
]
SIZE = (480, 380)
FINER = 8


def compare_table(dictionary):
    table = Path(__file__).parents[2] / "crates/digit-form/src/dictionary/table.rs"
    own = [int(bits, 16) for bits in re.findall(r"0x([0-9a-f]{7})", table.read_text())]
    for mark, value in enumerate(own):
        bits = cv2.aruco.Dictionary_getBitsFromByteList(dictionary.bytesList[mark : mark + 1], 5)
        expected = int("".join(str(bit) for bit in bits.flatten()), 2)
        assert value == expected, f"mark {mark}: {value:#x}, OpenCV has {expected:#x}"
    assert len(own) == 1000
    print("1000 marks are those of OpenCV", cv2.__version__)


def drawn(dictionary):
    side = 7 * 40
    fine = numpy.full((SIZE[1] * FINER, SIZE[0] * FINER), 215, numpy.uint8)
    for mark, quad in zip(IDS, QUADS):
        image = cv2.aruco.generateImageMarker(dictionary, mark, side)
        image = numpy.where(image > 0, 215, 40).astype(numpy.uint8)
        source = numpy.float32([(0, 0), (side, 0), (side, side), (0, side)]) - 0.5
        target = numpy.float32(quad) * FINER - 0.5
        matrix = cv2.getPerspectiveTransform(source, target)
        cv2.warpPerspective(image, matrix, fine.shape[::-1], fine, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    picture = cv2.resize(fine, SIZE, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def main():
    folder = Path(sys.argv[1])
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_1000)
    compare_table(dictionary)
    picture = drawn(dictionary)
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(picture)
    marks = []
    for found, mark in sorted(zip(corners, ids.flatten()), key=lambda pair: pair[1]):
        quad = QUADS[IDS.index(mark)]
        opencv = [[round(float(x) + 0.5, 3), round(float(y) + 0.5, 3)] for x, y in found[0]]
        off = max(numpy.hypot(x - a, y - b) for (x, y), (a, b) in zip(opencv, quad))
        print(f"mark {mark}: OpenCV is {off:.2f} pixels off at most")
        marks.append({"id": int(mark), "opencv": opencv, "true": [list(corner) for corner in quad]})
    assert len(marks) == len(IDS)
    cv2.imwrite(str(folder / "corners.png"), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    (folder / "corners.json").write_text(json.dumps({"marks": marks}, indent=1) + "\n")


main()
