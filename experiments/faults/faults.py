"""What a fault of the system does to each stage, for every file call of a small run.

    python3 experiments/faults/faults.py BIN WORK TABLE [EVERY [STAGE..]]

Each stage runs once undisturbed under strace, which lists its file calls. Then it runs again for each call and each
fault: the call fails (no space, a fault of the device, interrupted, too many open files), or the process is killed at
it. After each fault the stage runs once more, undisturbed. What must hold:

- the input is untouched;
- a run that ends with 0 wrote what an undisturbed run writes;
- any other ends with 1 or 3 and a message, or by the signal; never with a panic;
- the run after it ends with 0 and leaves the bytes of an undisturbed run and nothing else.

EVERY takes only each so-manieth call; STAGE takes only the stages with that word in their name. Exit code 1 if anything did not hold; each such case is printed.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Calls on files, and the faults that their manual pages name.
FAULTS = {
    "openat": ["ENOSPC", "EIO", "EINTR", "EMFILE"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "write": ["ENOSPC", "EIO", "EINTR"],
    "pwrite64": ["ENOSPC", "EIO", "EINTR"],
    "rename": ["ENOSPC", "EIO"],
    "renameat2": ["ENOSPC", "EIO"],
    "linkat": ["ENOSPC", "EIO"],
    "unlink": ["EIO"],
    "unlinkat": ["EIO"],
    "rmdir": ["EIO"],
    "mkdir": ["ENOSPC", "EIO"],
    "fsync": ["ENOSPC", "EIO"],
    "fdatasync": ["ENOSPC", "EIO"],
    "ftruncate": ["EIO", "EINTR"],
    "lseek": ["EIO"],
    "statx": ["EIO"],
    "getdents64": ["EIO"],
    "flock": ["EINTR", "EIO"],
    "fchmod": ["EIO"],
    "copy_file_range": ["EIO", "ENOSPC"],
}
KILL = "SIGKILL"
# Files whose bytes hold times, and those that may differ between equal runs.
UNCOMPARED = {"timing.csv", "log.txt", ".cache", ".lock"}


@dataclass
class Stage:
    """A command on `input` that writes `output`; both are folders in the work folder. It makes `output` unless it writes
    a single file."""

    name: str
    words: list
    input: str
    is_single_file: bool = False
    broken: list = field(default_factory=list)
    tried: dict = field(default_factory=dict)
    survived: int = 0


def tree(folder):
    """Path and digest of every file below a folder."""
    if not folder.exists():
        return {}
    files = sorted(path for path in folder.rglob("*") if not path.is_dir())
    return {str(path.relative_to(folder)): digest(path) for path in files if path.name not in UNCOMPARED}


def digest(path):
    """Of `.outputs.csv` without the lines of files whose bytes hold times."""
    text = path.read_bytes()
    if path.name == ".outputs.csv":
        text = b"\n".join(line for line in text.splitlines() if line.split(b",")[-1].decode() not in UNCOMPARED)
    return hashlib.sha256(text).hexdigest()


class Bench:
    def __init__(self, bin_folder, work, every):
        self.bin, self.work, self.every = bin_folder, work, every
        self.output = work / "output"

    def command(self, stage):
        program, *rest = stage.words
        return [str(self.bin / program), *[word.format(input=self.work / stage.input, output=self.output) for word in rest]]

    def fresh_output(self, stage):
        """No output of an earlier run."""
        shutil.rmtree(self.output, ignore_errors=True)
        if stage.is_single_file:
            self.output.mkdir()

    def run(self, command):
        return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)

    def calls(self, stage):
        """(call, number of its invocations before the first on the work folder, number in all), a thread each."""
        log = self.work / "strace.log"
        self.fresh_output(stage)
        names = ",".join(f"?{name}" for name in FAULTS)
        done = self.run(["strace", "-f", "-o", str(log), "-e", f"trace={names}", *self.command(stage)])
        if done.returncode != 0:
            raise SystemExit(f"{stage.name}: an undisturbed run ends with {done.returncode}\n{done.stderr}")
        before, total, begun = {}, {}, False
        for line in log.read_text(errors="replace").splitlines():
            match = re.match(r"(\d+) +(\w+)\(", line)
            if not match:
                continue
            thread, call = match.groups()
            begun = begun or str(self.work) in line
            counts = total.setdefault(call, {})
            counts[thread] = counts.get(thread, 0) + 1
            if not begun:
                before[call] = counts[thread]
        return [(call, before.get(call, 0), max(counts.values())) for call, counts in sorted(total.items())]

    def try_fault(self, stage, call, number, fault, expected, input_before):
        """What did not hold, as sentences."""
        self.fresh_output(stage)
        inject = f"signal={fault}" if fault == KILL else f"error={fault}"
        options = ["-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{inject}:when={number}"]
        done = self.run(["strace", *options, *self.command(stage)])
        wrong = []
        code = done.returncode
        if code == 0:
            stage.survived += 1
            if tree(self.output) != expected:
                wrong.append("ended with 0, and the output differs")
        elif fault == KILL:
            if code not in (-9, 137):
                wrong.append(f"killed, and ended with {code}")
        elif code not in (1, 3):
            wrong.append(f"ended with {code}: {done.stderr.strip()[-300:]}")
        elif not done.stderr.strip() and not (call == "write" and fault != KILL):
            wrong.append(f"ended with {code} and no message")
        if "panicked" in done.stderr:
            wrong.append(f"panic: {done.stderr.strip()[-300:]}")
        if tree(self.work / stage.input) != input_before:
            wrong.append("the input has changed")
        again = self.run(self.command(stage))
        found = tree(self.output)
        if again.returncode != 0:
            wrong.append(f"the run after it ends with {again.returncode}: {again.stderr.strip()[-300:]}")
        if found != expected:
            odd = sorted(name for name in set(found) | set(expected) if found.get(name) != expected.get(name))
            wrong.append(f"the run after it left other files: {', '.join(odd[:6])}; first run said {done.stderr.strip()[-200:]!r}")
        return wrong

    def bench(self, stage):
        calls = self.calls(stage)
        expected = tree(self.output)
        input_before = tree(self.work / stage.input)
        for call, before, total in calls:
            for number in range(before + 1, total + 1, self.every):
                for fault in [*FAULTS[call], KILL]:
                    stage.tried[call] = stage.tried.get(call, 0) + 1
                    for sentence in self.try_fault(stage, call, number, fault, expected, input_before):
                        stage.broken.append(f"{stage.name}: {fault} at {call} {number}: {sentence}")
                        print(stage.broken[-1], flush=True)
        tried = sum(stage.tried.values())
        print(f"{stage.name}: {tried} faults, {stage.survived} made no difference, {len(stage.broken)} not as they should", flush=True)


def prepare(bin_folder, work):
    """The inputs of all stages, made undisturbed."""

    def run(program, *words):
        done = subprocess.run([str(bin_folder / program), *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{program} ends with {done.returncode}\n{done.stderr}")

    run("digit-source", "draw", work / "source", "--count", "6", "--labels", "1-2")
    run("digit-labeler", work / "source", work / "labelled", "--labels", "1-2")
    run("digit-csv", work / "labelled", work / "data")
    for picture in (work / "source").glob("*.png"):
        label = work / "tree" / picture.name.split("_")[0]
        label.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, label)
    shutil.copytree(work / "data", work / "config")
    run("mlp-train", "new", work / "config" / "config.json", "--data", work / "config" / "20x20_info.csv")
    run("mlp-train", work / "config" / "config.json", "--epochs", "2", "--hidden", "4", "--batch", "2", "--out", work / "runs")


def main():
    bin_folder, work, table = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    every = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    only = sys.argv[5:]
    if shutil.which("strace") is None:
        raise SystemExit("strace is missing: apt-get install strace")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    prepare(bin_folder, work)
    train = ["mlp-train", "--no-next", "{input}/config.json", "--epochs", "2", "--hidden", "4", "--batch", "2", "--out", "{output}"]
    stages = [
        Stage("digit-source draw", ["digit-source", "draw", "{output}", "--count", "6", "--labels", "1-2"], "source"),
        Stage("digit-source import folders", ["digit-source", "import", "folders", "{input}", "{output}"], "tree"),
        Stage("digit-labeler", ["digit-labeler", "{input}", "{output}", "--labels", "1-2"], "source"),
        Stage("digit-labeler --sync", ["digit-labeler", "{input}", "{output}", "--labels", "1-2", "--sync"], "source"),
        Stage("digit-labeler --pack", ["digit-labeler", "{input}", "{output}", "--labels", "1-2", "--pack"], "source"),
        Stage("digit-csv", ["digit-csv", "{input}", "{output}", "--mixed"], "labelled"),
        Stage("mlp-train", train, "config"),
        Stage("mlp-report", ["mlp-report", "{input}", "--out", "{output}"], "runs"),
        Stage("mlp-train export", ["mlp-train", "export", "{input}", "--onnx", "{output}/model.onnx"], "runs", is_single_file=True),
    ]
    bench = Bench(bin_folder, work, every)
    for stage in stages:
        if not only or any(word in stage.name for word in only):
            bench.bench(stage)
    calls = sorted({call for stage in stages for call in stage.tried})
    lines = ["| stage | faults | made no difference | not as they should |", "|---|---:|---:|---:|"]
    for stage in stages:
        lines.append(f"| `{stage.name}` | {sum(stage.tried.values())} | {stage.survived} | {len(stage.broken)} |")
    lines += ["", f"Calls: {', '.join(f'`{call}`' for call in calls)}."]
    table.write_text("\n".join(lines) + "\n")
    print(table.read_text())
    sys.exit(1 if any(stage.broken for stage in stages) else 0)


if __name__ == "__main__":
    main()
