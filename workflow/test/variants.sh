# Sourced by cluster-test.sh: the variants, each a function test_NAME.

node_2_is_in_a_training() {
    [ "$(finished "$1" | wc -l)" -ge 3 ] && [ "$(finished_on "$1" n2)" -ge 1 ] && [ -n "$(under_way_on "$1" n2)" ]
}

test_kill() {
    place kill "$CONFIGS" 5
    on_cluster kill &
    SNAKEMAKE=$!
    wait_until kill node_2_is_in_a_training kill
    node_kill n2
    local inside
    inside=$(under_way_on kill n2)
    finished kill > "$WORK/kill.finished"
    say "kill: node 2 is dead inside $inside; of $(wc -l < "$WORK/kill.finished") finished runs it did" \
        "$(finished_on kill n2)"
    [ -n "$inside" ] || fail "node 2 was inside no training when it died"
    wait "$SNAKEMAKE" || fail "Snakemake ended with $?"
    grep -qh 'going on after' "$WORK"/kill/results/logs/train/*.log || fail "no run went on from its checkpoint"
    none_done_twice kill
    same_as_one_machine kill
    second_run_does_nothing kill
    node_up n2
    nodes_idle 2 || fail "node 2 did not come back"
}

test_limit() {
    place limit "$CONFIGS" 5
    sed -i 's/train: 10/train: 61/' "$WORK/limit/config.yaml"
    on_cluster limit && fail "a batch longer than its partition allows was submitted"
    grep -q 'minutes.train is 61, and partition main allows 1:00:00' "$WORK/limit/snakemake.out" \
        || fail "it was not said why"
    [ -z "$(squeue --noheader)" ] || fail "jobs were submitted"
    say "limit: refused before any job was submitted"
}

# Jobs of a rule in the last run of Snakemake in a place.
jobs_of() { awk -v rule="$2" '$1 == rule && NF == 2 { n = $2 } END { print n + 0 }' "$WORK/$1/snakemake.out"; }

test_grow() {
    place grow "$CONFIGS" 5
    sed -i 's/--epochs [0-9]*/--epochs 3/; s#source: ../source#source: source#' "$WORK/grow/config.yaml"
    cp -r "$WORK/source" "$WORK/grow/source"
    on_one_machine grow || fail "the workflow failed"
    finished grow > "$WORK/grow.finished"
    sed 's/"name": "[^"]*"/"name": "new"/' "$WORK/grow/configs/"03-*.json > "$WORK/grow/configs/new.json"
    on_one_machine grow || fail "with one more config the workflow failed"
    [ "$(jobs_of grow train) $(jobs_of grow label)" = "1 0" ] || fail "one more config: not one job of training alone"
    none_done_twice grow
    [ "$(finished grow | wc -l)" -eq 11 ] || fail "the new config was not trained"
    local one
    one=$(find "$WORK/grow/source" -name '1_20_*.png' | head -n 1)
    cp "$one" "$WORK/grow/source/1_20_newcomer-1.png"
    finished grow > "$WORK/grow.before"
    on_one_machine grow || fail "with one more picture the workflow failed"
    [ "$(jobs_of grow label)" = 1 ] || fail "one more picture: $(jobs_of grow label) shards were labelled, not one"
    [ -z "$(comm -12 "$WORK/grow.before" <(finished grow))" ] || fail "a run was not trained on the new data"
    say "grow: one more config is one run more, one more picture one shard; then all runs are trained on the new data"
}

training_goes_on() { [ -n "$(finished "$1")" ] && [ -n "$(under_way_on "$1" n1)$(under_way_on "$1" n2)" ]; }

queue_is_empty() {
    local i
    for i in $(seq 600); do
        [ -z "$(squeue --noheader)" ] && return 0
        sleep 0.5
    done
    return 1
}

