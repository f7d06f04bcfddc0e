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
# What the main job needs. Without default features digit-source leaves out Parquet, NumPy's and MATLAB's files.
stages := "-p digit-source -p digit-labeler -p digit-csv -p mlp-train -p mlp-report -p digit-predict"

musl := "x86_64-unknown-linux-musl"
musl_program := "target" / musl / "dist/digits"

# The whole main job: draw, label, csv, prepare, train, report
[group('pipeline')]
default: build draw label csv prepare train report
    @picture=$(ls {{quote(data / "source")}} | grep '\.png$' | head -n 1); \
        echo "try it: {{bin}}/digit-predict --model {{runs}}/recommended-20x20 {{data}}/source/$picture" >&2

# Build the commands of the stages in release mode, without what the main job does not need
[group('pipeline')]
build:
    cargo build --release --locked --no-default-features {{stages}}

# Build all commands in release mode, with everything they read
[group('pipeline')]
build-all:
    cargo build --release --locked --workspace

# Build what is measured, as it is handed out: slower to build, a little faster to run
[group('bench')]
build-dist:
    cargo build --profile dist --locked --workspace --exclude digits

# Draw the demo data set (many writers and font faces)
[group('pipeline')]
draw: build
    {{bin}}/digit-source --no-next draw {{data}}/source --labels {{labels}} {{fresh}}

# Source pictures to labelled 20x20 pictures
[group('pipeline')]
label source=(data / "source"): build
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-labeler --no-next {{quote(source)}} {{data}}/labelled --labels {{labels}} --preprocess {{preprocess}} {{ if size == "" { "" } else { "--size " + size } }} {{fresh}}

# Labelled pictures to 20x20_info.csv, 8x8_info.csv and mixed_info.csv
[group('pipeline')]
csv: build
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-csv --no-next {{data}}/labelled {{data}} --mixed {{fresh}}

# The same source pictures by the standard steps, for the configs that we recommend; the data set beside it stays raw
[group('pipeline')]
prepare source=(data / "source"): build
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-labeler --no-next {{quote(source)}} {{data}}/prepared/labelled --labels {{labels}} --preprocess standard {{ if size == "" { "" } else { "--size " + size } }} {{fresh}}
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-csv --no-next {{data}}/prepared/labelled {{data}}/prepared --mixed {{fresh}}

# Drawn digits to train on beside one's own, by the standard steps: datasets/drawn-0-9
[group('pipeline')]
drawn labels="0-9" count="8000": build
    {{bin}}/digit-source --no-next draw datasets/drawn-{{labels}}/source --sizes 20 --count {{count}} --labels {{labels}}
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-labeler --no-next datasets/drawn-{{labels}}/source datasets/drawn-{{labels}}/labelled --labels {{labels}} --preprocess standard
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-csv --no-next datasets/drawn-{{labels}}/labelled datasets/drawn-{{labels}}

# Make the built-in network of digit-predict again, to the byte, from this repository alone
[group('pipeline')]
model work="datasets/built-in" out="crates/digit-model/built-in/drawn.safetensors":
    cargo build --release --locked --package digit-lab
    {{bin}}/digit-lab built-in {{quote(work)}} {{quote(out)}}
    sha256sum {{quote(out)}}

# The same beside collections of real digits (DIGIT_DATA: folder of real digits); it becomes no part of the programs
[group('pipeline')]
model-open work="datasets/built-in" out="datasets/built-in/open.safetensors": build
    cargo build --release --locked --package digit-lab
    bash experiments/built-in/open.sh {{quote(work)}} {{quote(out)}}

# Train the networks of some configs (default: what we recommend for the three drawn sets)
[group('pipeline')]
train *configs="configs/recommended/20x20.json configs/recommended/8x8.json configs/recommended/mixed.json": build
    {{bin}}/mlp-train --no-next {{configs}} --out {{runs}} {{fresh}}

# Run folders to a report page
[group('pipeline')]
report: build
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/mlp-report {{runs}} --out {{report}} {{fresh}}

# From a folder of your own pictures to a report: just mine FOLDER, then any options of digit-learn
[group('pipeline')]
mine folder *options:
    cargo build --release --locked --package digit-learn --package digit-predict
    @just --justfile {{quote(justfile())}} _tolerant {{bin}}/digit-learn "$@"

# The page to draw, collect and teach on: just serve --model RUN, then any options of digit-predict serve
[group('pipeline')]
serve *options:
    cargo build --release --locked --package digit-learn --package digit-predict
    @{{bin}}/digit-predict serve "$@"

# The page that anyone can open, with the built-in network: one file (needs wasm tools, and says which are missing)
[group('pipeline')]
page out="target/page/digits.html":
    bash packaging/page.sh {{quote(out)}}

# Measure the recommended configs on writers never seen in training (DIGIT_DATA: folder of real digits; SEEDS: how many)
[group('experiments')]
recommended table="datasets/recommended/recommended.md": build-all
    bash experiments/recommended/run.sh datasets/recommended {{quote(table)}}
    @echo "written to {{table}}; to publish it: cp {{table}} docs/recommended.md"

