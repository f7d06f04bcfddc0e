#!/usr/bin/env python3
"""Make the golden vectors of TIFF and BMP files: small files and the gray pixels that OpenCV reads from them.

    python make_formats_golden.py            write the files and expected.json beside this script
    python make_formats_golden.py --check    keep everything, compare cv2 with expected.json

Needs numpy, pillow, tifffile, imagecodecs and opencv-python-headless.
"""
import hashlib, io, json, os, pathlib, struct, sys
import cv2
import numpy as np
import tifffile
from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 53, 37
RANDOM = np.random.RandomState(20241)
COLOURS = cv2.GaussianBlur(RANDOM.randint(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8), (5, 5), 2)
COLOURS = cv2.normalize(COLOURS, None, 0, 255, cv2.NORM_MINMAX)
GRAY = COLOURS[:, :, 0].copy()
BILEVEL = GRAY > 128
FILES = {}
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def tiff(tags, chunks, order="<", tiled=False):
    """A TIFF of one page; `tags` are numbers or lists of numbers, `chunks` its strips or tiles."""
    tags = {256: WIDTH, 257: HEIGHT, 259: 1, 277: 1, **tags}
    offsets, data = [], b""
    for chunk in chunks:
        offsets.append(8 + len(data))
        data += chunk + b"\0" * (len(chunk) % 2)
    tags |= {324 if tiled else 273: offsets, 325 if tiled else 279: [len(chunk) for chunk in chunks]}
    entries, extra, start = b"", b"", 8 + len(data)
    after = start + 2 + 12 * len(tags) + 4
    for tag, values in sorted(tags.items()):
        if isinstance(values, bytes):
            kind, count, packed = 7, len(values), values
        else:
            values = values if isinstance(values, list) else [values]
            kind, letter = (4, "I") if max(values) > 65535 or tag in (273, 279, 324, 325) else (3, "H")
            count, packed = len(values), struct.pack(f"{order}{len(values)}{letter}", *values)
        if len(packed) <= 4:
            field = packed.ljust(4, b"\0")
        else:
            field = struct.pack(order + "I", after + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
        entries += struct.pack(order + "HHI", tag, kind, count) + field
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "I", start) + data + struct.pack(order + "H", len(tags)) + entries + b"\0" * 4 + extra


def by_pillow(image, **options):
    out = io.BytesIO()
    image.save(out, "TIFF", **options)
    return out.getvalue()


def strips(file):
    """The tags and compressed strips of a TIFF file."""
    page = tifffile.TiffFile(io.BytesIO(file)).pages[0]
    return page, [file[at : at + length] for at, length in zip(page.dataoffsets, page.databytecounts)]


def packed_bits(values, bits):
    """Rows of samples of less than 8 bits, each padded to whole bytes."""
    rows = []
    for row in values.reshape(values.shape[0], -1):
        text = "".join(f"{value:0{bits}b}" for value in row)
        text += "0" * (-len(text) % 8)
        rows.append(bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8)))
    return rows


def make_bilevel():
    rows = b"".join(packed_bits(BILEVEL.astype(int), 1))
    for photometric in (0, 1):
        for order in (1, 2):
            data = rows if order == 1 else rows.translate(REVERSED)
            FILES[f"bilevel-{photometric}-order{order}.tif"] = tiff({258: 1, 262: photometric, 266: order}, [data])
    for name, compression in (("g3", "group3"), ("g4", "group4"), ("rle", "tiff_ccitt")):
        page, data = strips(by_pillow(Image.fromarray(BILEVEL), compression=compression))
        number, rows = {"g3": 3, "g4": 4, "rle": 2}[name], page.rowsperstrip
        for order in (1, 2):
            chunks = data if order == 1 else [strip.translate(REVERSED) for strip in data]
            for photometric in (0, 1):
                tags = {258: 1, 259: number, 262: photometric, 266: order, 278: min(rows, HEIGHT)}
                FILES[f"fax-{name}-{photometric}-order{order}.tif"] = tiff(tags, chunks)
    FILES["fax-g3-2d.tif"] = by_pillow(Image.fromarray(BILEVEL), compression="group3", tiffinfo={292: 1})
    FILES["fax-g3-2d-fill.tif"] = by_pillow(Image.fromarray(BILEVEL), compression="group3", tiffinfo={292: 5})
    noise = RANDOM.rand(HEIGHT, 3000) < 0.02
    FILES["fax-g4-wide.tif"] = by_pillow(Image.fromarray(noise), compression="group4")
    FILES["fax-g3-wide.tif"] = by_pillow(Image.fromarray(noise), compression="group3")


