#!/usr/bin/env python3
"""Make the golden vectors of JPEG 2000: small files, and the gray pixels that OpenCV reads from each as a PNG.

    python make_jpeg2000_golden.py           write NAME.jp2 or NAME.j2k and NAME.png beside this script
    python make_jpeg2000_golden.py --check   keep everything, compare cv2 with the PNGs

Files whose names begin with `lossy` are compressed by the irreversible transform. Needs numpy, pillow and
opencv-python-headless.
"""
import io, os, pathlib, sys
import cv2
import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 53, 37
RANDOM = np.random.RandomState(20241)
COLOURS = cv2.GaussianBlur(RANDOM.randint(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8), (5, 5), 2)
COLOURS = cv2.normalize(COLOURS, None, 0, 255, cv2.NORM_MINMAX)
GRAY = COLOURS[:, :, 0].copy()
ALPHA = np.dstack([COLOURS, 255 - GRAY // 2])

PICTURES = {
    "gray": (Image.fromarray(GRAY), {}),
    "gray16": (Image.fromarray(GRAY.astype(np.uint16) * 256 + 77), {}),
    "rgb": (Image.fromarray(COLOURS), {}),
    "rgb-no-mct": (Image.fromarray(COLOURS), {"mct": 0}),
    "rgba": (Image.fromarray(ALPHA), {}),
    "tiles": (Image.fromarray(COLOURS), {"tile_size": (16, 16)}),
    "precincts": (Image.fromarray(COLOURS), {"precinct_size": (32, 32), "codeblock_size": (16, 16), "progression": "RPCL"}),
    "one-resolution": (Image.fromarray(GRAY), {"num_resolutions": 1}),
    "layers": (Image.fromarray(COLOURS), {"quality_mode": "rates", "quality_layers": [20, 8, 1]}),
    "lossy": (Image.fromarray(COLOURS), {"irreversible": True, "quality_mode": "rates", "quality_layers": [6]}),
    "lossy-gray": (Image.fromarray(GRAY), {"irreversible": True, "quality_mode": "dB", "quality_layers": [38]}),
    "lossy-tiles": (Image.fromarray(COLOURS), {"irreversible": True, "tile_size": (32, 16), "progression": "CPRL"}),
}


def main():
    for name, (image, options) in PICTURES.items():
        for ending in ("jp2", "j2k") if name in ("gray", "rgb") else ("jp2",):
            path = HERE / f"{name}.{ending}"
            if "--check" not in sys.argv:
                image.save(path, "JPEG2000", no_jp2=ending == "j2k", **options)
            gray = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            png = HERE / f"{path.name}.png"
            if "--check" in sys.argv:
                same = np.array_equal(gray, cv2.imread(str(png), cv2.IMREAD_UNCHANGED))
                print(f"{path.name}: {'as stored' if same else 'DIFFERS'}")
            else:
                cv2.imwrite(str(png), gray)


if __name__ == "__main__":
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
    main()
