"""Training beside the authors' own code; see ../README.md. Usage: run.py AUTHORS [--rounds 3] [--table FILE.csv] [--out FILE]

AUTHORS is a checkout of github.com/Amirhossein-Zare/LEO-CVAE."""
import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))
from machine import cpu_name, results_folder  # noqa: E402

BENCH = ROOT / "tools/bench/bin/Release/net10.0/LeoCvae.Bench.dll"
TOOL = ROOT / "tools/leocvae/bin/Release/net10.0/leocvae.dll"
# rows that are trained on, features, hidden, latent, batch; epochs of ours and of theirs
SHAPES = {"small": (1000, 64, 64, 16, 32, 400, 20), "wide": (5000, 2000, 512, 16, 128, 6, 2)}
EPOCHS = 500  # the paper preset's own number; patience as large on both sides, so that both run them all
WIDEST = 1000, 20000  # rows, columns


def environment(threads):
    return {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}


def line(threads, *command):
    result = subprocess.run([str(part) for part in command], env=environment(threads), stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(result.stdout.strip().splitlines()[-1])


def wall(*command):
    start = time.perf_counter()
    subprocess.run([str(part) for part in command], env=environment(2), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def peak(*command):
    """Megabytes."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:3]} failed")
    return usage.ru_maxrss / 1e3


def write_table(path, rows, columns):
    with open(path, "w") as file:
        file.write(",".join([*(f"x{j}" for j in range(columns)), "label"]) + "\n")
        for i, row in enumerate(np.random.default_rng(2).normal(size=(rows, columns))):
            file.write(",".join([*(f"{value:.4f}" for value in row), "a" if i % 4 == 0 else "b"]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("authors")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table", default=str(ROOT / "tools/leocvae/Demo/breast-cancer.csv"), help="for the whole command; label last")
    parser.add_argument("--out")
    options = parser.parse_args()
    for project in "tools/bench", "tools/leocvae":
        subprocess.run(["dotnet", "build", "-c", "Release", "-v", "quiet", ROOT / project], check=True, stdout=subprocess.DEVNULL)
    authors = [sys.executable, HERE / "authors.py", options.authors]
    load, runs = os.getloadavg()[0], {}

    def keep(key, value):
        runs.setdefault(key, []).append(value)
        print(key, value, file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, (rows, d, *_) in SHAPES.items():
            with open(folder / name, "wb") as file:
                np.array([rows * 5 // 4, d], np.int32).tofile(file)
                np.random.default_rng(1).normal(size=(rows * 5 // 4, d)).astype(np.float32).tofile(file)
        write_table(folder / "widest.csv", *WIDEST)
        widest = {hidden: peak("dotnet", TOOL, "train", folder / "widest.csv", "--model", folder / f"widest-{hidden}", "--epochs", 3, "--hidden", hidden) for hidden in (64, 512)}
        for _ in range(options.rounds):
            for name, (_, _, hidden, latent, batch, own, theirs) in SHAPES.items():
                for threads in 1, 2:
                    keep((name, "ours", threads), line(threads, "dotnet", BENCH, "train", folder / name, hidden, latent, batch, own, threads))
                    keep((name, "authors", threads), line(threads, *authors, "epochs", folder / name, hidden, latent, batch, theirs, threads))
            keep("ours", wall("dotnet", TOOL, "oversample", options.table, "--preset", "paper", "--epochs", EPOCHS, "--patience", EPOCHS, "--out", folder / "ours.csv", "--overwrite"))
            keep("authors", wall(*authors, "oversample", options.table, folder / "authors.csv", EPOCHS))

    median = lambda key, field: statistics.median(run[field] for run in runs[key])
    text = [f"# Training", "", f"{datetime.date.today()}, {cpu_name()}, {os.cpu_count()} cores, load average {load:.2f} at the start, {options.rounds} interleaved rounds, medians.",
            f".NET {runs['small', 'ours', 1][0]['dotnet']}; PyTorch {runs['small', 'authors', 1][0]['torch']}, the authors' own training loop.", "",
            "| shape | threads | ours, ms an epoch | authors, ms an epoch | times as fast | ours, peak MB | authors, peak MB | share |", "|---|---|---|---|---|---|---|---|"]
    for name in SHAPES:
        for threads in 1, 2:
            own, theirs = (name, "ours", threads), (name, "authors", threads)
            text.append(f"| {name} | {threads} | {1e3 * median(own, 'seconds'):.2f} | {1e3 * median(theirs, 'seconds'):.1f} | {median(theirs, 'seconds') / median(own, 'seconds'):.1f} | "
                        f"{median(own, 'peak_mb'):.0f} | {median(theirs, 'peak_mb'):.0f} | {median(own, 'peak_mb') / median(theirs, 'peak_mb'):.2f} |")
    best = lambda name: min(median((name, "authors", threads), "seconds") for threads in (1, 2))
    text += ["", "Against the authors' best of one and two threads: " + ", ".join(f"{name} {best(name) / median((name, 'ours', threads), 'seconds'):.1f} on {threads}" for name in SHAPES for threads in (1, 2)) + ".",
             "small: d 64, h 64, L 16, batch 32, 1000 rows; wide: d 2000, h 512, L 16, batch 128, 5000 rows; a quarter as many more rows for validation.", "",
             f"Whole command, {Path(options.table).name}, {EPOCHS} epochs, process start to file written: ours {statistics.median(runs['ours']):.2f} s, authors {statistics.median(runs['authors']):.2f} s, "
             f"{statistics.median(runs['authors']) / statistics.median(runs['ours']):.1f} times as fast.",
             "", f"Peak memory of `leocvae train` on {WIDEST[0]} rows of {WIDEST[1]} columns: " + ", ".join(f"{megabytes:.0f} MB with h {hidden}" for hidden, megabytes in widest.items()) + "."]
    out = Path(options.out) if options.out else results_folder() / "training.md"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(text) + "\n")
    print("\n".join(text))


if __name__ == "__main__":
    main()
