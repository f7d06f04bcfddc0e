#!/usr/bin/env bash
# The 28 experiments of 2022, over several seeds, and a report that says which of its conclusions stand.
#
#   seed/run.sh WORK
#
# WORK takes data sets, runs and reports; what is there is not done again. Variables:
#   HANDS   folder with {writer}/{digit}/x.png: real hands in the place of drawn pictures. As many are taken as there were
#           in 2022, 925 and 632. Everything is done twice: rows parted at random, as in 2022, which has the same hands on
#           both sides; and hands parted, which tells what the networks do with a stranger's digits
#   SEEDS   seeds of each experiment, a count or a list (10)
#   JOBS    runs at a time (the number of processors)
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:?folder to work in} seeds=${SEEDS:-10} bin=${BIN:-target/release}
jobs=${JOBS:+--jobs $JOBS}
export LC_ALL=C

# Exit code 1 says that some inputs were rejected: they are told and the rest goes on.
tolerant() { "$@" || [ $? -eq 1 ]; }

# experiments NAME FILTER: trains all configs, changed by a sed script, and reports.
experiments() {
    local configs=$work/configs-$1 runs=$work/runs-$1-seeds-$seeds
    mkdir -p "$configs"
    for config in configs/seed/*.json; do
        sed -e "s|datasets/demo/|$work/data/|" -e "$2" "$config" > "$configs/$(basename "$config")"
    done
    # shellcheck disable=SC2086
    "$bin/mlp-train" "$configs"/*.json --out "$runs" --seeds "$seeds" $jobs
    tolerant "$bin/mlp-report" "$runs" --out "$work/report-$1"
}

if [ -n "${HANDS:-}" ]; then
    # Different samples: a digit is not in both sizes more often than chance has it.
    "$bin/digit-source" import folders "$HANDS" "$work/source/fill" --size 20 --count 925
    "$bin/digit-source" import folders "$HANDS" "$work/source/random" --size 8 --place random --count 632 --seed 2
else
    "$bin/digit-source" draw "$work/source"
fi
# Pictures as they are: preprocessing them is what 2022 wished it had done.
tolerant "$bin/digit-labeler" "$work/source" "$work/data/labelled" --preprocess none
tolerant "$bin/digit-csv" "$work/data/labelled" "$work/data" --mixed
if [ -n "${HANDS:-}" ]; then
    experiments rows ""
    experiments hands 's|"by": "row"|"by": "group"|'
else
    experiments drawn ""
fi
