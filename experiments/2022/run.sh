#!/usr/bin/env bash
# The 28 experiments of 2022, over several seeds, and a report that says which of its conclusions stand.
#
#   experiments/2022/run.sh WORK
#
# WORK takes data sets, runs and reports; what is there is not done again. Variables:
#   WRITERS  folder with {writer}/{digit}/x.png: pictures of real writers instead of drawn ones. As many are taken as there
#            were in 2022, 925 and 632. Everything is done twice: rows split at random, as in 2022, which has the same
#            writers on both sides; and split by writer, which shows what the networks do with a stranger's digits
#   SEEDS    seeds of each experiment, a count or a list (10)
#   JOBS     runs at a time (the number of processors)
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:?folder to work in} seeds=${SEEDS:-10} bin=$(realpath "${BIN:-$repository/target/release}")
jobs=${JOBS:+--jobs $JOBS} writers=${WRITERS:+$(realpath "$WRITERS")}
export LC_ALL=C

# Exit code 1 says that some inputs were rejected: they are listed and the rest goes on.
tolerant() { "$@" || [ $? -eq 1 ]; }

# experiments NAME [OPTION..]: trains all configs with these options, and reports. They name datasets/demo.
experiments() {
    local runs=runs-$1-seeds-$seeds
    # shellcheck disable=SC2086
    "$bin/mlp-train" "$repository"/configs/2022/*.json "${@:2}" --out "$runs" --seeds "$seeds" $jobs
    tolerant "$bin/mlp-report" "$runs" --out "report-$1"
}
mkdir -p "$work" && cd "$work"

if [ -n "$writers" ]; then
    # Different samples: a digit is not in both sizes more often than chance has it.
    "$bin/digit-source" import folders "$writers" source/fill --size 20 --labels 1-5 --count 925
    "$bin/digit-source" import folders "$writers" source/random --size 8 --labels 1-5 --place random --count 632 --seed 2
else
    "$bin/digit-source" draw source
fi
# Pictures as they are: preprocessing them is what 2022 wished it had done.
tolerant "$bin/digit-labeler" source datasets/demo/labelled --preprocess none
tolerant "$bin/digit-csv" datasets/demo/labelled datasets/demo --mixed
if [ -n "$writers" ]; then
    experiments rows
    experiments writers --set split.by=group
else
    experiments drawn
fi
