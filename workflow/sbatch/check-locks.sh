#!/bin/bash
# Whether locks reach from node to node: check-locks.sh FOLDER, a folder of the shared disk. Starts two tasks on two
# nodes of which the second must not get the lock that the first holds. Exit code 1 if it does: then two jobs may train
# one run at the same time, which costs time and changes no byte.
set -uo pipefail
folder=$1
lock=$folder/.lock-probe-$$
touch "$lock" || exit 3
trap 'rm -f "$lock"' EXIT
srun --nodes=2 --ntasks=2 --ntasks-per-node=1 bash -c '
    exec 9<> "$1"
    if [ "$SLURM_PROCID" = 0 ]; then
        flock 9 && echo held > "$1.held" && sleep 10
        rm -f "$1.held"
    else
        for _ in $(seq 50); do [ -s "$1.held" ] && break; sleep 0.1; done
        [ -s "$1.held" ] || { echo "node 2 does not see what node 1 wrote within 5 s"; exit 1; }
        if flock --nonblock 9; then echo "locks do not reach from node to node"; exit 1; fi
        echo "locks reach from node to node"
    fi' probe "$lock"
