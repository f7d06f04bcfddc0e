"""A lesson with 30 writers, tried with drawn digits: they collect at the same time, the server teaches, the doctor looks.

    python3 experiments/lesson/lesson.py BIN WORK

Starts `digit-predict serve --collect WORK/class`. Each drawn writer is a client of its own and posts its digits to
`/collect` as the page does. Four writers draw another digit than they are asked for, three times each. Then `/teach`
runs what the button "Teach" runs, and `digit-doctor` looks at the collected digits. Prints a Markdown table. Fails if a
digit is missing, doubled or below another label than the one that it was sent with.
"""

import base64
import collections
import csv
import hashlib
import http.client
import json
import pathlib
import shutil
import subprocess
import sys
import threading
import time

WRITERS = 30
EACH = 8
LABELS = range(10)
# Writers who drew no other set of the project.
FIRST_WRITER = 7000
# Writers who answer another digit, and when: the first time that they are asked for these.
CARELESS, SLIPS = 4, (1, 4, 7)


def drawn_digits(commands, work):
    """The drawn digits by writer: [(label that is asked for, PNG, whether another digit was drawn)]."""
    source = work / "drawn"
    # Font faces get a sixth of all pictures, and no writer may run short of a digit.
    count, writers = WRITERS * EACH * len(LABELS) * 3 // 2, f"{FIRST_WRITER}..{FIRST_WRITER + WRITERS}"
    draw = ["draw", str(source), "--labels", "0-9", "--sizes", "20", "--count", str(count), "--writers", writers]
    subprocess.run([commands / "digit-source", "--no-next", *draw, "--quiet"], check=True)
    found = collections.defaultdict(list)
    for path in sorted(source.glob("*_20_hand*.png")):
        label, _, name = path.stem.split("_")
        found[name.split("-")[0], int(label)].append(path.read_bytes())
    names = sorted({writer for writer, _ in found})
    assert len(names) == WRITERS, f"expected {WRITERS} writers, found {len(names)}"
    digits = {}
    for place, writer in enumerate(names):
        spare = {label: found[writer, label] for label in LABELS}
        asked = []
        for turn in range(EACH):
            for label in LABELS:
                slips = place < CARELESS and turn == 0 and label in SLIPS
                other = (label + 2) % 10 if slips else label
                asked.append((label, spare[other].pop(), slips))
        digits[f"student {place + 1}"] = asked
    return digits


def request(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
    reply = connection.getresponse()
    text = reply.read()
    assert reply.status < 300, f"{path}: {reply.status} {text[:200]}"
    return json.loads(text)


def collect(port, digits):
    """All writers at once; the seconds that the slowest digit took."""
    slowest, faults = [0.0] * len(digits), []

    def client(place, writer):
        try:
            for label, png, _ in digits[writer]:
                sent = time.perf_counter()
                body = {"writer": writer, "label": label, "png": base64.b64encode(png).decode(), "strokes": []}
                request(port, "POST", "/collect", body)
                slowest[place] = max(slowest[place], time.perf_counter() - sent)
        except (AssertionError, OSError) as fault:
            faults.append(f"{writer}: {fault}")

    threads = [threading.Thread(target=client, args=item) for item in enumerate(digits)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not faults, faults
    return max(slowest)


def digest(png):
    return hashlib.sha256(png).hexdigest()


def wrong_labels(folder, digits):
    """Stored pictures that lie below another writer or label than they were sent with, and those that are missing."""
    sent = collections.Counter((writer, label, digest(png)) for writer, asked in digits.items() for label, png, _ in asked)
    stored = collections.Counter(
        (path.parts[-3], int(path.parts[-2]), digest(path.read_bytes())) for path in folder.glob("*/*/*.png")
    )
    return (stored - sent).total() + (sent - stored).total()


def teach(port):
    request(port, "POST", "/teach", {})
    while (progress := request(port, "GET", "/teach"))["state"] == "running":
        time.sleep(0.5)
    assert progress["state"] == "done", progress
    return progress


def accuracy_sentence(progress):
    """What mlp-train says of the test, such as `0.975; 95 % interval .. over 6 writers`."""
    line = next(line for line in progress["lines"] if "test accuracy" in line)
    return line.split("test accuracy ")[1]


def examine(commands, work, digits):
    """How many of the pictures with another digit on them are findings of the doctor, and how many findings there are."""
    subprocess.run([commands / "digit-doctor", "--no-next", work / "class", work / "findings", "--quiet"], check=True)
    with open(work / "findings" / "findings.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "wrong_label"]
    slips = {digest(png) for asked in digits.values() for _, png, slips in asked if slips}
    shown = [digest((work / "class" / row["source"]).read_bytes()) for row in rows]
    first = sum(png in slips for png in shown[: len(slips)])
    return len(slips), sum(png in slips for png in shown), first, len(rows)


def timed(work, *arguments):
    began = time.perf_counter()
    result = work(*arguments)
    return time.perf_counter() - began, result


def lesson(commands, work, digits):
    """The rows of the table."""
    words = ["serve", "--quiet", "--json", "--port", "0", "--collect", work / "class"]
    server = subprocess.Popen([commands / "digit-predict", *words], stdout=subprocess.PIPE, text=True)
    try:
        port = json.loads(server.stdout.readline())["port"]
        collecting_s, slowest_s = timed(collect, port, digits)
        wrong = wrong_labels(work / "class", digits)
        teaching_s, progress = timed(teach, port)
    finally:
        server.terminate()
        server.wait()
    doctor_s, (slips, found, first, findings) = timed(examine, commands, work, digits)
    assert wrong == 0, f"{wrong} digits are missing, doubled or below a wrong label"
    sent = sum(len(asked) for asked in digits.values())
    yield f"{WRITERS} clients at once send {sent} digits", f"{collecting_s:.1f} s; a digit at most {1000 * slowest_s:.0f} ms"
    yield "digits missing, doubled, or below another writer or label than they were sent with", str(wrong)
    yield "Teach: labels, data set, training, report", f"{teaching_s:.0f} s"
    yield "test accuracy, on writers who did not train", accuracy_sentence(progress)
    yield "`digit-doctor class findings`", f"{doctor_s:.0f} s"
    yield f"wrongly answered digits that it shows as wrong labels, of {slips}", f"{found}; {first} among its first {slips}"
    yield "all that it shows as wrong labels", str(findings)


def main():
    commands, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    for name in ["class", "learned-class", "findings"]:
        shutil.rmtree(work / name, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    print("| what | result |\n|---|---|")
    for what, result in lesson(commands, work, drawn_digits(commands, work)):
        print(f"| {what} | {result} |")


main()
