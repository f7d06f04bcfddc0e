#!/usr/bin/env bash
# Runs a command and acts on its exit code: attempt.sh WORST LOG COMMAND...
# Codes up to WORST (0 done, 1 done but for rejected inputs) are success. 3 is a fault from outside, such as a full
# disk: the command is tried again after RETRY_SECONDS, three times in all. 2, wrong request, ends at once. 143
# (terminated) and all others are passed on; the state is saved and the engine starts the job again.
# Messages go to LOG. Snakemake removes LOG when it starts a job again; the nodes and exit codes of all attempts stay
# beside it in a file that ends in `.attempts`.
set -uo pipefail
worst=$1 log=$2
shift 2
attempts=${log%.log}.attempts
mkdir -p "$(dirname "$log")"
for attempt in 1 2 3; do
    printf -- '-- %s: %s\n' "$(hostname)" "$(basename "$1")" | tee -a "$log" >> "$attempts"
    "$@" 2>> "$log" &
    command=$!
    # A signal to this shell goes on to the command, which then saves its state.
    trap 'kill -TERM "$command" 2> /dev/null' TERM INT
    while wait "$command"; status=$?; kill -0 "$command" 2> /dev/null; do :; done
    printf -- '-- %s: exit %s\n' "$(hostname)" "$status" | tee -a "$log" >> "$attempts"
    if [ "$status" -le "$worst" ]; then
        exit 0
    fi
    if [ "$status" -ne 3 ] || [ "$attempt" -eq 3 ]; then
        break
    fi
    sleep "${RETRY_SECONDS:-30}"
done
tail -n 20 "$log" >&2
exit "$status"
