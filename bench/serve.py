"""Load on `digit-predict serve`, on the loopback address only.

    python3 bench/serve.py batches target/release/digit-predict MODEL [SECONDS]
    python3 bench/serve.py steady  target/release/digit-predict MODEL [SECONDS]

`batches` sends drawn 100x100 PNGs, 500 a request, on two connections, and prints pictures a second and the
processor time of a picture, which other work on the machine changes less. `steady` sends 200
requests a second with one PNG each and prints faults, times and the memory of the server before and after. The server
is started, and stopped at the end.
"""

import base64
import http.client
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import threading
import time
import zlib

BATCH = 500
RATE = 200
CONNECTIONS = 16


def png(seed):
    """A gray 100x100 PNG with a slanted stroke, another one for each seed."""
    rows = bytearray()
    for y in range(100):
        rows.append(0)
        middle = 40 + seed % 17 + y * (seed % 5) // 10
        rows += bytes(20 if 15 < y < 85 and abs(x - middle) < 5 else 240 + (x * y + seed) % 12 for x in range(100))
    chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    header = struct.pack(">IIBBBBB", 100, 100, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")


def memory_kb(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def processor_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def post(connection, body, kind):
    connection.request("POST", "/predict", body, {"Content-Type": kind})
    reply = connection.getresponse()
    return reply.status, reply.read()


def batches(port, seconds, process):
    pictures = [base64.b64encode(png(seed)).decode() for seed in range(BATCH)]
    body = json.dumps({"pictures": pictures})
    counts, stop = [0, 0], time.perf_counter() + seconds

    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < stop:
            status, text = post(connection, body, "application/json")
            answers = json.loads(text)["answers"]
            assert status == 200 and all(answer["error"] is None for answer in answers), answers[0]
            counts[number] += len(answers)

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=[number]) for number in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    took, worked = time.perf_counter() - began, processor_seconds(process)
    print(
        f"{sum(counts)} pictures, {sum(counts) / took:.0f} a second, "
        f"{1000 * worked / sum(counts):.2f} ms of processor time each"
    )


def steady(port, seconds, process):
    pictures = [png(seed) for seed in range(50)]
    times, faults, lock = [], [], threading.Lock()
    began = time.perf_counter()

    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for turn in range(number, seconds * RATE, CONNECTIONS):
            time.sleep(max(0, began + turn / RATE - time.perf_counter()))
            sent = time.perf_counter()
            try:
                status, text = post(connection, pictures[turn % 50], "image/png")
                fault = status != 200 or json.loads(text)["error"]
            except OSError as error:
                fault, connection = error, http.client.HTTPConnection("127.0.0.1", port)
            with lock:
                times.append(1000 * (time.perf_counter() - sent))
                if fault:
                    faults.append(fault)

    threads = [threading.Thread(target=client, args=[number]) for number in range(CONNECTIONS)]
    [thread.start() for thread in threads]
    time.sleep(seconds / 6)
    early = memory_kb(process)
    [thread.join() for thread in threads]
    took = time.perf_counter() - began
    times.sort()
    print(
        f"{len(times)} requests in {took:.1f} s, {len(faults)} faults; ms: median {statistics.median(times):.1f}, "
        f"99 % {times[len(times) * 99 // 100]:.1f}, longest {times[-1]:.1f}; "
        f"memory: {early / 1024:.1f} MB after {seconds // 6} s, {memory_kb(process) / 1024:.1f} MB at the end"
    )


def main():
    what, program, model = sys.argv[1:4]
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else {"batches": 10, "steady": 60}[what]
    process = subprocess.Popen(
        [program, "serve", "--quiet", "--json", "--model", model, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        port = json.loads(process.stdout.readline())["port"]
        batches(port, seconds, process) if what == "batches" else steady(port, seconds, process)
    finally:
        process.terminate()
        process.wait()


main()
