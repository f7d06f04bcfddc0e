"""One program of the comparison in its own process: reads a case name from each line, answers with a line of JSON.

    worker.py PROGRAM THREADS [PROCESSOR,..]

The process is bound to the processors before any library is loaded, because many libraries count them when they load.
"""
import json
import os
import sys

name, threads, processors = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {int(processor) for processor in processors})
# Libraries may print: standard output becomes standard error, and only the answers use the real standard output.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import peers  # noqa: E402
from cases import CASES  # noqa: E402

peer = peers.make(name, threads)
for line in sys.stdin:
    case = CASES[json.loads(line)]
    answer = peer.predict(case) if hasattr(case, "calls") else peer.train(case)
    answer["versions"] = peer.versions()
    if "numpy" in sys.modules and name.startswith(("NumPy", "scikit")):
        import threadpoolctl

        blas = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
        names = [f"{pool['internal_api']} {pool['version']}, kernel {pool.get('architecture')}" for pool in blas]
        answer["versions"] |= {f"BLAS of {name}": ", ".join(names)}
    print(json.dumps(answer), file=answers, flush=True)
