#!/usr/bin/env bash
# The workflow on a real Slurm cluster of two nodes on this machine, and what must hold when things go wrong.
#
#   cluster-test.sh [VARIANT...]
#
# kill        (default) everything on node 2 dies in mid-training, and comes back
# limit       (default) jobs longer than their partition allows are refused before any is submitted
# controller  the controller dies and comes back
# disk        the disk of the run folders is full on node 2
# sbatch      the array scripts without Snakemake, one task of which is stopped and queued again
# grow        one more config, then one more picture, on one machine: only what is new is done
# config      one config of 50 cannot be used
# clock       the clock of node 2 is ten minutes fast: first for the commands, then for Slurm, too
#
# PICTURES (2000) drawn pictures, EPOCHS (1500) of each run, BIN (target/release) the commands, WORK
# (target/cluster-test) a folder. Exit code 3: this machine cannot do it. Needs root; installs Slurm, munge and
# libfaketime (Debian's packages) and Snakemake (a virtual environment in WORK).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 3
ROOT=$PWD
BIN=$(realpath "${BIN:-target/release}") WORK=${WORK:-$ROOT/target/cluster-test}
PICTURES=${PICTURES:-2000} EPOCHS=${EPOCHS:-1500}
[ "$#" -gt 0 ] || set -- limit kill
. workflow/test/slurm.sh
. workflow/test/variants.sh

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }
fail() {
    say "FAILED: $*" >&2
    mkdir -p "$WORK/failed" && cp -r "$SLURM_DIR"/*.log "$SLURM_DIR"/*.out "$WORK/failed/" 2> /dev/null
    tail -n 40 "$WORK/${variant:-one}/snakemake.out" 2> /dev/null | grep -v '^$' >&2
    exit 1
}
not_here() {
    printf '\n!!!! CLUSTER NOT TESTED: %s !!!!\n\n' "$*" >&2
    exit 3
}

install() {
    local missing=() package
    for package in slurmctld slurmd slurm-client munge libfaketime iproute2; do
        dpkg-query --show --showformat='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' \
            || missing+=("$package")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes \
            --no-install-recommends "${missing[@]}" > /dev/null || not_here "Debian's packages cannot be installed"
    fi
    if ! cmp -s workflow/requirements.txt "$WORK/venv/requirements.txt"; then
        python3 -m venv --clear "$WORK/venv" \
            && "$WORK/venv/bin/pip" install --quiet --requirement workflow/requirements.txt \
            && cp workflow/requirements.txt "$WORK/venv/" || not_here "Snakemake cannot be installed"
    fi
    export PATH=$WORK/venv/bin:$PATH
}

# place NAME CONFIGS BATCHES: a folder to run the workflow in, with the same source pictures as all others.
place() {
    rm -rf "${WORK:?}/$1"
    mkdir -p "$WORK/$1/configs"
    # Patterns, which the shell has to expand: relative, as the path of the project may have blanks.
    # shellcheck disable=SC2086
    (cd "$ROOT" && cp $2 "$WORK/$1/configs/")
    ln -s "$ROOT/workflow" "$WORK/$1/workflow"
    cat > "$WORK/$1/config.yaml" << END
bin: $BIN
out: results
pictures: {source: ../source, data: datasets/demo, labels: 1-5, options: "", mixed: true, shards: 3}
training:
  configs: ["configs/*.json"]
  batches: $3
  threads: 1
  options: --epochs $EPOCHS --checkpoint-seconds 0.2
allow_missing: false
minutes: {label: 10, merge: 10, train: 10, report: 10}
END
}

on_one_machine() { (cd "$WORK/$1" && snakemake --configfile config.yaml --cores 2 > snakemake.out 2>&1); }

# The answer of Slurm is asked for more often than on a real cluster.
on_cluster() {
    (cd "$WORK/$1" && RETRY_SECONDS=1 exec timeout --kill-after=10 600 snakemake --configfile config.yaml \
        --workflow-profile workflow/profiles/slurm --slurm-init-seconds-before-status-checks 1 --latency-wait 15 \
        --default-resources slurm_partition=main mem_mb=500 \
        > snakemake.out 2>&1)
}

# What equal requests have alike: all files but those that hold times.
digests() {
    (cd "$WORK/$1" && find results/{runs,report,csv,labelled,runs.jsonl,data.json,report.json} datasets -type f \
        ! -name timing.csv ! -name log.txt ! -name .lock ! -name .cache ! -name .outputs.csv -print0 \
        | sort -z | xargs -0 sha256sum)
}

same_as_one_machine() {
    digests one > "$WORK/one.sha256"
    digests "$1" > "$WORK/$1.sha256"
    [ "$(wc -l < "$WORK/one.sha256")" -gt 100 ] || fail "the run on one machine made too few files"
    cmp -s "$WORK/one.sha256" "$WORK/$1.sha256" \
        || fail "files differ from one machine: $(diff "$WORK/one.sha256" "$WORK/$1.sha256" | head -n 5)"
    say "$1: $(wc -l < "$WORK/one.sha256") files have the bytes of one machine"
}

# The finished runs of a place, with what changes if one is done again.
finished() {
    (cd "$WORK/$1/results/runs" 2> /dev/null && stat --format='%n %i %y' -- */stage.json 2> /dev/null | sort)
}

