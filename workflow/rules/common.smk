# What the rules share: places, shards, batches. Lists are written by the first process only, and only if they change,
# so that their times tell Snakemake what is new.
OUT = Path(config["out"])
PICTURES = config.get("pictures")
TRAINING = config.get("training")
MINUTES = config["minutes"]
ATTEMPT = workflow.source_path("../scripts/attempt.sh")

def command(name):
    return str(Path(config["bin"]) / name) if config["bin"] else name

def put(path, text):
    """Writes a file unless it says so already."""
    path = Path(path)
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text)
    new.replace(path)

def shards():
    """The numbers of the shards. Their lists say what each of them reads."""
    count = PICTURES["shards"]
    if workflow.is_main_process:
        (OUT / "lists").mkdir(parents=True, exist_ok=True)
        asked = [command("digit-labeler"), PICTURES["source"], OUT / "lists", "--list-shards", str(count), "--quiet"]
        asked += ["--labels", PICTURES["labels"]]
        if subprocess.run([str(word) for word in asked]).returncode:
            raise WorkflowError("digit-labeler cannot list the pictures of the shards, see above")
    return range(1, count + 1)

def batches():
    """The configs of each batch. A batch is chosen by the name of its config, so a new config moves no other."""
    found = sorted({path for pattern in TRAINING["configs"] for path in glob(pattern)})
    if not found:
        raise WorkflowError(f"training.configs: expected config files, found none: {TRAINING['configs']}")
    of = {}
    for path in found:
        name = zlib.crc32(Path(path).stem.encode()) % TRAINING["batches"] + 1
        of.setdefault(f"{name:05d}", []).append(path)
    if workflow.is_main_process:
        for name, paths in of.items():
            put(OUT / "batches" / f"{name}.txt", "".join(f"{path}\n" for path in paths))
        put(OUT / "configs.txt", "".join(f"{path}\n" for path in found))
    return of

def data_of(paths):
    """What the runs of a batch read: the data set that is made here, or the files that the configs name."""
    if PICTURES:
        return [OUT / "data.json"]
    files = set()
    for path in paths:
        try:
            settings = json.loads(Path(path).read_text())
            data = settings.get("data", [])
            files.update(data.values() if isinstance(data, dict) else [data] if isinstance(data, str) else data)
            files.update(settings.get("extra_data", []))
        except (AttributeError, TypeError, ValueError):
            continue  # mlp-train says what is wrong with it.
    # A file that is not there is named by mlp-train, too, and does not keep the other configs from training.
    return sorted(file for file in files if Path(file).exists())

SHARDS = shards() if PICTURES else []
BATCHES = batches() if TRAINING else {}
TARGETS = ([OUT / "data.json"] if PICTURES else []) + ([OUT / "report.json"] if TRAINING else [])

def minutes_of(limit):
    """Minutes of a time limit as Slurm prints it: `infinite`, `30:00`, `1:00:00`, `2-00:00:00`."""
    if limit in ("infinite", "UNLIMITED", "n/a"):
        return float("inf")
    days, _, clock = limit.rpartition("-")
    parts = [int(part) for part in clock.split(":")]
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts
    return int(days or 0) * 1440 + hours * 60 + minutes + seconds / 60

def refuse_short_partition():
    """Slurm lets a job that is longer than its partition allows wait for ever. It is said here instead."""
    if getattr(workflow.executor_plugin, "name", None) != "slurm":
        return
    defaults = dict(pair.split("=", 1) for pair in workflow.resource_settings.default_resources.args)
    partition = defaults.get("slurm_partition")
    asked = ["sinfo", "--noheader", "--format=%R %l"] + ([f"--partition={partition}"] if partition else [])
    answer = subprocess.run(asked, capture_output=True, text=True)
    limits = dict(line.split() for line in answer.stdout.splitlines())
    if not limits:
        raise WorkflowError(f"partition {partition}: sinfo knows no such partition")
    longest = max(limits, key=lambda name: minutes_of(limits[name]))
    for rule, minutes in MINUTES.items():
        if minutes > minutes_of(limits[longest]):
            raise WorkflowError(
                f"minutes.{rule} is {minutes}, and partition {longest} allows {limits[longest]}: its jobs would wait "
                f"for ever. Take smaller batches or shards and fewer minutes, or another partition."
            )
