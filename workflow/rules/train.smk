# A batch of runs is a job. It is declared by its summary alone, so that an interrupted batch finds its run folders and
# goes on. mlp-train does only what its config or its data makes necessary.
rule train:
    input:
        list=OUT / "batches" / "{batch}.txt",
        configs=lambda wildcards: BATCHES[wildcards.batch],
        data=lambda wildcards: data_of(BATCHES[wildcards.batch]),
    output: OUT / "summaries" / "{batch}.jsonl"
    log: OUT / "logs" / "train" / "{batch}.log"
    params:
        train=command("mlp-train"), attempt=ATTEMPT, runs=OUT / "runs", options=TRAINING and TRAINING["options"],
    threads: TRAINING["threads"] if TRAINING else 1
    resources: runtime=MINUTES["train"]
    shell: """
        bash {params.attempt:q} 1 {log:q} {params.train:q} --configs-from {input.list:q} --out {params.runs:q} \
            --summary {output:q} --keep-going --renew --wait-seconds 120 --jobs {threads} {params.options}
        """
