# The pipeline from drawn or imported digits to a report. `just` runs all of it on the drawn data set.

set positional-arguments

data := "datasets/demo"
runs := "runs"
report := "report"
labels := "1-5"
size := ""
preprocess := "none"
# just fresh=--fresh ...: every stage does its work anew, also with other settings
fresh := ""
bin := "target/release"

# The whole main job: draw, label, csv, prepare, train, report
[group('pipeline')]
default: build draw label csv prepare train report
    @picture=$(ls {{quote(data / "source")}} | grep '\.png$' | head -n 1); \
        echo "try it: {{bin}}/digit-predict --model {{runs}}/recommended-20x20 {{data}}/source/$picture" >&2

# Build the commands of the stages in release mode
[group('pipeline')]
build:
    cargo build --release --locked --workspace --exclude digit-learn --exclude digits

# Draw the demo data set (many writers and font faces)
[group('pipeline')]
draw: build
    {{bin}}/digit-source --no-next draw {{data}}/source --labels {{labels}} {{fresh}}

# Source pictures to labelled 20x20 pictures
[group('pipeline')]
label source=(data / "source"): build
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-labeler --no-next {{quote(source)}} {{data}}/labelled --labels {{labels}} --preprocess {{preprocess}} {{ if size == "" { "" } else { "--size " + size } }} {{fresh}}

# Labelled pictures to 20x20_info.csv, 8x8_info.csv and mixed_info.csv
[group('pipeline')]
csv: build
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-csv --no-next {{data}}/labelled {{data}} --mixed {{fresh}}

# The same source pictures by the standard steps, for the configs that we recommend; the data set beside it stays raw
[group('pipeline')]
prepare source=(data / "source"): build
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-labeler --no-next {{quote(source)}} {{data}}/prepared/labelled --labels {{labels}} --preprocess standard {{ if size == "" { "" } else { "--size " + size } }} {{fresh}}
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-csv --no-next {{data}}/prepared/labelled {{data}}/prepared --mixed {{fresh}}

# Drawn digits to train on beside one's own, by the standard steps: datasets/drawn-0-9
[group('pipeline')]
drawn labels="0-9" count="8000": build
    {{bin}}/digit-source --no-next draw datasets/drawn-{{labels}}/source --sizes 20 --count {{count}} --labels {{labels}}
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-labeler --no-next datasets/drawn-{{labels}}/source datasets/drawn-{{labels}}/labelled --labels {{labels}} --preprocess standard
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-csv --no-next datasets/drawn-{{labels}}/labelled datasets/drawn-{{labels}}

# Train the networks of some configs (default: what we recommend for the three drawn sets)
[group('pipeline')]
train *configs="configs/recommended/20x20.json configs/recommended/8x8.json configs/recommended/mixed.json": build
    {{bin}}/mlp-train --no-next {{configs}} --out {{runs}} {{fresh}}

# Run folders to a report page
[group('pipeline')]
report: build
    @just --justfile {{justfile()}} _tolerant {{bin}}/mlp-report {{runs}} --out {{report}} {{fresh}}

# From a folder of your own pictures to a report: just mine FOLDER, then any options of digit-learn
[group('pipeline')]
mine folder *options:
    cargo build --release --locked --package digit-learn --package digit-predict
    @just --justfile {{justfile()}} _tolerant {{bin}}/digit-learn "$@"

# Measure the recommended configs on writers never seen in training (DIGIT_DATA: folder of real digits; SEEDS: how many)
[group('experiments')]
recommended table="datasets/recommended/recommended.md": build
    bash experiments/recommended/run.sh datasets/recommended {{quote(table)}}
    @echo "written to {{table}}; to publish it: cp {{table}} docs/recommended.md"

# How confidence behaves on digits of strangers, letters and unknown digits (DIGIT_DATA, COUNT; installs OpenCV for Python)
[group('experiments')]
confidence table="confidence.md" work="datasets/confidence": build
    test -d datasets/formats-venv || python3 -m venv datasets/formats-venv
    datasets/formats-venv/bin/pip install --quiet --requirement experiments/formats/requirements.txt
    datasets/formats-venv/bin/python experiments/confidence/confidence.py {{work}} {{table}}

