#!/usr/bin/env bash
# Measures the configs that we recommend on hands never seen in training, beside the recipe of 2022, and writes a table.
#
#   practice/run.sh WORK TABLE.md
#
# WORK takes data sets and runs; what is there is not done again. Variables:
#   DIGIT_DATA   folder with numbers_ch/{writer}/{digit}/*.png and mnist/train-*.gz; drawn digits stand in without it
#   SEEDS        seeds of each experiment, a count or a list (1)
#   LISTS        lists for --preprocess, separated by spaces (standard); several show what each step is worth
#   SETS         which experiments (20x20 8x8 mixed numbers mnist-plain mnist from-mnist from-drawn 2022)
#   DRAWN        drawn digits that train beside those at hand (20000; 0 for none)
#   EPOCHS_2022  epochs of the recipe of 2022 (100; it was run with 1000)
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:?folder to work in} table=${2:?Markdown file to write}
seeds=${SEEDS:-1} drawn=${DRAWN:-20000} lists=${LISTS:-standard} bin=${BIN:-target/release}
sets=${SETS:-20x20 8x8 mixed numbers mnist-plain mnist from-mnist from-drawn 2022}
mkdir -p "$work/configs"
export LC_ALL=C

# Exit code 1 says that some pictures were rejected; they are counted in the table.
tolerant() { "$@" || [ $? -eq 1 ]; }
wants() { [[ " $sets " == *" $1 "* ]]; }

[ "$drawn" -gt 0 ] || sets=${sets/from-drawn/}

# Source pictures: digits 1-5 of both sizes, all ten digits, and what other people's data or drawings give to train on.
if [ -n "${DIGIT_DATA:-}" ]; then
    import() { "$bin/digit-source" import "$@" --quiet; }
    import folders "$DIGIT_DATA/numbers_ch" "$work/source/five/fill" --size 20 --labels 1-5
    import folders "$DIGIT_DATA/numbers_ch" "$work/source/five/random" --size 8 --place random --labels 1-5
    import folders "$DIGIT_DATA/numbers_ch" "$work/source/ten" --size 20 --labels 0-9
    if wants mnist || wants mnist-plain || wants from-mnist; then
        import idx "$DIGIT_DATA/mnist/train-images-idx3-ubyte.gz" "$DIGIT_DATA/mnist/train-labels-idx1-ubyte.gz" \
            "$work/source/mnist" --labels 0-9
    fi
else
    echo "DIGIT_DATA is not set: drawn digits stand in, and what needs MNIST is left out" >&2
    "$bin/digit-source" draw "$work/source/five" --labels 1-5 --seed 2 --quiet
    "$bin/digit-source" draw "$work/source/ten" --sizes 20 --count 4000 --labels 0-9 --seed 2 --quiet
    for set in mnist mnist-plain from-mnist; do sets=" $sets "; sets=${sets/ $set / }; done
fi
if [ "$drawn" -gt 0 ]; then
    "$bin/digit-source" draw "$work/source/drawn-five" --sizes 20,8 --count "$drawn" --labels 1-5 --quiet
    "$bin/digit-source" draw "$work/source/drawn-ten" --sizes 20 --count "$drawn" --labels 0-9 --quiet
fi

# data_set LIST NAME LABELS [OPTION..]: labels and flattens a source.
data_set() {
    local to=$work/data/$1/$2 list=$1 source=$work/source/$2 labels=$3
    shift 3
    tolerant "$bin/digit-labeler" "$source" "$to/labelled" --labels "$labels" --preprocess "$list" --quiet "$@"
    tolerant "$bin/digit-csv" "$to/labelled" "$to" --mixed --quiet
}

# experiment LIST SET CONFIG DATA SPLIT EDIT TITLE TARGET REJECTED_OF: trains, and adds a line to the list of rows. The
# number of seeds is in the folder's name, because one seed lies elsewhere than the first of several. Rows that a config
# holds back to choose the epoch and to fit temperatures train here: the network of the last epoch is measured.
rows=$work/rows.tsv
: > "$rows"
experiment() {
    local out=$work/runs/$1/$2-seeds-$seeds config=$work/configs/$1-$2.json
    sed -e "s|^  \"data\": .*|  \"data\": $4,|" -e "s|^  \"split\": .*|  \"split\": $5,|" -e "s|\"report\": [0-9]*|\"report\": 0|" \
        -e '/^  "validation"/d; /^  "extra_data"/d' -e "$6" "$3" > "$config"
    "$bin/mlp-train" "$config" --out "$out" --seeds "$seeds" --quiet
    printf '%s\t%s\t%s\t%s\t%s\n' "$7" "$1" "$8" "$out" "$work/data/$1/$9/labelled/rejected.csv" >> "$rows"
}