# How often intervals, tests and guarantees err, by simulation: the tables of docs/statistics.md
[group('experiments')]
simulations:
    cargo test --locked -p mlp-statistics --lib -- --nocapture cover promise equal true_gain

# How often the promise of `digit-predict calibrate --error` is broken on writers who were held back
[group('experiments')]
random-calibrations model folder error="0.01" count="200":
    cargo run --release --locked -p digit-predict --example random_calibrations -- {{quote(model)}} {{quote(folder)}} {{error}} {{count}}

# How confidence behaves on digits of strangers, letters and unknown digits (DIGIT_DATA, COUNT; installs OpenCV for Python)
[group('experiments')]
confidence table="confidence.md" work="datasets/confidence": build-all
    test -d datasets/formats-venv || python3 -m venv datasets/formats-venv
    datasets/formats-venv/bin/pip install --quiet --requirement experiments/formats/requirements.txt
    datasets/formats-venv/bin/python experiments/confidence/confidence.py {{work}} {{table}}

# What each preprocessing step is worth on digits of real writers (DIGIT_DATA: folder of real digits; SEEDS, COUNT)
[group('experiments')]
ablation table="ablation.md" work="datasets/ablation": build-all
    python3 experiments/preprocessing/ablation.py {{work}} {{table}}

# What digit-doctor finds of planted faults, on drawn digits and, where DIGIT_DATA names a folder of real ones, on MNIST
[group('experiments')]
doctor work="datasets/doctor": build-all
    bash experiments/doctor/run.sh {{quote(work)}} {{bin}}

# How photographs, boards, paint programs and bad scans are read by a network of drawn digits (SEED: of the pictures)
[group('experiments')]
robustness table="robustness.md" work="datasets/robustness": build-all
    python3 experiments/preprocessing/robustness.py {{work}} {{table}}

# How simulated photographs and scans of filled forms are cut apart (COUNT: of each kind; SEED; SHOWN: folder for pictures)
[group('experiments')]
forms count="51" seed="2" shown="datasets/forms":
    cargo run --release --locked --package digit-lab -- forms --count {{count}} --seed {{seed}} --shown {{quote(shown)}}

# A lesson with 30 drawn writers: they collect at once, the server teaches, the doctor looks (docs/lesson.md)
[group('experiments')]
lesson work="datasets/lesson":
    cargo build --release --locked --package digit-learn --package digit-predict --package digit-source --package digit-doctor
    python3 experiments/lesson/lesson.py {{bin}} {{quote(work)}}

# The pictures of README.md and docs/lesson.md, of that lesson (installs Chromium and Node where they are missing)
[group('experiments')]
screenshots work="datasets/lesson": (lesson work)
    bash .ci/web-tools
    node web/screenshots.mjs {{quote(work)}} docs/screenshots

# Compare the marks of forms with OpenCV's, and make the corners anew that a test keeps (installs OpenCV for Python)
[group('experiments')]
form-corners folder="crates/digit-form/tests/it":
    test -d datasets/formats-venv || python3 -m venv datasets/formats-venv
    datasets/formats-venv/bin/pip install --quiet --requirement experiments/formats/requirements.txt
    datasets/formats-venv/bin/python experiments/form/corners.py {{quote(folder)}}

# Which pictures of a folder the labeler reads as OpenCV does: just formats FOLDER (installs OpenCV for Python)
[group('experiments')]
formats folder table="formats.md": build-all
    test -d datasets/formats-venv || python3 -m venv datasets/formats-venv
    datasets/formats-venv/bin/pip install --quiet --requirement experiments/formats/requirements.txt
    OPENCV_LOG_LEVEL=OFF datasets/formats-venv/bin/python experiments/formats/compare.py {{quote(folder)}} {{quote(table)}} {{bin}}/digit-labeler

# The 28 experiments of 2022 on drawn digits, over seeds, and a report that judges its conclusions (SEEDS: how many, 10)
[group('experiments')]
experiments-2022 work="datasets/experiments-2022": build-all
    bash experiments/2022/run.sh {{work}}

# The same on pictures of real writers, {writer}/{digit}/x.png: rows split at random as in 2022, and by writer
[group('experiments')]
experiments-2022-writers pictures work="datasets/experiments-2022-writers": build-all
    WRITERS={{quote(pictures)}} bash experiments/2022/run.sh {{work}}

# Exit code 1 means "some inputs were rejected, the rest is done": the pipeline goes on
_tolerant +command:
    #!/usr/bin/env bash
    "$@"; status=$?
    [ "$status" -eq 1 ] && { echo "  (going on: the rejected inputs are listed above and in rejected.csv)" >&2; exit 0; }
    exit "$status"

# Each file call of a small run of each stage fails or kills it; then it runs again (installs strace; EVERY nth call)
[group('checks')]
faults table="faults.md" every="1" work="datasets/faults": build
    command -v strace > /dev/null || { apt-get update --quiet --quiet; apt-get install --quiet --quiet --yes strace; }
    python3 experiments/faults/faults.py {{bin}} {{work}} {{quote(table)}} {{every}}

