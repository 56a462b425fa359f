"""From the start of a process to its end: CPU time (user and system) of programs that do little, medians of interleaved runs.

Beside them Python does as much with PyTorch, where it is installed: import, load a decoder of the same size, draw 40 rows, print one.

Usage: tools/aot-smoke.sh && /usr/bin/python3 tools/bench/startup.py [--runs 30] [--also NAME=COMMAND ...]"""
import argparse
import importlib.util
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

from machine import cpu_name

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SMOKE = os.path.join(ROOT, "artifacts", "aot")

PYTHON = """
import sys
import torch
from torch import nn
torch.set_num_threads(1)
latent, hidden, columns = 16, 64, 30
decoder = nn.Sequential(nn.Linear(latent + 2, hidden), nn.LeakyReLU(), nn.Linear(hidden, hidden), nn.LeakyReLU(), nn.Linear(hidden, columns))
if len(sys.argv) > 2:
    torch.save(decoder.state_dict(), sys.argv[1])
    sys.exit()
decoder.load_state_dict(torch.load(sys.argv[1]))
decoder.eval()
with torch.no_grad():
    classes = nn.functional.one_hot(torch.arange(40) % 2, 2).float()
    rows = decoder(torch.cat([torch.randn(40, latent), classes], 1))
print(rows[0].tolist())
"""


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
    with tempfile.TemporaryDirectory() as folder:
        if importlib.util.find_spec("torch"):
            weights = os.path.join(folder, "decoder.pt")
            programs["Python, PyTorch"] = [sys.executable, "-c", PYTHON, weights]
            subprocess.run([*programs["Python, PyTorch"], "save"], check=True)
        measure(programs, options.runs)


def measure(programs, runs):
    times = {name: [] for name in programs}
    for _ in range(runs + 1):
        for name, command in programs.items():
            times[name].append(cpu_milliseconds(command))
    print(f"{cpu_name()}; {runs} interleaved runs after one that isn't counted\n")
    print("| program | median CPU ms | least | most | Python takes, of the same round, median |\n|---|---|---|---|---|")
    python = times.get("Python, PyTorch", [0] * (runs + 1))
    for name, all_times in times.items():
        counted = all_times[1:]
        ratio = statistics.median(slow / own for slow, own in zip(python[1:], counted))
        print(f"| {name} | {statistics.median(counted):.1f} | {min(counted):.1f} | {max(counted):.1f} | {ratio:.1f} times |")


main()