test_sbatch() {
    place sbatch "$CONFIGS" 5
    (
        cd "$WORK/sbatch" && export BIN && mkdir results || exit 1
        srun --nodes=1 true && bash workflow/sbatch/check-locks.sh . || exit 1
        sbatch --quiet --array=1-3 --mem=500 workflow/sbatch/label.sbatch ../source results --labels 1-5
    ) || fail "the shards cannot be submitted"
    queue_is_empty || fail "the shards do not end"
    (
        cd "$WORK/sbatch" || exit 1
        "$BIN/digit-csv" merge results/csv-* datasets/demo --quiet || exit 1
        printf '%s\n' configs/*.json > list.txt
        sbatch --quiet --array=1-3 --mem=500 workflow/sbatch/train.sbatch list.txt results/runs --epochs "$EPOCHS" \
            --checkpoint-seconds 0.2
    ) || fail "the batches cannot be submitted"
    until [ -n "$(finished sbatch)" ] && [ -n "$(under_way_on sbatch n2)" ]; do
        [ -n "$(squeue --noheader)" ] || fail "the array ended too early"
        sleep 0.1
    done
    finished sbatch > "$WORK/sbatch.finished"
    # As at the time limit: the shell of the task gets SIGTERM.
    scancel --signal=TERM --batch "$(squeue --noheader --nodelist=n2 --format=%A)" || fail "no task to stop"
    queue_is_empty || fail "the batches do not end"
    grep -q 'interrupted with' "$WORK"/sbatch/train-*.log || fail "no task was stopped"
    grep -q 'going on after' "$WORK"/sbatch/train-*.log || fail "no run went on from its checkpoint"
    none_done_twice sbatch
    [ "$(cd "$WORK/sbatch" && cat batches/*.jsonl | LC_ALL=C sort | sha256sum)" \
        = "$(sha256sum < "$WORK/one/results/runs.jsonl")" ] || fail "the summaries are not those of one machine"
    diff -r -x timing.csv -x log.txt -x .outputs.csv -x .cache "$WORK/one/results/runs" "$WORK/sbatch/results/runs" \
        > "$WORK/sbatch.diff" && diff -r -x .cache "$WORK/one/datasets" "$WORK/sbatch/datasets" >> "$WORK/sbatch.diff" \
        || fail "files differ from one machine: $(head -n 3 "$WORK/sbatch.diff")"
    say "sbatch: a task was stopped, queued again and went on; all files have the bytes of one machine"
}

test_controller() {
    place controller "$CONFIGS" 5
    on_cluster controller &
    SNAKEMAKE=$!
    wait_until controller training_goes_on controller
    finished controller > "$WORK/controller.finished"
    controller_restart
    say "controller: it died in mid-training and came back after 3 s"
    wait "$SNAKEMAKE" || fail "Snakemake ended with $?"
    none_done_twice controller
    same_as_one_machine controller
    second_run_does_nothing controller
}

test_disk() {
    place disk "$CONFIGS" 5
    mkdir -p "$WORK/disk/results/runs"
    # Node 2 sees a disk in the place of the run folders that has no room for anything.
    echo "mount -t tmpfs -o size=4k,nr_inodes=3 full '$WORK/disk/results/runs'" > "$SLURM_DIR/n2.mount"
    node_kill n2
    node_up n2
    nodes_idle 2 || fail "node 2 did not come back"
    on_cluster disk
    local status=$? faults
    faults=$(cat "$WORK"/disk/results/logs/train/*.attempts | grep -c '^-- n2: exit 3')
    [ "$faults" -ge 1 ] || fail "no batch met the full disk"
    say "disk: $faults attempts on node 2 met a full disk; Snakemake ended with $status"
    finished disk > "$WORK/disk.finished"
    rm "$SLURM_DIR/n2.mount"
    node_kill n2
    node_up n2
    nodes_idle 2 || fail "node 2 did not come back"
    on_cluster disk || fail "with room on the disk Snakemake ended with $?"
    none_done_twice disk
    same_as_one_machine disk
    second_run_does_nothing disk
}

test_config() {
    place config "$CONFIGS" 6
    (
        cd "$WORK/config/configs" || exit 1
        first=$(printf '%s\n' ./*.json | head -n 1)
        for i in $(seq -w 1 50); do
            sed "s/\"seed\": [0-9]*/\"seed\": $((10#$i))/; s/\"name\": \"[^\"]*\",//" "$first" > "run-$i.json"
        done
        find . -name '*.json' ! -name 'run-*' -delete
        sed -i 's/"epochs"/"epoks"/' run-17.json
    )
    sed -i 's/--epochs [0-9]*/--epochs 3/' "$WORK/config/config.yaml"
    on_cluster config && fail "a bad config went unnoticed"
    [ "$(finished config | wc -l)" -eq 49 ] || fail "expected 49 finished runs, found $(finished config | wc -l)"
    grep -q 'run-17: left out: missing' "$WORK/config/results/logs/report.log" || fail "the gap was not named"
    [ -s "$WORK/config/results/report/index.html" ] || fail "there is no report"
    say "config: 49 of 50 are done, the report names the bad one, Snakemake fails"
    finished config > "$WORK/config.finished"
    sed -i 's/"epoks"/"epochs"/' "$WORK/config/configs/run-17.json"
    on_cluster config || fail "after the repair Snakemake ended with $?"
    [ "$(finished config | wc -l)" -eq 50 ] || fail "the repaired config was not trained"
    none_done_twice config
    second_run_does_nothing config
}

test_clock() {
    local fake
    fake=$(find /usr/lib -name libfaketime.so.1 | head -n 1)
    [ -n "$fake" ] || fail "there is no libfaketime"
    # Only the commands first: a file that they write stays ten minutes ahead of the others.
    place clock "$CONFIGS" 5
    mkdir -p "$WORK/clock/bin"
    for name in digit-labeler digit-csv mlp-train mlp-report; do
        printf '#!/bin/bash\n[ "$(hostname)" != n2 ] || export LD_PRELOAD=%s FAKETIME=+600s\nexec %s/%s "$@"\n' \
            "$fake" "$BIN" "$name" > "$WORK/clock/bin/$name"
        chmod +x "$WORK/clock/bin/$name"
    done
    sed -i "s#^bin: .*#bin: $WORK/clock/bin#" "$WORK/clock/config.yaml"
    on_cluster clock || fail "Snakemake ended with $?"
    [ "$(finished_on clock n2)" -ge 1 ] || fail "node 2 did nothing"
    same_as_one_machine clock
    second_run_does_nothing clock
    say "clock: with the clock of its commands 600 s fast, node 2 finished $(finished_on clock n2) runs"

    # Then Slurm's own daemons on node 2: its credentials come from the future, so the controller does not let it in.
    node_kill n2
    munge_up munge-n2 env LD_PRELOAD="$fake" FAKETIME=+600s
    sed "s#/munge.sock#/munge-n2.sock#" "$SLURM_DIR/slurm.conf" > "$SLURM_DIR/slurm-n2.conf"
    for _ in $(seq 150); do
        [ "$(sinfo --noheader --nodes=n2 --format=%t)" = "down*" ] && break
        sleep 0.2
    done
    NODE_CONF=$SLURM_DIR/slurm-n2.conf node_up n2 env LD_PRELOAD="$fake" FAKETIME=+600s
    place clock2 "$CONFIGS" 5
    on_cluster clock2 || fail "Snakemake ended with $?"
    [ "$(finished_on clock2 n2)" -eq 0 ] || fail "node 2 was let in"
    same_as_one_machine clock2
    say "clock: with all its clocks fast, node 2 is $(sinfo --noheader --nodes=n2 --format=%t); node 1 did all"
}
