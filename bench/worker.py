"""One program of the comparison in a process of its own: reads a request a line, answers a line of JSON.

    worker.py PROGRAM THREADS [PROCESSOR,..]

The process is bound to the processors named before any library is loaded, since many count them then.
"""
import json
import os
import sys

name, threads, processors = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {int(processor) for processor in processors})
# Libraries print as they like; the answers keep the real standard output to themselves.
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
        answer["versions"] |= {f"BLAS of {name}": ", ".join(f"{p['internal_api']} {p['version']}, kernel {p.get('architecture')}" for p in blas)}
    print(json.dumps(answer), file=answers, flush=True)
