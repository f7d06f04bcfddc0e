#!/usr/bin/env bash
# What digit-doctor finds of planted faults. WORK takes the pictures and findings; BIN is the folder of the commands.
# DIGIT_DATA names a folder with mnist/train-*.gz; without it only drawn digits are looked at. Needs GNU time for the
# memory.
#
#     bash experiments/doctor/run.sh WORK BIN
set -euo pipefail
work=$1 bin=$2
mkdir -p "$work"

echo "## Drawn digits"
"$bin/digit-lab" planted "$work/drawn" --count 8000 --clean 20000

if [ -z "${DIGIT_DATA:-}" ]; then
    echo "DIGIT_DATA names no folder of real digits: MNIST is not looked at" >&2
    exit 0
fi
mnist="$DIGIT_DATA/mnist"
"$bin/digit-source" --quiet --no-next import idx "$mnist/train-images-idx3-ubyte.gz" \
    "$mnist/train-labels-idx1-ubyte.gz" "$work/mnist/source" --labels 0-9
echo "## MNIST, 8000 of the training rows"
"$bin/digit-lab" planted "$work/mnist/planted" --count 8000 --source "$work/mnist/source"

echo "## MNIST, 60000 rows: time and memory of the doctor"
"$bin/digit-labeler" --quiet --no-next "$work/mnist/source" "$work/mnist/labelled" --labels 0-9 --preprocess standard \
    || [ $? -eq 1 ]
"$bin/digit-csv" --quiet --no-next "$work/mnist/labelled" "$work/mnist/data"
command time --format '%e s, %U s of the processors, %M kB' \
    "$bin/digit-doctor" "$work/mnist/data/20x20_info.csv" "$work/mnist/findings" --fresh