none_done_twice() {
    local again
    [ -s "$WORK/$1.finished" ] || fail "nothing was finished then, so nothing is tested"
    again=$(comm -23 "$WORK/$1.finished" <(finished "$1"))
    [ -z "$again" ] || fail "finished runs were done again: $again"
    say "$1: the $(wc -l < "$WORK/$1.finished") runs that were finished then were not done again"
}

second_run_does_nothing() {
    local before
    before=$(finished "$1")
    on_cluster "$1" || fail "the second run ended with $?"
    grep -q 'Nothing to be done' "$WORK/$1/snakemake.out" || fail "the second run did something"
    [ "$before" = "$(finished "$1")" ] || fail "the second run changed runs"
    say "$1: a second run does nothing"
}

# Runs that were finished on a node, by the logs of the batches.
finished_on() {
    cat "$WORK/$1"/results/logs/train/*.log 2> /dev/null \
        | awk -v host="$2:" '/^-- / { now = $2 } now == host && / epochs?, loss / { n++ } END { print n + 0 }'
}

# The runs that a node is writing and that have a checkpoint.
under_way_on() {
    (cd "$WORK/$1/results/runs" 2> /dev/null && grep -l " on $2\$" -- */.lock 2> /dev/null | while read -r lock; do
        [ -f "${lock%.lock}.checkpoint" ] && dirname "$lock"
    done)
}

# wait_until PLACE CONDITION...: until the condition holds; fails if Snakemake ends before.
wait_until() {
    local place=$1
    shift
    until "$@"; do
        kill -0 "$SNAKEMAKE" 2> /dev/null || fail "Snakemake ended too early: $*"
        sleep 0.1
    done
}
[ "$(id -u)" -eq 0 ] || not_here "it needs root"
mkdir -p "$WORK"
install
owner=$(readlink -f /etc/slurm/slurm.conf 2> /dev/null)
[ ! -e "$owner" ] || [[ $owner == "$WORK"/* ]] || not_here "it has a Slurm of its own: $owner"
cluster_allowed || not_here "this machine allows no network namespaces"
[ -x "$BIN/mlp-train" ] || not_here "$BIN has no mlp-train; build it first: just build"
say "installed"
# The configuration of Slurm cannot say a path with blanks, which that of the project may have.
SLURM_DIR=/run/digits-slurm
cluster_down
SNAKEMAKE=
# `timeout` leads a process group, and Snakemake is in it.
end_snakemake() {
    local pid
    for pid in $(pgrep --parent "${SNAKEMAKE:-0}" timeout); do
        kill -KILL -- "-$pid"
    done
}
trap 'end_snakemake; cluster_down' EXIT
trap 'exit 143' TERM INT
# Ten of the 2022 experiments, each of some seconds, so that a node can die inside one and after another.
CONFIGS=${CONFIGS:-$(printf "configs/2022/%s*.json " 03 08 10 14 15 16 17 19 20 21)}
if [ ! -f "$WORK/source/stage.json" ] || [ "$(cat "$WORK/source.count" 2> /dev/null)" != "$PICTURES" ]; then
    rm -rf "$WORK/source"
    "$BIN/digit-source" --quiet draw "$WORK/source" --count "$PICTURES" || fail "cannot draw pictures"
    echo "$PICTURES" > "$WORK/source.count"
fi
place one "$CONFIGS" 5
on_one_machine one || fail "the workflow failed on one machine"
say "one machine: $(finished one | wc -l) runs on $PICTURES drawn pictures"
case $ROOT in
    *[[:blank:]]*) not_here "jobs that Snakemake gives to Slurm fail where a path has blanks, as that of the project" ;;
esac
cluster_up "$SLURM_DIR" || fail "the cluster does not come up"
say "two nodes are idle"
for variant in "$@"; do
    "test_$variant"
done
say "PASSED: $*"
