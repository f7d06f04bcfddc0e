#!/usr/bin/env python3
"""Reads a data set CSV with polars or pandas and writes it again: csv_peer.py polars|pandas CSV OUT. Prints seconds."""
import json
import sys
import time


def main():
    library, file, out = sys.argv[1:]
    if library == "polars":
        import polars

        read = lambda: polars.read_csv(file, schema_overrides=[polars.UInt8] * len(open(file).readline().split(",")))
        write = lambda table: table.write_csv(out)
    else:
        import pandas

        read = lambda: pandas.read_csv(file, dtype="uint8")
        write = lambda table: table.to_csv(out, index=False)
    began = time.perf_counter()
    table = read()
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    write(table)
    print(json.dumps({"read_s": read_s, "write_s": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
