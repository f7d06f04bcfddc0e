#!/usr/bin/env python3
"""Make the Parquet files of the tests, as `datasets` of Hugging Face and pandas write them.

    python make_parquet.py      write NAME.parquet beside this script; needs numpy, pillow and pyarrow

Picture n is n % 10 * 20 + 5 dark on 250, a bar in column n % width.
"""
import io, json, pathlib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

HERE = pathlib.Path(__file__).parent


def picture(n, width=6, height=4):
    pixels = np.full((height, width), 250, np.uint8)
    pixels[:, n % width] = n % 10 * 20 + 5
    return pixels


def png(n, **size):
    out = io.BytesIO()
    Image.fromarray(picture(n, **size)).save(out, "PNG")
    return out.getvalue()


def hugging_face(name, names, pictures, labels, **options):
    images = pa.array([{"bytes": data, "path": f"{n}.png"} for n, data in enumerate(pictures)],
                      pa.struct([("bytes", pa.binary()), ("path", pa.string())]))
    features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}
    table = pa.table({"image": images, "label": pa.array(labels, pa.int64())})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, HERE / f"{name}.parquet", **options)


def main():
    digits = [str(digit) for digit in range(10)]
    pictures = [png(n) for n in range(12)]
    labels = [n % 10 for n in range(12)]
    hugging_face("pictures", digits, pictures, labels)
    # Class 0 is the digit 9, class 1 the digit 8, ..
    hugging_face("reversed", digits[::-1], pictures, labels, compression="gzip")
    hugging_face("words", ["zero", "one", "two"], pictures[:3], labels[:3])
    odd = [png(0), png(1, width=9, height=7), b"no picture", png(3), png(4)]
    hugging_face("odd", digits, odd, [0, 1, 2, None, 12])
    hugging_face("zstd", digits, pictures, labels, compression="zstd")
    pixels = {f"pixel{i}": pa.array([int(picture(n, 4, 4).flat[i]) for n in range(12)], pa.uint8()) for i in range(16)}
    pq.write_table(pa.table({"label": pa.array(labels, pa.int64()), **pixels}), HERE / "pixels.parquet")


if __name__ == "__main__":
    main()
