"""From the start of a process to its end: CPU time (user and system) of programs that do little, medians of interleaved runs.

Usage: tools/aot-smoke.sh && python3 tools/bench/startup.py [--runs 30] [--also NAME=COMMAND ...]"""
import argparse
import os
import resource
import shlex
import statistics
import subprocess

from machine import cpu_name

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SMOKE = os.path.join(ROOT, "artifacts", "aot")


def cpu_milliseconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--also", action="append", default=[], metavar="NAME=COMMAND")
    options = parser.parse_args()
    programs = {name: [os.path.join(SMOKE, flavor, "LeoCvae.AotSmoke")]
                for name, flavor in (("Native AOT, managed", "managed"), ("Native AOT, ONNX Runtime", "onnx"))
                if os.path.exists(os.path.join(SMOKE, flavor))}
    for also in options.also:
        name, command = also.split("=", 1)
        programs[name] = shlex.split(command)
    times = {name: [] for name in programs}
    for _ in range(options.runs + 1):
        for name, command in programs.items():
            times[name].append(cpu_milliseconds(command))
    print(f"{cpu_name()}; {options.runs} interleaved runs after one that isn't counted\n")
    print("| program | median CPU ms | least | most |\n|---|---|---|---|")
    for name, all_times in times.items():
        counted = all_times[1:]
        print(f"| {name} | {statistics.median(counted):.1f} | {min(counted):.1f} | {max(counted):.1f} |")


main()