def make_gray():
    for bits in (2, 4, 8):
        for photometric in (0, 1):
            values = GRAY.astype(int) >> (8 - bits)
            data = b"".join(packed_bits(values, bits))
            FILES[f"gray{bits}-{photometric}.tif"] = tiff({258: bits, 262: photometric}, [data])
    wide = GRAY.astype(np.uint16) * 251 + 77
    for order in "<>":
        name = "little" if order == "<" else "big"
        FILES[f"gray16-{name}.tif"] = tiff({258: 16, 262: 1}, [wide.astype(order + "u2").tobytes()], order)
        colours = (COLOURS.astype(np.uint16) * 251 + RANDOM.randint(0, 1000, COLOURS.shape)).astype(order + "u2")
        FILES[f"rgb16-{name}.tif"] = tiff({258: [16] * 3, 262: 2, 277: 3}, [colours.tobytes()], order)
    FILES["no-photometric-1.tif"] = tiff({258: 8}, [GRAY.tobytes()])


def make_colour():
    for compression in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "raw"):
        FILES[f"rgb-{compression}.tif"] = by_pillow(Image.fromarray(COLOURS), compression=compression)
    for compression in ("tiff_lzw", "tiff_adobe_deflate"):
        FILES[f"rgb-{compression}-predictor.tif"] = by_pillow(Image.fromarray(COLOURS), compression=compression, tiffinfo={317: 2})
    for quality in (40, 95):
        FILES[f"jpeg-ycbcr-{quality}.tif"] = by_pillow(Image.fromarray(COLOURS).convert("YCbCr"), compression="jpeg", quality=quality)
        FILES[f"jpeg-rgb-{quality}.tif"] = by_pillow(Image.fromarray(COLOURS), compression="jpeg", quality=quality)
        FILES[f"jpeg-gray-{quality}.tif"] = by_pillow(Image.fromarray(GRAY), compression="jpeg", quality=quality)
    FILES["cmyk.tif"] = by_pillow(Image.fromarray(COLOURS).convert("CMYK"), compression="tiff_lzw")
    for bits in (1, 2, 4, 8):
        count = 1 << bits
        colours = RANDOM.randint(0, 65536, 3 * count).tolist()
        data = b"".join(packed_bits(GRAY.astype(int) >> (8 - bits), bits))
        FILES[f"palette{bits}.tif"] = tiff({258: bits, 262: 3, 320: colours}, [data])
    small = [value >> 8 for value in RANDOM.randint(0, 65536, 3 * 256).tolist()]
    FILES["palette8-of-bytes.tif"] = tiff({258: 8, 262: 3, 320: small}, [GRAY.tobytes()])
    for across, down in ((1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (4, 2), (4, 4)):
        units = -(-WIDTH // across) * -(-HEIGHT // down)
        data = RANDOM.randint(0, 256, units * (across * down + 2), dtype=np.uint8).tobytes()
        FILES[f"ycbcr-{across}x{down}.tif"] = tiff({258: [8] * 3, 262: 6, 277: 3, 530: [across, down]}, [data])


def make_tiles():
    def by_tifffile(name, data, **options):
        out = io.BytesIO()
        tifffile.imwrite(out, data, metadata=None, software="", **options)
        FILES[name] = out.getvalue()

    planes = np.ascontiguousarray(COLOURS.transpose(2, 0, 1))
    for compression in (None, "lzw", "deflate", "packbits", "jpeg"):
        name = compression or "raw"
        by_tifffile(f"tiles-{name}.tif", COLOURS, photometric="rgb", tile=(16, 32), compression=compression)
        by_tifffile(f"tiles-planar-{name}.tif", planes, photometric="rgb", planarconfig="separate", tile=(16, 32), compression=compression)
        by_tifffile(f"strips-planar-{name}.tif", planes, photometric="rgb", planarconfig="separate", rowsperstrip=10 if compression != "jpeg" else 16, compression=compression)
    by_tifffile("tiles-gray.tif", GRAY, photometric="minisblack", tile=(16, 16))
    by_tifffile("tiles-bilevel.tif", BILEVEL, photometric="minisblack", tile=(16, 16))
    by_tifffile("big-tiff.tif", COLOURS, photometric="rgb", bigtiff=True, byteorder=">")
    for orientation in range(1, 9):
        by_tifffile(f"orientation{orientation}.tif", COLOURS, photometric="rgb", extratags=[(274, 3, 1, orientation, True)])


def make_bmp():
    def bmp(bits, masks, header_bytes, compression=3):
        pixels = RANDOM.randint(0, 256, 32 * 16 * bits // 8, dtype=np.uint8).tobytes()
        fields = b"".join(struct.pack("<I", mask) for mask in masks)
        body = struct.pack("<IiiHHIIiiII", header_bytes, 32, 16, 1, bits, compression, len(pixels), 2835, 2835, 0, 0)
        body += fields + b"\0" * (header_bytes - 40 - len(fields)) if header_bytes > 40 else fields
        return b"BM" + struct.pack("<IHHI", 14 + len(body) + len(pixels), 0, 0, 14 + len(body)) + body + pixels

    rgb = [0xFF0000, 0xFF00, 0xFF, 0xFF000000]
    for header_bytes in (56, 108, 124):
        FILES[f"bmp32-v{header_bytes}.bmp"] = bmp(32, rgb, header_bytes)
        FILES[f"bmp32-swapped-v{header_bytes}.bmp"] = bmp(32, [0xFF, 0xFF00, 0xFF0000, 0xFF000000], header_bytes)
        FILES[f"bmp32-shifted-v{header_bytes}.bmp"] = bmp(32, [0xFF000000, 0xFF0000, 0xFF00, 0xFF], header_bytes)
        FILES[f"bmp32-plain-v{header_bytes}.bmp"] = bmp(32, rgb, header_bytes, 0)
    FILES["bmp32-fields-v40.bmp"] = bmp(32, rgb[:3], 40)
    FILES["bmp16-565.bmp"] = bmp(16, [0xF800, 0x7E0, 0x1F], 40)
    FILES["bmp16-555.bmp"] = bmp(16, [0x7C00, 0x3E0, 0x1F], 40)
    FILES["bmp16-plain.bmp"] = bmp(16, [], 40, 0)


def gray(file):
    picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        return None
    height, width = picture.shape
    return {"width": width, "height": height, "sha256": hashlib.sha256(picture.tobytes()).hexdigest()}


def make_rare():
    """Signed samples, CIE L*a*b*, and BMP headers that few programs write."""
    FILES["gray8-signed.tif"] = tiff({258: 8, 262: 1, 339: 2}, [GRAY.tobytes()])
    FILES["gray16-signed.tif"] = tiff({258: 16, 262: 1, 339: 2}, [(GRAY.astype("<u2") * 257).tobytes()])
    FILES["cielab.tif"] = tiff({258: [8] * 3, 262: 8, 277: 3}, [COLOURS.tobytes()])
    near_gray = np.dstack([GRAY, COLOURS[:, :, 1] // 8, 255 - COLOURS[:, :, 2] // 8]).astype(np.uint8)
    FILES["cielab-gray.tif"] = tiff({258: [8] * 3, 262: 8, 277: 3}, [near_gray.tobytes()])
    rows = np.zeros((HEIGHT, (WIDTH + 3) // 4 * 4), np.uint8)
    rows[:, :WIDTH] = GRAY[::-1]
    palette = b"".join(bytes([255 - level, level, level // 2, 0]) for level in range(256))
    for name, header_bytes, planes in (("os2", 64, 1), ("header66", 66, 1), ("planes", 40, 3)):
        header = struct.pack("<IiiHHIIiiII", header_bytes, WIDTH, HEIGHT, planes, 8, 0, rows.size, 2835, 2835, 256, 0)
        start = 14 + header_bytes + len(palette)
        data = header.ljust(header_bytes, b"\0") + palette + rows.tobytes()
        FILES[f"bmp8-{name}.bmp"] = b"BM" + struct.pack("<IHHI", start + rows.size, 0, 0, start) + data


def main():
    if "--check" not in sys.argv:
        for make in (make_bilevel, make_gray, make_colour, make_tiles, make_bmp, make_rare):
            make()
        for name, data in FILES.items():
            (HERE / name).write_bytes(data)
    files = sorted(file for file in HERE.iterdir() if file.suffix in (".tif", ".bmp"))
    expected = {"made_with": {"opencv": cv2.__version__}, "files": {file.name: gray(file) for file in files}}
    if "--check" in sys.argv:
        same = json.loads((HERE / "expected.json").read_text())["files"] == expected["files"]
        sys.exit(0 if same else "cv2 gives other pixels than expected.json")
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    print(len(files), "files;", [name for name, value in expected["files"].items() if value is None], "not read by OpenCV")


if __name__ == "__main__":
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
    main()