# beside LIST NAME FILE EPOCHS: the edit by which drawn digits train beside those at hand. There are then several times as
# many rows, so fewer epochs go through as many.
beside() {
    [ "$drawn" -eq 0 ] && return
    printf '%s' "s|^  \"split\"|  \"extra_data\": [\"$work/data/$1/drawn-$2/$3_info.csv\"],\n  \"split\"|; "
    printf '%s' "s/\"epochs\": [0-9]*/\"epochs\": $4/"
}

folds='{"by": "group", "folds": 5}'
five_of='{"by": "row", "train": 0.83334}'
[ "$drawn" -gt 0 ] && with=", beside drawn digits" || with=""
for list in $lists; do
    at=$work/data/$list
    data_set "$list" five 1-5
    data_set "$list" ten 0-9
    if [ "$drawn" -gt 0 ]; then
        data_set "$list" drawn-five 1-5
        data_set "$list" drawn-ten 0-9
    fi
    wants 20x20 && experiment "$list" 20x20 configs/practice/20x20.json "\"$at/five/20x20_info.csv\"" "$folds" \
        "$(beside "$list" five 20x20 16)" "1-5, 20x20$with" .988 five
    wants 8x8 && experiment "$list" 8x8 configs/practice/8x8.json "\"$at/five/8x8_info.csv\"" "$folds" \
        "$(beside "$list" five 8x8 16)" "1-5, 8x8 at random places$with" .975 five
    wants mixed && experiment "$list" mixed configs/practice/mixed.json "\"$at/five/mixed_info.csv\"" "$folds" \
        "$(beside "$list" five mixed 10)" "1-5, both sizes$with" .980 five
    wants numbers && experiment "$list" numbers configs/practice/numbers.json "\"$at/ten/20x20_info.csv\"" "$folds" \
        "$(beside "$list" ten 20x20 12)" "0-9, 20x20$with" .970 ten
    if wants from-mnist; then
        data_set "$list" mnist 0-9
        experiment "$list" from-mnist configs/practice/20x20.json \
            "{\"train\": \"$at/mnist/20x20_info.csv\", \"test\": \"$at/ten/20x20_info.csv\"}" '{"by": "row"}' \
            's/"epochs": 60/"epochs": 12/; s/"dropout": 0.1/"dropout": 0/' "trained on MNIST alone, 0-9" .92 ten
    fi
    if wants from-drawn; then
        experiment "$list" from-drawn configs/practice/20x20.json \
            "{\"train\": \"$at/drawn-ten/20x20_info.csv\", \"test\": \"$at/ten/20x20_info.csv\"}" '{"by": "row"}' \
            's/"epochs": 60/"epochs": 20/' "trained on drawn digits alone, 0-9" .90 ten
    fi
done
# MNIST's pictures are cropped and centred as they are; 10,000 rows of its training files test.
if wants mnist || wants mnist-plain; then data_set none mnist 0-9 --canvas 28x28; fi
wants mnist-plain && experiment none mnist-plain configs/practice/mnist.json "\"$work/data/none/mnist/20x20_info.csv\"" \
    "$five_of" '/"augment"/,/^  },/d; s/"dropout": 0/"dropout": 0.3/; s/1024, 512/512, 512/; s/"epochs": 40/"epochs": 30/' \
    "MNIST, 10,000 of its training rows, pictures as they are" .987 mnist
wants mnist && experiment none mnist configs/practice/mnist.json "\"$work/data/none/mnist/20x20_info.csv\"" "$five_of" "" \
    "MNIST, the same rows, pictures varied" .994 mnist
if wants 2022; then
    data_set none five 1-5
    data_set none ten 0-9
    for set in five/20x20 five/8x8 five/mixed ten/20x20; do
        experiment none "2022-${set/\//-}" configs/seed/18-20x20-256-256-relu-he.json "\"$work/data/none/${set}_info.csv\"" \
            "$folds" "s/\"epochs\": 1000/\"epochs\": ${EPOCHS_2022:-100}/; s/\"seed\": 1234/\"seed\": 1/" \
            "recipe of 2022 (${EPOCHS_2022:-100} epochs): $([[ $set == five* ]] && echo 1-5 || echo 0-9), ${set#*/}" "" "${set%/*}"
    done
fi
cargo run --release --quiet --locked -p mlp-report --example practice_table -- "$rows" "$table"
# What people saw in the pictures stands below the figures.
if [ -n "${DIGIT_DATA:-}" ]; then cat practice/findings.md >> "$table"; fi
