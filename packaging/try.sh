#!/usr/bin/env bash
# Tries an installed program on a small drawn set: try.sh DIGITS. Fails where a command does or writes nothing.
set -euo pipefail

digits=$(realpath "${1:?the program digits}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

"$digits" --version
"$digits" source draw source --count 100 --quiet
"$digits" label source labelled --quiet
"$digits" csv labelled data --quiet
printf '{ "data": "data/20x20_info.csv", "hidden": [16] }' > config.json
"$digits" train config.json --out runs --epochs 2 --quiet
"$digits" report runs --out report --quiet
picture=$(find source -name '*.png' | sort | head -n 1)
"$digits" predict --model runs --json --quiet "$picture" | grep -q '"label"'
for written in data/20x20_info.csv report/index.html report/results.csv; do
    test -s "$written" || { echo "$written: missing or empty" >&2; exit 1; }
done
echo "draw, label, csv, train, report and predict work: $digits"
