#!/usr/bin/env python3
"""Writes the outlines of each face's digits.ttf as SVG paths to outlines.txt, a line each for 0 to 9, in font units.

python3 outlines.py            writes them anew
python3 outlines.py --check    exit code 1 if one of them is not current

Needs fonttools (`pip install fonttools==4.68.0`). Run it in this folder.
"""
import sys
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont


class Commands(BasePen):
    """Commands of a path, quadratic curves one by one."""

    def __init__(self, glyphs):
        super().__init__(glyphs)
        self.words = []

    def _add(self, command, *points):
        self.words.append(command)
        self.words.extend(f"{value:g}" for point in points for value in point)

    def _moveTo(self, to):
        self._add("M", to)

    def _lineTo(self, to):
        self._add("L", to)

    def _qCurveToOne(self, control, to):
        self._add("Q", control, to)

    def _curveToOne(self, first, second, to):
        raise SystemExit("a cubic curve: this face is not TrueType")

    def _closePath(self):
        self._add("Z")


def outlines(file):
    font = TTFont(file)
    names, glyphs = font.getBestCmap(), font.getGlyphSet()
    lines = []
    for digit in "0123456789":
        pen = Commands(glyphs)
        glyphs[names[ord(digit)]].draw(pen)
        lines.append(" ".join(pen.words) + "\n")
    return "".join(lines)


old = []
for file in sorted(Path(".").glob("*/digits.ttf")):
    text, path = outlines(file), file.with_name("outlines.txt")
    if "--check" not in sys.argv:
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        old.append(str(path))
if old:
    raise SystemExit("not current: " + ", ".join(old))
