#!/usr/bin/env bash
# Measures the configs that we recommend on writers never seen in training, beside the recipe of 2022, and writes a table.
#
#   experiments/recommended/run.sh WORK TABLE.md
#
# WORK takes data sets and runs; what is there is not done again. Variables:
#   DIGIT_DATA   folder with numbers_ch/{writer}/{digit}/*.png and mnist/train-*.gz; drawn digits stand in without it
#   SEEDS        seeds of each experiment but the recipe of 2022, which trains once: a count or a list (5)
#   LISTS        lists for --preprocess, separated by spaces (standard); several show what each step is worth
#   SETS         which experiments (20x20 8x8 mixed numbers mnist-plain mnist from-mnist from-drawn 2022)
#   DRAWN        drawn digits that train beside those at hand (8000; 0 for none)
#   EPOCHS_2022  epochs of the recipe of 2022 (100; it was run with 1000)
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${1:?folder to work in} table=${2:?Markdown file to write}
seeds=${SEEDS:-5} drawn=${DRAWN:-8000} lists=${LISTS:-standard} epochs_2022=${EPOCHS_2022:-100} bin=${BIN:-target/release}
sets=${SETS:-20x20 8x8 mixed numbers mnist-plain mnist from-mnist from-drawn 2022}
mkdir -p "$work"
export LC_ALL=C

# Exit code 1 says that some pictures were rejected; they are counted in the table.
tolerant() { "$@" || [ $? -eq 1 ]; }
# wants SET..: whether one of them is asked for.
wants() { local set; for set; do [[ " $sets " != *" $set "* ]] || return 0; done; return 1; }

[ "$drawn" -gt 0 ] || sets=${sets/from-drawn/}

# Source pictures: digits 1-5 of both sizes, all ten digits, and what other people's data or drawings give to train on.
if [ -n "${DIGIT_DATA:-}" ]; then
    import() { "$bin/digit-source" import "$@" --quiet; }
    import folders "$DIGIT_DATA/numbers_ch" "$work/source/five/fill" --size 20 --labels 1-5
    import folders "$DIGIT_DATA/numbers_ch" "$work/source/five/random" --size 8 --place random --labels 1-5
    import folders "$DIGIT_DATA/numbers_ch" "$work/source/ten" --size 20 --labels 0-9
    if wants mnist mnist-plain from-mnist; then
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

# experiment LIST NAME CONFIG DATA SPLIT TITLE TARGET REJECTED_OF [DRAWN] [OPTION..]: trains a config as it is but for what
# it trains and tests on, and adds a line to the list of rows. The number of seeds is in the folder's name, because one
# seed lies elsewhere than the first of several.
rows=$work/rows.tsv
: > "$rows"
experiment() {
    local out=$work/runs/$1/$2-seeds-$seeds extra="[${9:+\"$9\"}]"
    "$bin/mlp-train" "$3" --set "data=$4" --set "split=$5" --set "extra_data=$extra" "${@:10}" \
        --out "$out" --seeds "$seeds" --quiet
    printf '%s\t%s\t%s\t%s\t%s\n' "$6" "$1" "$7" "$out" "$work/data/$1/$8/labelled/rejected.csv" >> "$rows"
}

by_writer='{"by": "group", "folds": 5}'
[ "$drawn" -gt 0 ] && with=", beside drawn digits" || with=""
for list in $lists; do
    at=$work/data/$list
    if wants 20x20 8x8 mixed; then
        data_set "$list" five 1-5
        [ "$drawn" -eq 0 ] || data_set "$list" drawn-five 1-5
    fi
    if wants numbers from-drawn; then
        data_set "$list" ten 0-9
        [ "$drawn" -eq 0 ] || data_set "$list" drawn-ten 0-9
    fi
    # of_writers NAME SOURCE FILE TITLE TARGET
    of_writers() {
        wants "$1" || return 0
        experiment "$list" "$1" "configs/recommended/$1.json" "\"$at/$2/$3_info.csv\"" "$by_writer" "$4$with" "$5" "$2" \
            "$([ "$drawn" -eq 0 ] || echo "$at/drawn-$2/$3_info.csv")"
    }
    of_writers 20x20 five 20x20 "1-5, 20x20" .988
    of_writers 8x8 five 8x8 "1-5, 8x8 at random places" .975
    of_writers mixed five mixed "1-5, both sizes" .980
    of_writers numbers ten 20x20 "0-9, 20x20" .970
    if wants from-drawn; then
        experiment "$list" from-drawn configs/recommended/20x20.json \
            "{\"train\": \"$at/drawn-ten/20x20_info.csv\", \"test\": \"$at/ten/20x20_info.csv\"}" '{"by": "row"}' \
            "trained on drawn digits alone, 0-9" .90 ten
    fi
done
# What MNIST's pictures need depends on what the network is for. Upright ones of one size help a network that sees each as
# it is, and not one that sees it varied; what other writers add to a 1 shows best in its breadth, so for strangers it
# is kept.
upright=limit,ink,deskew,fit:aspect=root:fill=0.8 strangers=limit,ink,fit:aspect=keep
# mnist_rows NAME LIST TITLE TARGET
mnist_rows() {
    wants "$1" || return 0
    data_set "$2" mnist 0-9 --canvas 28x28
    experiment "$2" "$1" "configs/recommended/$1.json" "\"$work/data/$2/mnist/20x20_info.csv\"" \
        '{"by": "row", "train": 0.83334}' "MNIST, 10,000 of its training rows, $3" "$4" mnist
}
mnist_rows mnist-plain $upright "pictures not varied" .987
mnist_rows mnist none "pictures varied" .994
if wants from-mnist; then
    data_set $strangers mnist 0-9
    data_set $strangers ten 0-9
    at=$work/data/$strangers
    experiment $strangers from-mnist configs/recommended/from-mnist.json \
        "{\"train\": \"$at/mnist/20x20_info.csv\", \"test\": \"$at/ten/20x20_info.csv\"}" '{"by": "row"}' \
        "trained on MNIST alone, 0-9" .92 ten
fi
if wants 2022; then
    data_set none five 1-5
    data_set none ten 0-9
    seeds=1
    for set in five/20x20 five/8x8 five/mixed ten/20x20; do
        experiment none "2022-${set/\//-}" configs/2022/18-20x20-256-256-relu-he.json "\"$work/data/none/${set}_info.csv\"" "$by_writer" \
            "recipe of 2022 ($epochs_2022 epochs): $([[ $set == five* ]] && echo 1-5 || echo 0-9), ${set#*/}" "" "${set%/*}" "" \
            --set "epochs=$epochs_2022" --set seed=1
    done
fi
# What people saw in the pictures stands below the figures.
"$bin/digit-lab" accuracy-table recipes "$rows" "$table" ${DIGIT_DATA:+--below experiments/recommended/findings.md}
