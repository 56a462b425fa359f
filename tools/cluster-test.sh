#!/usr/bin/env bash
# Starts a Slurm of this one machine from Debian's packages and runs deploy/ on it: 16 tasks of a sweep, 16 parts of a generated table and
# 16 of its scores, killed while they write, put back into the queue, cut off, changed, and out of disk. In the end the bytes are those of one process, and a
# second run does nothing. Then the Snakefile, here and on Slurm, and the arguments of the Kubernetes jobs. Needs root and a built tool.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

missing=()
command -v slurmctld >/dev/null && command -v slurmd >/dev/null || missing+=(slurm-wlm)
command -v munged >/dev/null || missing+=(munge)
command -v snakemake >/dev/null || missing+=(snakemake)
[ "$(id -u)" = 0 ] || { echo 'NOT RUN: a Slurm of this machine takes root'; exit 0; }
if [ ${#missing[@]} -gt 0 ]; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 \
        || { echo "NOT RUN: could not install ${missing[*]}"; exit 0; }
fi

here=$(mktemp -d)
chmod 755 "$here"
disk=
stop() {
    for name in slurmd slurmctld munged; do
        [ ! -s "$here/$name.pid" ] || kill "$(cat "$here/$name.pid")" 2>/dev/null || true
    done
    [ -z "$disk" ] || umount -l "$disk" || true
    sleep 1
    rm -rf "$here"
}
trap stop EXIT
fail() { echo "FAILED: $1"; tail -5 "$here"/work/*.log "$here"/slurm*.log 2>/dev/null | tail -60; exit 1; }
said() { printf '   %s\n' "$1"; }

# One machine that has four cores, for Slurm: tasks take turns. State and sockets are in a folder that goes.
host=$(hostname -s)
mkdir "$here/munge" "$here/state" "$here/spool" "$here/work"
head -c 1024 /dev/urandom > "$here/munge/key"
chown -R munge: "$here/munge"
chmod 400 "$here/munge/key"
cat > "$here/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$here/munge/socket
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.pid
SlurmctldLogFile=$here/slurmctld.log
SlurmdLogFile=$here/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
CONF
export SLURM_CONF=$here/slurm.conf
setpriv --reuid munge --regid munge --init-groups munged --force --key-file "$here/munge/key" --socket "$here/munge/socket" \
    --pid-file "$here/munge/pid" --log-file "$here/munge/log" --seed-file "$here/munge/seed"
ln -s munge/pid "$here/munged.pid"
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
for _ in $(seq 100); do ! sinfo -h -o %T 2>/dev/null | grep -q idle || break; sleep 0.2; done
sinfo -h -o %T | grep -q idle || fail 'Slurm did not start'

export LEOCVAE=$root/tools/leocvae/bin/Release/net10.0/leocvae DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
cd "$here/work"
cp "$root/tools/leocvae/Demo/loans.csv" .
cp -r "$root/models/breast-cancer" model
cat > sweep.json <<'PLAN'
{
  "defaults": {"methods": ["none", "smote"], "classifiers": ["logreg"], "folds": 2, "repeats": 2},
  "runs": [{"data": "loans.csv", "target": "outcome", "seeds": [1, 2]}]
}
PLAN
rows=(--count 2000000)

echo 'one process'
mkdir one
for seed in 1 2; do
    "$LEOCVAE" evaluate loans.csv --target outcome --methods none,smote --classifiers logreg --folds 2 --repeats 2 --seed $seed --quiet \
        --results one/loans-seed-$seed.json --report one/loans-seed-$seed.html
done
"$LEOCVAE" generate model "${rows[@]}" --out one.csv --quiet
"$LEOCVAE" generate model --count 20000 --seed 1 --out known.csv --quiet
"$LEOCVAE" index known.csv --target diagnosis --out reference.knn --quiet
"$LEOCVAE" generate model --count 600000 --seed 2 --out scored.csv --quiet
"$LEOCVAE" score scored.csv --index reference.knn --out one-scores.csv --quiet

submit() { sbatch --parsable --array="$1" --mem=1G "${@:2}"; }
sweep=("$root/deploy/slurm/sweep.sbatch" sweep.json)
generate=("$root/deploy/slurm/generate.sbatch" 16 model)
score=("$root/deploy/slurm/score.sbatch" 16 scored.csv scores/scores.csv --index reference.knn)
# Slurm lets what was put back wait for a minute or two.
hurry() {
    squeue -h -t PD -o '%r %i' | sed -n 's/^BeginTime //p' | while read -r id; do
        scontrol update "JobId=$id" StartTime=now 2>/dev/null || true
    done
}
finish() {
    for _ in $(seq 600); do [ -n "$(squeue -h)" ] || return 0; hurry; sleep 0.5; done
    squeue
    fail 'tasks are left in the queue after five minutes'
}
same() {
    rm -rf joined.csv results
    "$LEOCVAE" sweep sweep.json --collect parts --out results --quiet || fail "$1: the sweep can't be collected"
    diff -r one results || fail "$1: the sweep's results are other ones"
    "$LEOCVAE" verify rows --quiet || fail "$1: parts of the table are not whole"
    "$LEOCVAE" concat rows --out joined.csv --quiet
    cmp one.csv joined.csv || fail "$1: the joined table is another one"
    rm joined.csv
    "$LEOCVAE" verify scores --quiet || fail "$1: parts of the scores are not whole"
    "$LEOCVAE" concat scores --out joined.csv --quiet
    cmp one-scores.csv joined.csv || fail "$1: the joined scores are other ones"
    said "$1: the bytes of one process"
}

echo '16 tasks and twice 16 parts, killed while they write and put back into the queue'
submit 0-15 "${score[@]}" >/dev/null
submit 0-15 "${generate[@]}" rows/rows.csv "${rows[@]}" >/dev/null
submit 0-15 "${sweep[@]}" parts >/dev/null
kills=0 requeues=0
while [ -n "$(squeue -h)" ]; do
    # Whoever has an unfinished file open is killed, at first; others are put back, at random.
    writer=$(find /proc/[0-9]*/fd -lname "$here/work/*.leocvae-*.tmp" 2>/dev/null | head -1 | cut -d/ -f3 || true)
    if [ -n "$writer" ] && [ $kills -lt 8 ]; then
        ! kill -9 "$writer" 2>/dev/null || kills=$((kills + 1))
    elif [ $requeues -lt 6 ]; then
        running=$(squeue -h -t R -o %i | shuf -n 1)
        [ -z "$running" ] || ! scontrol requeue "$running" 2>/dev/null || requeues=$((requeues + 1))
    fi
    hurry
    sleep 0.2
done
[ $kills -ge 4 ] && [ $requeues -ge 4 ] || fail "only $kills tasks were killed while they wrote, $requeues put back"
said "$kills killed while they wrote, $requeues put back"
# What was killed more often than its script tries again.
submit 0-15 "${score[@]}" >/dev/null
submit 0-15 "${generate[@]}" rows/rows.csv "${rows[@]}" >/dev/null
submit 0-15 "${sweep[@]}" parts >/dev/null
finish
same 'after kills and requeues'
[ -z "$(find rows scores parts -name '*.tmp')" ] || fail 'temporary files are left'

echo 'parts that are cut off or changed'
truncate -s -100 parts/task-000003.json
sed -i 's/0\./1./' parts/task-000007.json
truncate -s 0 parts/task-000008.json
truncate -s -1000 rows/rows-00005-of-00016.csv
truncate -s -1 scores/scores-00004-of-00016.csv
! "$LEOCVAE" sweep sweep.json --collect parts --out results 2> told || fail 'damaged tasks were collected'
grep -q 'not done: 3,7-8 (damaged: 3,7-8)' told || fail "damaged tasks are not named: $(cat told)"
! "$LEOCVAE" verify rows --quiet 2> told || fail 'a damaged part was verified'
grep -q 'part 5' told || fail "the damaged part is not named: $(cat told)"
! "$LEOCVAE" verify scores --quiet 2> told || fail 'a damaged part of the scores was verified'
submit 3,7-8 "${sweep[@]}" parts >/dev/null
submit 5 "${generate[@]}" rows/rows.csv "${rows[@]}" >/dev/null
submit 4 "${score[@]}" >/dev/null
finish
same 'after damage'

echo 'a disk that is full'
disk=$here/work/small
mkdir small
mount -t tmpfs -o size=200k none small
submit 0-15 --output=%x-%A_%a.log "${sweep[@]}" small/parts >/dev/null
submit 0-3 --output=%x-%A_%a.log "${generate[@]}" small/rows/rows.csv "${rows[@]}" >/dev/null
finish
! "$LEOCVAE" sweep sweep.json --collect small/parts --out results 2> told || fail 'a sweep without all tasks was collected'
grep -q 'no space left on device' ./leocvae-*.log || fail 'the full disk is not told'
left=$(sed 's/.*not done: \([0-9,-]*\).*/\1/' told)
mount -o remount,size=500m small
submit "$left" "${sweep[@]}" small/parts >/dev/null
submit 0-15 "${generate[@]}" small/rows/rows.csv "${rows[@]}" >/dev/null
finish
diff -r parts small/parts || fail 'tasks that found a full disk are other ones'
diff -r rows small/rows || fail 'parts that found a full disk are other ones'
said "tasks $left had no room; done again, the same bytes"
umount small
disk=

echo 'a second run'
find parts rows scores -type f -exec touch -d '1 hour ago' {} +
touch -d '1 minute ago' before
rm -f ./*.log
submit 0-15 "${sweep[@]}" parts >/dev/null
submit 0-15 "${generate[@]}" rows/rows.csv "${rows[@]}" >/dev/null
submit 0-15 "${score[@]}" >/dev/null
finish
[ -z "$(find parts rows scores -type f -newer before)" ] || fail 'the second run wrote files'
[ "$(cat ./leocvae-*.log | grep -c 'nothing to do: ')" = 48 ] || fail 'the second run did something'
said 'nothing to do, 48 times'

echo 'the Snakefile, on this machine and on Slurm'
snake() { snakemake -s "$root/deploy/Snakefile" --config plan=sweep.json out="$1" leocvae="$LEOCVAE" --quiet "${@:2}" >snake.log 2>&1; }
snake laptop -j 2 || { cat snake.log; fail 'the Snakefile, here'; }
diff -r -x .snakemake_timestamp one laptop/results || fail 'the Snakefile, here, gave other results'
# Snakemake 7's --slurm asks Slurm's accounting, which takes a database, and waits 40 s for each task: sbatch itself submits the same file.
snake slurm -j 8 --cluster 'sbatch --parsable --mem={resources.mem_mb}M --cpus-per-task={threads}' --cluster-cancel scancel --latency-wait 10 \
    || { cat snake.log; fail 'the Snakefile, on Slurm'; }
diff -r -x .snakemake_timestamp one slurm/results || fail 'the Snakefile, on Slurm, gave other results'
snake laptop -j 2
grep -q 'Nothing to be done' snake.log || [ ! -s snake.log ] || { cat snake.log; fail 'the Snakefile, again, did something'; }
said 'the bytes of one process'

echo 'the arguments of the Kubernetes jobs'
mkdir pod
cp -r sweep.json loans.csv model pod
cd pod
for job in generate sweep sweep-collect; do
    /usr/bin/python3 - "$root/deploy/kubernetes/$job.yaml" > arguments <<'PY'
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))["spec"]
print(job.get("completions", 0))
print("\n".join(job["template"]["spec"]["containers"][0]["args"]))
PY
    mapfile -t line < arguments
    # The example's sweep has more tasks than this one.
    tasks=$((line[0] > 16 ? 16 : line[0]))
    for ((index = 0; index < (tasks > 0 ? tasks : 1); index++)); do
        JOB_COMPLETION_INDEX=$index "$LEOCVAE" "${line[@]:1}" --quiet
    done
done
diff -r ../one results
"$LEOCVAE" verify parts --quiet
cd ..
said 'the bytes of one process'
echo 'cluster: passed'
