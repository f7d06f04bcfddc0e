# Sourced: a Slurm cluster of two nodes on this machine. The controller runs in the network of the machine, each node in
# a network namespace with a host name of its own. Needs root and Debian's slurmctld, slurmd, slurm-client and munge.
#
# cluster_up DIR, cluster_down, node_up NODE, node_kill NODE, controller_restart. DIR holds configuration, logs, state.
NODES=(n1 n2)

cluster_allowed() {
    ip netns add digits-probe 2> /dev/null && ip netns del digits-probe && unshare --uts true 2> /dev/null
}

cluster_up() {
    SLURM_DIR=$1
    mkdir -p "$SLURM_DIR"/{state,spool.n1,spool.n2}
    slurm_conf > "$SLURM_DIR/slurm.conf"
    printf '%s\n' CgroupPlugin=cgroup/v1 CgroupAutomount=no ConstrainCores=no ConstrainRAMSpace=no \
        > "$SLURM_DIR/cgroup.conf"
    # The place where Slurm looks: Snakemake's plugin takes SLURM_CONF out of the environment of its jobs.
    mkdir -p /etc/slurm
    ln -sfn "$SLURM_DIR/slurm.conf" /etc/slurm/slurm.conf
    ln -sfn "$SLURM_DIR/cgroup.conf" /etc/slurm/cgroup.conf
    ip link add digits-br type bridge
    ip addr add 10.91.0.1/24 dev digits-br
    ip link set digits-br up
    local i node
    for i in 1 2; do
        node=n$i
        ip netns add "digits-$node"
        ip link add "dv$i" type veth peer name eth0 netns "digits-$node"
        ip link set "dv$i" master digits-br up
        ip -n "digits-$node" addr add "10.91.0.1$i/24" dev eth0
        ip -n "digits-$node" link set eth0 up
        ip -n "digits-$node" link set lo up
    done
    (umask 077; head -c 1024 /dev/urandom > "$SLURM_DIR/munge.key")
    munge_up munge
    controller_up
    for node in "${NODES[@]}"; do
        node_up "$node"
    done
    nodes_idle 2
}

# munge_up NAME [COMMAND...]: a daemon with the socket DIR/NAME.sock, started through COMMAND.
munge_up() {
    local at=$SLURM_DIR/$1
    shift
    "$@" /usr/sbin/munged --force --key-file="$SLURM_DIR/munge.key" --socket="$at.sock" --pid-file="$at.pid" \
        --log-file="$at.log" --seed-file="$at.seed"
}

controller_up() {
    unshare --uts bash -c 'hostname ctl; exec /usr/sbin/slurmctld -D' > "$SLURM_DIR/ctl.out" 2>&1 &
    echo $! > "$SLURM_DIR/ctl.pid"
    disown
}

controller_restart() {
    kill -9 "$(cat "$SLURM_DIR/ctl.pid")"
    sleep 3
    controller_up
}

# node_up NODE [COMMAND...]: the daemon of a node, started through COMMAND, such as one that changes its clock. The file
# DIR/NODE.mount, if there is one, is sourced in the node's own mount namespace first. `ip netns exec` would hide the
# control groups that the daemon looks for.
node_up() {
    local node=$1
    shift
    nsenter --net="/run/netns/digits-$node" unshare --uts --mount bash -c '
        hostname "$1"
        [ ! -f "$2/$1.mount" ] || . "$2/$1.mount"
        exec "${@:3}" /usr/sbin/slurmd -D -N "$1" -f "${NODE_CONF:-$2/slurm.conf}"' \
        node "$node" "$SLURM_DIR" "$@" > "$SLURM_DIR/$node.out" 2>&1 &
    echo $! > "$SLURM_DIR/$node.pid"
    disown
}

# Everything that runs on a node dies at once, as if its power were cut.
node_kill() {
    local pids
    pids=$(ip netns pids "digits-$1" 2> /dev/null)
    [ -z "$pids" ] || kill -9 $pids
}

nodes_idle() {
    local i
    for i in $(seq 150); do
        [ "$(sinfo --noheader --states=idle --format=%D 2> /dev/null)" = "$1" ] && return 0
        sleep 0.2
    done
    return 1
}

# Ends only what was started here.
cluster_down() {
    local node i
    local pid
    [ ! -e "$SLURM_DIR/slurm.conf" ] || timeout 5 scancel --user="$(id -un)" 2> /dev/null
    for node in "${NODES[@]}"; do
        node_kill "$node"
    done
    for i in ctl munge munge-n2; do
        # A number that an earlier test left may be another process by now.
        pid=$(cat "$SLURM_DIR/$i.pid" 2> /dev/null)
        case $(cat "/proc/${pid:-0}/comm" 2> /dev/null) in slurmctld | munged) kill -9 "$pid" ;; esac
    done
    for i in 1 2; do
        ip netns del "digits-n$i" 2> /dev/null
        ip link del "dv$i" 2> /dev/null
    done
    ip link del digits-br 2> /dev/null
    rm -f /etc/slurm/slurm.conf /etc/slurm/cgroup.conf
    rm -rf "$SLURM_DIR"
    return 0
}

# A credential lives 5 seconds, as a job that is queued again waits for its credential to end; a silent node counts as
# dead after 6. Real clusters have larger values.
slurm_conf() {
    cat << END
ClusterName=digits
SlurmctldHost=ctl(10.91.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$SLURM_DIR/munge.sock,cred_expire=5
StateSaveLocation=$SLURM_DIR/state
SlurmdSpoolDir=$SLURM_DIR/spool.%n
SlurmctldPidFile=$SLURM_DIR/slurmctld.pid
SlurmdPidFile=$SLURM_DIR/slurmd.%n.pid
SlurmctldLogFile=$SLURM_DIR/slurmctld.log
SlurmdLogFile=$SLURM_DIR/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=6
SlurmctldTimeout=10
KillWait=5
MinJobAge=600
JobRequeue=1
SchedulerParameters=sched_interval=1,batch_sched_delay=1,sched_min_interval=100000
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=n1 NodeAddr=10.91.0.11 NodeHostname=n1 CPUs=1 RealMemory=4000
NodeName=n2 NodeAddr=10.91.0.12 NodeHostname=n2 CPUs=1 RealMemory=4000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=60:00 State=UP
END
}
