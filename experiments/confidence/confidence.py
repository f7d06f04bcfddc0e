#!/usr/bin/env python3
"""How confidence behaves on digits of strangers, on letters, and on digits outside the label set.

    python3 experiments/confidence/confidence.py WORK TABLE.md

Three networks are trained by the recommended config: on the digits of real writers but the last two beside drawn
digits (only with DIGIT_DATA), on drawn digits alone, and on the drawn digits 1 to 5. Each predicts pictures that did
not train it. WORK takes data sets and runs; what is there is not made again, so remove it when a command has changed.

Variables: DIGIT_DATA, a folder with numbers_ch/{writer}/{digit}/*.png and, if there, mnist/train-*.gz and
optdigits/optdigits.tra; drawn digits of other writers stand in without it. DRAWN, drawn digits that train (8000).
COUNT, pictures of each other kind (3000). EPOCHS (30). BIN, the folder of the commands (target/release).
"""
import json
import os
import shutil
import sys
from pathlib import Path

import letters

sys.path.insert(0, str(Path(__file__).parent.parent / "preprocessing"))
from commands import run, tolerant  # noqa: E402 (its folder has to be known first)

CONFIG, THRESHOLD = "configs/recommended/20x20.json", 0.5
DATA, BIN = os.environ.get("DIGIT_DATA"), Path(os.environ.get("BIN", "target/release"))
DRAWN, COUNT = os.environ.get("DRAWN", "8000"), os.environ.get("COUNT", "3000")
EPOCHS = os.environ.get("EPOCHS", "30")


def data_set(work, name, labels):
    """The data set of a source folder, by the standard steps."""
    folder = work / "data" / f"{name}-{labels}"
    options = ["--labels", labels, "--preprocess", "standard", "--quiet"]
    tolerant(BIN / "digit-labeler", work / "source" / name, folder / "labelled", *options)
    tolerant(BIN / "digit-csv", folder / "labelled", folder, "--quiet")
    return folder / "20x20_info.csv"


def trained(work, name, labels, first, *extra):
    """The run folder of a network that trains on all rows but a tenth of the writers."""
    runs = work / "runs" / f"{name}-{EPOCHS}"
    options = ["--set", f"epochs={EPOCHS}", "--set", 'split={"by": "group", "train": 0.9}', "--out", runs, "--quiet"]
    more = [part for source in extra for part in ("--extra-data", data_set(work, source, labels))]
    run(BIN / "mlp-train", CONFIG, "--data", data_set(work, first, labels), *more, *options)
    return runs


def sources(work):
    """Draws and imports source pictures: (names of folders of strangers' digits, folder of real digits that train)."""
    source = work / "source"
    draw = [BIN / "digit-source", "draw", "--sizes", "20", "--labels", "0-9", "--quiet"]
    run(*draw, source / "drawn", "--count", DRAWN)
    letters_done = source / "letters" / "done"
    if not letters_done.exists():
        letters.draw(source / "letters", int(COUNT))
        letters_done.touch()
    if not DATA:
        run(*draw, source / "drawn-others", "--count", COUNT, "--seed", "2")
        return ["drawn-others"], None
    writers = sorted(folder for folder in (Path(DATA) / "numbers_ch").iterdir() if folder.is_dir())
    for name, chosen in (("writers", writers[:-2]), ("writers-others", writers[-2:])):
        links = work / "links" / name
        shutil.rmtree(links, ignore_errors=True)
        links.mkdir(parents=True)
        for writer in chosen:
            (links / writer.name).symlink_to(writer.resolve())
        run(BIN / "digit-source", "import", "folders", links, source / name, "--labels", "0-9", "--quiet")
    strangers, mnist, optdigits = ["writers-others"], Path(DATA) / "mnist", Path(DATA) / "optdigits/optdigits.tra"
    if mnist.is_dir():
        files = [mnist / "train-images-idx3-ubyte.gz", mnist / "train-labels-idx1-ubyte.gz"]
        options = ["--labels", "0-9", "--count", COUNT, "--quiet"]
        run(BIN / "digit-source", "import", "idx", *files, source / "mnist", *options)
        strangers.append("mnist")
    if optdigits.is_file():
        options = ["--label-column", "last", "--count", COUNT, "--quiet"]
        run(BIN / "digit-source", "import", "csv", optdigits, source / "optdigits", *options)
        strangers.append("optdigits")
    return strangers, "writers"


def predictions(work, model, name):
    """What a network says of each picture that it can use: label, predicted, confidence, largest probability."""
    answers = work / "answers.jsonl"
    with open(answers, "wb") as file:
        tolerant(BIN / "digit-predict", "--model", model, "--json", "--quiet", work / "source" / name, stdout=file)
    lines = map(json.loads, answers.read_text().splitlines())
    used = [line for line in lines if not line["error"]]
    return [
        (Path(line["path"]).name[0], str(line["label"]), line["confidence"], max(line["probabilities"].values()))
        for line in used
    ]


def share(part, whole):
    return f"{100 * sum(part) / len(whole):.1f}" if whole else "-"


def row(network, name, found, knows):
    """A line of the table: digits that the network knows, then what it does not."""
    known = [(label == said, confidence) for label, said, confidence, _ in found if label in knows]
    other = [found[2:] for found in found if found[0] not in knows]
    right = [confidence for is_right, confidence in known if is_right]
    cells = [
        share([is_right for is_right, _ in known], known),
        share([confidence < THRESHOLD for confidence in right], right),
        share([probability >= THRESHOLD for _, probability in other], other),
        share([confidence >= THRESHOLD for confidence, _ in other], other),
    ]
    return f"| {network} | {name} | {len(found)} | {' | '.join(cells)} |\n"


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    work, table = Path(sys.argv[1]), Path(sys.argv[2])
    strangers, real = sources(work)
    networks = [("drawn digits 0-9", "0123456789", trained(work, "drawn", "0-9", "drawn"))]
    if real:
        model = trained(work, "real", "0-9", real, "drawn")
        networks.insert(0, (f"{real} beside drawn digits, 0-9", "0123456789", model))
        model = trained(work, "real-five", "1-5", real, "drawn")
        networks.append((f"{real} beside drawn digits, 1-5", "12345", model))
    networks.append(("drawn digits 1-5", "12345", trained(work, "drawn-five", "1-5", "drawn")))
    head = ["network", "pictures", "count", "right", "right below .5", "others by probability", "others above .5"]
    text = f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
    for network, knows, model in networks:
        for name in [*strangers, "letters"]:
            text += row(network, name, predictions(work, model, name), knows)
    table.write_text(text)


main()
