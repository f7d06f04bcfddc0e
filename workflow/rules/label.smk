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
        bash {params.attempt:q} 1 {log:q} {params.labeler:q} {params.source:q} {params.labelled:q} --shard {params.shard} \
            --labels {params.labels:q} {params.options} --jobs {threads}
        bash {params.attempt:q} 1 {log:q} {params.csv:q} {params.labelled:q} {params.data:q} {params.mixed} --json > {output:q}
        """

rule merge:
    input: expand(OUT / "shards" / "{shard}.json", shard=SHARDS)
    output: OUT / "data.json"
    log: OUT / "logs" / "merge.log"
    params:
        csv=command("digit-csv"), attempt=ATTEMPT, out=PICTURES and PICTURES["data"],
        shards=[OUT / "csv" / str(shard) for shard in SHARDS],
    resources: runtime=MINUTES["merge"]
    shell: "bash {params.attempt:q} 1 {log:q} {params.csv:q} merge {params.shards:q} {params.out:q} --json > {output:q}"
