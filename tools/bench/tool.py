"""The command line compiled by Native AOT beside the one for the JIT compiler: CPU time (user and system) and time of whole processes,
medians of interleaved runs, each in a folder of its own.

Usage: python3 tools/bench/tool.py --aot LEOCVAE --jit LEOCVAE [--runs 11] [--table FILE.csv TARGET]
A LEOCVAE is an executable or a leocvae.dll: of the packages that tools/pack-test.sh leaves in artifacts/packages, say."""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

from machine import cpu_name

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CANCER = os.path.join(ROOT, "tools", "leocvae", "Demo", "breast-cancer.csv")
MODEL = os.path.join(ROOT, "models", "breast-cancer")


def run(command):
    with tempfile.TemporaryDirectory() as folder:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aot", required=True)
    parser.add_argument("--jit", required=True)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--table", nargs=2, metavar=("FILE", "TARGET"))
    options = parser.parse_args()
    tasks = {
        "`--help`": ["--help"],
        "`generate` of 1,000 rows": ["generate", MODEL, "--count", "1000", "--out", "rows.csv"],
        "`generate --shard 3/100`, ten rows of it": ["generate", MODEL, "--count", "1000", "--shard", "3/100", "--out", "parts/rows.csv"],
        "`oversample` of 569 rows of 30 columns, with a fit": ["oversample", CANCER, "--target", "diagnosis", "--out", "rows.csv"],
    }
    if options.table:
        file, target = os.path.abspath(options.table[0]), options.table[1]
        with open(file, encoding="utf-8") as table:
            columns, rows = len(next(table).split(",")) - 1, sum(1 for line in table)
        tasks[f"`oversample` of {rows:,} rows of {columns} columns, with a fit"] = ["oversample", file, "--target", target, "--out", "rows.csv"]
    tools = [["dotnet", tool] if tool.endswith(".dll") else [tool] for tool in
             (shutil.which(tool) or os.path.abspath(tool) for tool in (options.aot, options.jit))]
    print(f"{cpu_name()}; medians of {options.runs} interleaved runs after one that isn't counted, CPU seconds (seconds by the clock)\n")
    print("| task | Native AOT | JIT compiler | CPU times as much, of the same round, median |\n|---|---|---|---|")
    for name, task in tasks.items():
        runs = [[run([*tool, *task]) for tool in tools] for _ in range(options.runs + 1)][1:]
        cells = [f"{statistics.median(pair[side][0] for pair in runs):.3f} ({statistics.median(pair[side][1] for pair in runs):.3f})"
                 for side in (0, 1)]
        ratio = statistics.median(jit[0] / max(aot[0], .001) for aot, jit in runs)
        print(f"| {name} | {cells[0]} | {cells[1]} | {ratio:.1f} |", flush=True)


main()