# What each preprocessing step is worth on digits of real writers (DIGIT_DATA: folder of real digits; SEEDS, COUNT)
[group('experiments')]
ablation table="ablation.md" work="datasets/ablation": build
    python3 experiments/preprocessing/ablation.py {{work}} {{table}}

# How photographs, boards, paint programs and bad scans are read by a network of drawn digits (SEED: of the pictures)
[group('experiments')]
robustness table="robustness.md" work="datasets/robustness": build
    python3 experiments/preprocessing/robustness.py {{work}} {{table}}

# Which pictures of a folder the labeler reads as OpenCV does: just formats FOLDER (installs OpenCV for Python)
[group('experiments')]
formats folder table="formats.md": build
    test -d datasets/formats-venv || python3 -m venv datasets/formats-venv
    datasets/formats-venv/bin/pip install --quiet --requirement experiments/formats/requirements.txt
    OPENCV_LOG_LEVEL=OFF datasets/formats-venv/bin/python experiments/formats/compare.py {{quote(folder)}} {{quote(table)}} {{bin}}/digit-labeler

# The 28 experiments of 2022 on drawn digits, over seeds, and a report that judges its conclusions (SEEDS: how many, 10)
[group('experiments')]
experiments-2022 work="datasets/experiments-2022": build
    bash experiments/2022/run.sh {{work}}

# The same on pictures of real writers, {writer}/{digit}/x.png: rows split at random as in 2022, and by writer
[group('experiments')]
experiments-2022-writers pictures work="datasets/experiments-2022-writers": build
    WRITERS={{quote(pictures)}} bash experiments/2022/run.sh {{work}}

# Exit code 1 means "some inputs were rejected, the rest is done": the pipeline goes on
_tolerant +command:
    #!/usr/bin/env bash
    "$@"; status=$?
    [ "$status" -eq 1 ] && { echo "  (going on: the rejected inputs are listed above and in rejected.csv)" >&2; exit 0; }
    exit "$status"

# Run every test
[group('checks')]
test:
    cargo test --workspace --locked

# Formatting, lints and docs; a warning is an error
[group('checks')]
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

# Check every config against the types, and the schema file against them too
[group('checks')]
check-configs: build
    find configs -name '*.json' ! -name schema.json -print0 | sort -z | xargs -0 {{bin}}/mlp-train check
    {{bin}}/mlp-train schema | diff configs/schema.json - || { echo "configs/schema.json is not current: just schema" >&2; exit 1; }

# Write the JSON Schema of config files anew from the types
[group('checks')]
schema: build
    {{bin}}/mlp-train schema > configs/schema.json

# Dependencies that no crate uses (installs cargo-machete if it is missing)
[group('checks')]
unused:
    command -v cargo-machete > /dev/null || cargo install --locked cargo-machete
    cargo machete

# Dependencies of which there is a newer version
[group('checks')]
outdated:
    cargo update --dry-run --verbose

# What continuous integration runs
[group('checks')]
ci:
    bash .ci/run

# Time training and prediction against JAX, PyTorch, NumPy, scikit-learn and onnxruntime (bench/README.md)
[group('bench')]
bench-peers *arguments: build
    cmp -s bench/requirements.txt bench/.venv/requirements.txt || { \
        python3 -m venv --clear bench/.venv \
        && bench/.venv/bin/pip install --progress-bar off -r bench/requirements.txt \
        && cp bench/requirements.txt bench/.venv/; }
    bench/.venv/bin/python bench/run.py "$@"

# Time the 28 experiments of 2022 at their full epochs on a drawn set, and measure the memory of single runs
[group('bench')]
bench-2022: build
    python3 bench/experiments_2022.py

# How long a training step takes on each kernel path of this machine
[group('bench')]
step-time: build
    {{bin}}/step-time

# Remove generated data sets, runs and reports
[group('checks')]
[confirm("Remove datasets/demo, runs and report? (y/N)")]
clean-demo:
    rm -rf datasets/demo runs report
