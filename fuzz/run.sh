#!/usr/bin/env bash
# Calls each target with new inputs for so many seconds, and prints a line about each.
#   bash fuzz/run.sh [SECONDS] [TARGET..]
# Exit code 1: an input was found on which a target fails (fuzz/artifacts); 3: a tool is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
target_dir=${CARGO_TARGET_DIR:-target}/fuzz

missing=0
cargo fuzz --version > /dev/null 2>&1 \
    || { echo "cargo-fuzz is missing: cargo install --locked cargo-fuzz" >&2; missing=1; }
cargo +nightly --version > /dev/null 2>&1 \
    || { echo "a nightly compiler is missing: rustup toolchain install nightly --profile minimal" >&2; missing=1; }
[ "$missing" -eq 0 ] || exit 3

[ $# -gt 0 ] || set -- $(cd fuzz/fuzz_targets && printf '%s\n' *.rs | sed 's/\.rs$//')
cargo +nightly fuzz build --target-dir "$target_dir"
programs=$(dirname "$(find "$target_dir" -path "*/release/$1" -type f | head -n 1)")

# Errors with the calls that led to them would take most of the time.
export RUST_LIB_BACKTRACE=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
printf '| target | executions | seconds | edges | at the start | new inputs |\n|---|---:|---:|---:|---:|---:|\n'
for name in "$@"; do
    mkdir -p "fuzz/found/$name" "fuzz/artifacts/$name"
    begun=$(date +%s)
    # A file of a few kilobytes that takes 512 MB at once, 2 GB in all or a minute is a finding.
    "$programs/$name" -max_total_time="$seconds" -timeout=60 -malloc_limit_mb=512 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$name/" \
        "fuzz/found/$name" "fuzz/corpus/$name" > "$log" 2>&1 || status=1
    took=$(($(date +%s) - begun))
    edges=$(sed -n 's/^#[0-9].* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    at_start=$(sed -n 's/^#[0-9].*INITED cov: \([0-9]*\) .*/\1/p' "$log")
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    new=$(sed -n 's/^stat::new_units_added: *//p' "$log")
    printf '| `%s` | %s | %s | %s | %s | %s |\n' "$name" "${executed:-?}" "$took" "${edges:-?}" "${at_start:-?}" "${new:-?}"
    # What libFuzzer says of an input that fails.
    grep -E '^(thread|SUMMARY|==[0-9]+== ?ERROR|artifact_prefix|[a-z].* panicked)|Test unit written' "$log" >&2 || true
done
exit "$status"
