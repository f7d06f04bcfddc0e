# The summaries of all batches in one file, and the report. Without allow_missing the job fails if a run is missing: the
# report is there and names the gaps, and the exit code of Snakemake says that they are.
rule report:
    input:
        summaries=expand(OUT / "summaries" / "{batch}.jsonl", batch=sorted(BATCHES)), configs=OUT / "configs.txt",
    output: runs=OUT / "runs.jsonl", report=OUT / "report.json"
    log: OUT / "logs" / "report.log"
    params:
        report=command("mlp-report"), attempt=ATTEMPT, runs=OUT / "runs", out=OUT / "report",
        worst=1 if config["allow_missing"] else 0,
    # Another try finds the same gaps; faults from outside are tried again by attempt.sh.
    retries: 0
    resources: runtime=MINUTES["report"]
    shell: """
        LC_ALL=C sort {input.summaries:q} > {output.runs:q}
        bash {params.attempt:q} {params.worst} {log:q} {params.report:q} {params.runs:q} --out {params.out:q} \
            --configs-from {input.configs:q} --allow-missing --json > {output.report:q}
        """