# Run every test
[group('checks')]
test:
    cargo test --workspace --locked

# The pages in headless Chromium, with axe-core (installs Chromium and Node where they are missing)
[group('checks')]
test-web: build-all
    bash .ci/web

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

# Licences, advisories and sources of all dependencies by deny.toml (installs cargo-deny in target if it is missing)
[group('checks')]
deny:
    bash .ci/deny

# The workflow on a Slurm cluster of two nodes on this machine: kill, controller, disk, config, clock (needs root)
[group('checks')]
cluster-test *variants: build
    bash workflow/test/cluster-test.sh "$@"

# New inputs for whatever reads files from outside, so many seconds a target (needs nightly Rust and cargo-fuzz)
[group('checks')]
fuzz seconds="60" *targets:
    bash fuzz/run.sh "$@"

# Changes of a crate's code that its own tests do not notice (needs cargo-mutants): just mutants mlp-statistics -f FILE
[group('checks')]
mutants package="mlp-statistics" *arguments:
    @command -v cargo-mutants > /dev/null || { echo "cargo-mutants is missing: cargo install --locked cargo-mutants" >&2; exit 3; }
    shift; cargo mutants --package {{quote(package)}} --jobs 1 --timeout 60 --output target "$@" -- --lib

# What continuous integration runs
[group('checks')]
ci:
    bash .ci/run

# Time training and prediction against JAX, PyTorch, NumPy, scikit-learn and onnxruntime (bench/README.md)
[group('bench')]
bench-peers *arguments: build-dist
    cmp -s bench/requirements.txt bench/.venv/requirements.txt || { \
        python3 -m venv --clear bench/.venv \
        && bench/.venv/bin/pip install --progress-bar off -r bench/requirements.txt \
        && cp bench/requirements.txt bench/.venv/; }
    bench/.venv/bin/python bench/run.py "$@"

# Time labelling, preprocessing and CSV files against the scripts of 2022, polars and pandas (bench/README.md)
[group('bench')]
bench-data *arguments: build-dist
    cmp -s bench/data-requirements.txt bench/.venv-data/requirements.txt || { \
        python3 -m venv --clear bench/.venv-data \
        && bench/.venv-data/bin/pip install --quiet -r bench/data-requirements.txt \
        && cp bench/data-requirements.txt bench/.venv-data/requirements.txt; }
    bench/.venv-data/bin/python bench/data.py "$@"

# Time the 28 experiments of 2022 at their full epochs on a drawn set, and measure the memory of single runs
[group('bench')]
bench-2022: build-dist
    python3 bench/experiments_2022.py

# How long a training step takes on each kernel path of this machine
[group('bench')]
step-time: build-dist
    target/dist/step-time

# A static program for Linux, all commands in one: target/x86_64-unknown-linux-musl/dist/digits
[group('release')]
release-musl:
    rustup target list --installed | grep -qx {{musl}} || rustup target add {{musl}}
    cargo build --profile dist --locked --quiet --package digits --target {{musl}}
    @! readelf --program-headers {{musl_program}} | grep -q INTERP || { echo "{{musl_program}} is not static" >&2; exit 1; }
    @ls -l {{musl_program}}

# Try the static program on a small drawn set
[group('release')]
test-musl: release-musl
    bash packaging/try.sh {{musl_program}}

# A wheel of the static program, for pip, pipx and uvx: target/wheels (installs maturin in target/wheel-tools)
[group('release')]
wheel: release-musl
    test -x target/wheel-tools/bin/maturin || { python3 -m venv target/wheel-tools \
        && target/wheel-tools/bin/pip install --quiet 'maturin>=1.9,<2' wheel; }
    rm -rf target/wheels
    cd packaging/python && ../../target/wheel-tools/bin/maturin build --quiet --target {{musl}} --out ../../target/wheels
    # A static program runs beside any C library, so the wheel is for both.
    target/wheel-tools/bin/wheel tags --remove --platform-tag manylinux_2_17_x86_64.musllinux_1_1_x86_64 target/wheels/*.whl

# Install the wheel in a new environment and try it
[group('release')]
test-wheel: wheel
    python3 -m venv --clear target/wheel-test
    target/wheel-test/bin/pip install --quiet --no-index target/wheels/*.whl
    bash packaging/try.sh target/wheel-test/bin/digits

# A Debian package of the static program: target/deb
[group('release')]
deb: release-musl
    bash packaging/deb/build.sh {{musl_program}} amd64 target/deb

# Unpack the Debian package and try it
[group('release')]
test-deb: deb
    rm -rf target/deb-test
    dpkg-deb --extract target/deb/*.deb target/deb-test
    bash packaging/try.sh target/deb-test/usr/bin/digits

# Remove generated data sets, runs and reports
[group('checks')]
[confirm("Remove datasets/demo, runs and report? (y/N)")]
clean-demo:
    rm -rf datasets/demo runs report
