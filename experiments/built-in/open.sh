#!/usr/bin/env bash
# A network like the built-in one that trains on collections of real digits beside the drawn ones.
#
#     DIGIT_DATA=FOLDER bash experiments/built-in/open.sh WORK OUT.safetensors
#
# FOLDER holds numbers_ch/{writer}/{digit}/*.png (of the CC0 lineage of kensanata/numbers) and optdigits/optdigits.tra
# (UCI, CC BY 4.0: name its authors, E. Alpaydin and C. Kaynak). Writers 0001 to 0010 train; those after them are for
# tests. WORK takes what is made on the way, also the drawn digits of `just model`.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1 out=$2 bin=${BIN:-target/release}
: "${DIGIT_DATA:?names the folder with numbers_ch and optdigits}"

data_set() { # NAME: source pictures to a table
    "$bin/digit-labeler" --quiet --no-next "$work/$1/source" "$work/$1/labelled" --labels 0-9 --size 20 \
        --preprocess standard || [ $? -eq 1 ]
    "$bin/digit-csv" --quiet --no-next "$work/$1/labelled" "$work/$1/data" || [ $? -eq 1 ]
}

"$bin/digit-lab" built-in "$work" "$work/drawn.safetensors"
mkdir -p "$work/writers/taken"
for writer in "$DIGIT_DATA"/numbers_ch/000[1-9]* "$DIGIT_DATA"/numbers_ch/0010*; do
    ln -sfn "$(realpath "$writer")" "$work/writers/taken/$(basename "$writer")"
done
"$bin/digit-source" --quiet --no-next import folders "$work/writers/taken" "$work/writers/source" --labels 0-9 || [ $? -eq 1 ]
"$bin/digit-source" --quiet --no-next import csv "$DIGIT_DATA/optdigits/optdigits.tra" "$work/optdigits/source" || [ $? -eq 1 ]
data_set writers
data_set optdigits
"$bin/mlp-train" --quiet --no-next configs/built-in/drawn.json --set name=open --out "$work/runs-open" \
    --data "$work/writers/data/20x20_info.csv" \
    --extra-data "$work/pages/data/20x20_info.csv" --extra-data "$work/few-pixels/data/20x20_info.csv" \
    --extra-data "$work/optdigits/data/20x20_info.csv"
"$bin/mlp-train" export "$work/runs-open" --f16 "$out"
sha256sum "$out"
