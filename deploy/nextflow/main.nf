// A sweep by Nextflow: nextflow run deploy/nextflow/main.nf --plan sweep.json --out sweep
// Not checked: Nextflow can't be installed where this project is built. The leocvae commands are those of deploy/Snakefile, which is.
// Nextflow keeps what is done itself (-resume); the plan's tables are found beside the plan, by its absolute path.
params.plan = 'sweep.json'
params.out = 'sweep'

process plan {
    input: val plan
    output: path 'tasks.json'
    script: "leocvae sweep $plan --list --json > tasks.json"
}

process task {
    errorStrategy 'retry'
    maxRetries 2
    cpus 1
    memory '2 GB'
    input: tuple val(plan), val(number)
    output: path 'parts/*.json'
    script: "leocvae sweep $plan --task $number --out parts --threads $task.cpus"
}

process merge {
    publishDir params.out, mode: 'copy'
    input:
    val plan
    path 'parts/*'
    output: path 'results'
    script: "leocvae sweep $plan --collect parts --out results"
}

workflow {
    file_of_plan = file(params.plan, checkIfExists: true).toAbsolutePath().toString()
    numbers = plan(file_of_plan).splitJson(path: 'list').map { entry -> tuple(file_of_plan, entry.task) }
    merge(file_of_plan, task(numbers).collect())
}
