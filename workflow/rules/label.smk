# Source pictures to a data set, in shards. The folders of the stages are not declared as outputs: Snakemake removes
# declared outputs before a job, and a second run of a shard is to do only what has changed.
rule label:
    input: lambda wildcards: OUT / "lists" / f"{wildcards.shard}-of-{PICTURES['shards']}.tsv"
    output: OUT / "shards" / "{shard}.json"
    log: OUT / "logs" / "label" / "{shard}.log"
    params:
        labeler=command("digit-labeler"), csv=command("digit-csv"), attempt=ATTEMPT,
        source=PICTURES and PICTURES["source"], labels=PICTURES and PICTURES["labels"],
        shard=lambda wildcards: f"{wildcards.shard}/{PICTURES['shards']}",
        options=PICTURES and PICTURES["options"], mixed="--mixed" if PICTURES and PICTURES["mixed"] else "",
        labelled=lambda wildcards: OUT / "labelled" / wildcards.shard,
        data=lambda wildcards: OUT / "csv" / wildcards.shard,
    resources: runtime=MINUTES["label"]
    shell: """
        bash {params.attempt} 1 {log} {params.labeler} {params.source} {params.labelled} --shard {params.shard} \
            --labels {params.labels} {params.options} --jobs {threads}
        bash {params.attempt} 1 {log} {params.csv} {params.labelled} {params.data} {params.mixed} --json > {output}
        """

rule merge:
    input: expand(OUT / "shards" / "{shard}.json", shard=SHARDS)
    output: OUT / "data.json"
    log: OUT / "logs" / "merge.log"
    params:
        csv=command("digit-csv"), attempt=ATTEMPT, out=PICTURES and PICTURES["data"],
        shards=[OUT / "csv" / str(shard) for shard in SHARDS],
    resources: runtime=MINUTES["merge"]
    shell: "bash {params.attempt} 1 {log} {params.csv} merge {params.shards} {params.out} --json > {output}"
