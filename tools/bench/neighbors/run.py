"""Side-by-side benches of the neighbor searches; see ../README.md. Usage: run.py [--quick] [--rounds 3] [--out FILE]"""
import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from machine import cpu_name, results_folder  # noqa: E402
K, SAMPLE, QUERIES, REFERENCE_EF = 15, 500, 5000, 40
# New rows are compared by single efforts, which takes a finer measure.
NEW_SAMPLE, AT_A_TIME = 2500, 50
EFFORTS = [24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 80]
# About the standard error of a recall on 500 rows.
SAME = 0.0005
# Above it wall times of several threads say nothing.
IDLE_LOAD = 0.7

try:
    import numpy as np
except ImportError:
    sys.exit('numpy is missing: apt-get install python3-numpy, and run with /usr/bin/python3')


def mixture(n, d):
    """Rows of 20 Gaussian clusters near a curved surface of 10 dimensions, in d dimensions."""
    rng = np.random.default_rng([42, n, d])
    latent, clusters = 10, 20
    centers = rng.normal(size=(clusters, latent)) * 1.5
    scales = rng.uniform(0.3, 1.2, size=(clusters, latent))
    cluster = rng.choice(clusters, size=n, p=rng.dirichlet(np.full(clusters, 3.0)))
    z = (centers[cluster] + rng.normal(size=(n, latent)) * scales[cluster]).astype(np.float32)
    a, b = (rng.normal(size=(2, latent, d)) / 3).astype(np.float32)
    return z @ a + 0.3 * np.sin(1.5 * z) @ b + np.float32(0.2) * rng.normal(size=(n, d)).astype(np.float32)


class Data:
    """Rows and new rows in files, and the exact neighbors of some of both."""

    def __init__(self, folder, n, d):
        self.name = f'{n // 1000}k x {d}'
        x = mixture(n + QUERIES, d)
        self.rows, self.queries = x[:n], x[n:]
        self.path, self.queries_path = folder / f'{n}x{d}.f32', folder / f'{n}x{d}.queries.f32'
        for path, part in (self.path, self.rows), (self.queries_path, self.queries):
            with open(path, 'wb') as file:
                np.array(part.shape, np.int32).tofile(file)
                part.tofile(file)
        rng = np.random.default_rng(1)
        self.chosen = {False: rng.choice(n, SAMPLE, replace=False), True: rng.choice(QUERIES, NEW_SAMPLE, replace=False)}
        self.limits = {}

    def points(self, is_new):
        return (self.queries if is_new else self.rows)[self.chosen[is_new]].astype(np.float64)

    def squared(self, points, ids):
        return ((self.rows[ids].astype(np.float64) - points[:, None]) ** 2).sum(2)

    def kth(self, is_new):
        """Squared distances of the k-th neighbors: candidates by float32 products, then in double."""
        points, norms, limits = self.points(is_new), (self.rows ** 2).sum(1), []
        for first in range(0, len(points), AT_A_TIME):
            some = points[first:first + AT_A_TIME]
            rough = norms - 2 * some.astype(np.float32) @ self.rows.T
            if not is_new:
                rough[np.arange(len(some)), self.chosen[False][first:first + AT_A_TIME]] = np.inf
            exact = self.squared(some, np.argpartition(rough, 3 * K, axis=1)[:, :3 * K])
            limits.append(np.sort(exact, axis=1)[:, K - 1])
        return np.concatenate(limits)

    def recall(self, ids_path, is_new=False):
        if is_new not in self.limits:
            self.limits[is_new] = self.kth(is_new)
        ids = np.fromfile(ids_path, np.int32).reshape(-1, K)[self.chosen[is_new]]
        right = self.squared(self.points(is_new), ids) <= self.limits[is_new][:, None] * (1 + 1e-9)
        return float((right & (ids >= 0)).mean())


class Bench:
    def __init__(self, folder, missing):
        self.folder, self.missing, self.facts = folder, missing, {}
        self.ids, self.query_ids = folder / 'ids', folder / 'query-ids'
        self.program = folder / 'bench' / 'LeoCvae.Bench.dll'
        project = HERE.parent / 'LeoCvae.Bench.csproj'
        subprocess.run(['dotnet', 'build', project, '-c', 'Release', '-v', 'q', '-nologo', '-o', self.program.parent], check=True, stdout=sys.stderr)
        self.driver = folder / 'hnswlib_driver'
        if 'hnswlib' not in missing:
            source = HERE / 'hnswlib_driver.cpp'
            subprocess.run(['g++', '-std=c++17', '-O3', '-march=native', '-fopenmp', '-o', self.driver, source], check=True)

    def execute(self, threads, *command, core=None):
        blas = {name: str(threads) for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS')}
        if core:
            blas['OPENBLAS_CORETYPE'] = core
        done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **blas})
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{')]

    def ours(self, data, search, threads, efforts=(48,)):
        is_new = search == 'hnsw-query'
        lines = self.execute(threads, 'dotnet', self.program, search, data.path, self.ids, '--threads', threads,
                             '--effort', ','.join(map(str, efforts)), '--queries', data.queries_path)
        for line in lines:
            path = self.folder / f'ids.{line["effort"]}' if len(efforts) > 1 else self.ids
            line['recall'] = data.recall(path, is_new)
            self.facts['dotnet'] = line['dotnet']
        return lines

    def hnswlib(self, data, threads, ef=REFERENCE_EF):
        """All rows, new rows."""
        own, new = self.execute(threads, self.driver, data.path, self.ids, data.queries_path, self.query_ids, ef, threads)
        return {**own, 'recall': data.recall(self.ids)}, {**new, 'recall': data.recall(self.query_ids, True)}

    def python(self, data, name, threads, core):
        line = self.execute(threads, sys.executable, HERE / 'python_contestant.py', name, data.path, self.ids, threads, core=core)[0]
        self.facts.setdefault(name, []).extend(blas for blas in line['blas'] if blas not in self.facts.get(name, []))
        return {**line, 'recall': data.recall(self.ids)}


def missing_packages():
    missing = {}
    for name, module in ('faiss', 'faiss'), ('sklearn', 'sklearn'):
        if subprocess.run([sys.executable, '-c', f'import {module}'], stderr=subprocess.DEVNULL).returncode:
            missing[name] = f'python3-{module} (and run with /usr/bin/python3)'
    if not Path('/usr/include/hnswlib/hnswlib.h').exists():
        missing['hnswlib'] = 'libhnswlib-dev'
    return missing


def equal_recall(lines, recall):
    """The least effort of ours that finds as many, within the error of measuring it."""
    return next((line['effort'] for line in sorted(lines, key=lambda l: l['effort']) if line['recall'] >= recall - SAME), EFFORTS[-1])


def equal_efforts(bench, data):
    """The efforts, for all rows and for new ones, with which ours finds as many as hnswlib."""
    print('calibrating efforts for equal recall', file=sys.stderr)
    own, new = bench.hnswlib(data, 2)
    # All rows cost a second or two an effort: fewer of them.
    curves = [bench.ours(data, search, 2, tried) for search, tried in (('hnsw', EFFORTS[::2]), ('hnsw-query', EFFORTS))]
    for line in [own, *curves[0], new, *curves[1]]:
        print(f'ef {line.get("effort", REFERENCE_EF)}: recall {line["recall"]:.4f}, p50 {line.get("p50_us") or 0:.1f} us', file=sys.stderr)
    return [equal_recall(curve, line['recall']) for curve, line in zip(curves, (own, new))]


def plan(bench, quick, folder):
    """Steps of a round, each (keys, function that returns a line for each key); what to compare; and limits (key, measure, goal)."""
    small, large, huge = (5_000, 20_000, 100_000) if quick else (20_000, 100_000, 500_000)
    steps, pairs = [], []
    # Which kernels an OpenBLAS older than the processor takes is chance: theirs with AVX2, beside which the goals were set, and with AVX-512, which ours uses.
    cores = {'Haswell' if 'AVX' in cpu_name() else None: lambda name: f'{name} brute force'}
    if 'AVX-512' in cpu_name():
        cores['SkylakeX'] = lambda name: f'{name} brute force, OpenBLAS told to use AVX-512'

    def step(*keys, run):
        steps.append((keys, run))

    def pair(ours, theirs, measure, goal):
        if ours in known and theirs in known:
            pairs.append((ours, theirs, measure, goal))

    for d in 16, 64, 512:
        data = Data(folder, small, d)
        threads = (1,) if d == 16 else (1, 2)
        for t in threads:
            step((data.name, 'ours exact', t), run=lambda data=data, t=t: bench.ours(data, 'exact', t))
        for name in ('faiss', 'sklearn') if d == 64 else ('faiss',):
            for core in cores if name not in bench.missing else []:
                step((data.name, cores[core](name), 1), run=lambda data=data, name=name, core=core: [bench.python(data, name, 1, core)])
    graph, hnswlib, hnswlib_query = 'ours graph, gate included', f'hnswlib, build + all rows, ef {REFERENCE_EF}', f'hnswlib, a new row, ef {REFERENCE_EF}'
    compared = []
    for d in 16, 64:
        data = Data(folder, large, d)
        efforts = equal_efforts(bench, data) if 'hnswlib' not in bench.missing else (48, 48)
        hnsw, query = f'ours hnsw, build + all rows, ef {efforts[0]}', f'ours hnsw, a new row, ef {efforts[1]}'
        compared.append((data.name, hnsw, query))
        if d == 64:
            step((data.name, graph, 1), run=lambda data=data: bench.ours(data, 'graph', 1))
        if 'hnswlib' not in bench.missing:
            step((data.name, hnswlib, 1), (data.name, hnswlib_query, 1), run=lambda data=data: bench.hnswlib(data, 1))
        step((data.name, hnsw, 1), run=lambda data=data, efforts=efforts: bench.ours(data, 'hnsw', 1, efforts[:1]))
        step((data.name, query, 1), run=lambda data=data, efforts=efforts: bench.ours(data, 'hnsw-query', 1, efforts[1:]))
    step((data.name, graph, 2), run=lambda: bench.ours(data, 'graph', 2))
    step((data.name, hnsw, 2), run=lambda: bench.ours(data, 'hnsw', 2, efforts[:1]))
    most = Data(folder, huge, 64)
    step((most.name, graph, 2), run=lambda: bench.ours(most, 'graph', 2))
    lists = 'ours lists, gate included'
    step((most.name, lists, 2), run=lambda: bench.ours(most, 'lists', 2))

    known = {key for keys, _ in steps for key in keys}
    for d, goal in (16, .33), (64, .36), (512, .50):
        name = f'{small // 1000}k x {d}'
        for title in cores.values():
            pair((name, 'ours exact', 1), (name, title('faiss'), 1), 'cpu_seconds', goal)
    name = f'{small // 1000}k x 64'
    for title in cores.values():
        pair((name, 'ours exact', 1), (name, title('sklearn'), 1), 'cpu_seconds', .20)
    pair((data.name, graph, 1), (data.name, hnswlib, 1), 'cpu_seconds', .20)
    pair((most.name, lists, 2), (most.name, graph, 2), 'cpu_seconds', 1.3)
    for rows, own, new in compared:
        pair((rows, own, 1), (rows, hnswlib, 1), 'cpu_seconds', .65)
        pair((rows, new, 1), (rows, hnswlib_query, 1), 'p50_us', .70)
    for case, search, speedup in (name, 'ours exact', 1.8), (f'{small // 1000}k x 512', 'ours exact', 1.8), (data.name, graph, 1.7), (data.name, hnsw, 1.6):
        pair((case, search, 2), (case, search, 1), 'seconds', round(1 / speedup, 3))
    limits = [((data.name, graph, threads), 'extra_mb', 90) for threads in (1, 2)] + [((most.name, graph, 2), 'seconds', 15)]
    return steps, pairs, limits


def command_output(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
    except OSError:
        return ''


def versions(bench):
    from importlib.metadata import version
    lines = [f'.NET {bench.facts["dotnet"]}, LeoCvae commit {command_output("git", "-C", str(HERE), "rev-parse", "--short", "HEAD")}', f'numpy {np.__version__}']
    if 'hnswlib' not in bench.missing:
        package = command_output('dpkg-query', '-W', '-f', '${Version}', 'libhnswlib-dev')
        lines.append(f'hnswlib {package} (M 16, efConstruction 100), compiled here by g++ {command_output("g++", "-dumpfullversion")} -O3 -march=native')
    if 'faiss' not in bench.missing:
        number = command_output(sys.executable, '-c', 'import faiss; print(faiss.__version__)')
        lines.append(f'faiss {number}, Debian\'s generic build (no AVX2 code of its own: its distances are the BLAS\'s products), BLAS loaded: {", ".join(bench.facts["faiss"])}')
    if 'sklearn' not in bench.missing:
        lines.append(f'scikit-learn {version("scikit-learn")}, BLAS loaded: {", ".join(bench.facts["sklearn"])}')
    package = command_output('dpkg-query', '-W', '-f', '${Package} ${Version}', 'libopenblas0-pthread')
    return lines + ([f'OpenBLAS of {package}'] if package else [])


UNITS = {'cpu_seconds': 'CPU seconds', 'p50_us': 'p50', 'seconds': 'wall seconds', 'extra_mb': 'extra MB'}


def verdict(median, measure, goal, load):
    if measure == 'seconds' and load[0] > IDLE_LOAD:
        return 'unknown: the machine was busy'
    return 'yes' if median <= goal else 'no'


def markdown(bench, results, pairs, limits, rounds, load):
    median = lambda key, measure: statistics.median(line[measure] for line in results[key])
    text = [f'# Neighbor searches on {cpu_name()}', '',
            f'{datetime.date.today()}, {os.cpu_count()} cores, {rounds} interleaved rounds; the machine\'s load average was {load[0]:.1f} before and {os.getloadavg()[0]:.1f} after '
            '(the bench itself makes 1 to 2). Made by `tools/bench/neighbors/run.py`; columns and ratios are explained in `tools/bench/README.md`.', '']
    text += [f'* {line}' for line in versions(bench)]
    text += [f'* {name} was skipped: apt-get install {package}' for name, package in bench.missing.items()]
    text += ['', '| rows | search | threads | best s | median s | median CPU s | p50 us | recall | extra MB |', '|---|---|---|---|---|---|---|---|---|']
    for key in sorted(results, key=lambda key: (int(key[0].split('k')[0]), int(key[0].split()[-1]))):
        lines = results[key]
        p50 = f'{median(key, "p50_us"):.1f}' if lines[0].get('p50_us') else ''
        memory = f'{median(key, "extra_mb"):.0f}' if 'extra_mb' in lines[0] and not p50 else ''
        text.append(f'| {key[0]} | {key[1]} | {key[2]} | {min(line["seconds"] for line in lines):.3f} | {median(key, "seconds"):.3f} | {median(key, "cpu_seconds"):.3f} | '
                    f'{p50} | {median(key, "recall"):.4f} | {memory} |')
    text += ['', '| rows | ratio | of | paired rounds: median (least to most) | ratio of bests | goal | reached |', '|---|---|---|---|---|---|---|']
    for ours, theirs, measure, goal in pairs:
        ratios = [a[measure] / b[measure] for a, b in zip(results[ours], results[theirs])]
        reached = verdict(statistics.median(ratios), measure, goal, load)
        bests = min(a[measure] for a in results[ours]) / min(b[measure] for b in results[theirs])
        threads = lambda key: f', {key[2]} threads' if key[2] > 1 else ', 1 thread' if theirs[1] == ours[1] else ''
        text.append(f'| {ours[0]} | {ours[1]}{threads(ours)} / {theirs[1]}{threads(theirs)} | {UNITS[measure]} | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) | '
                    f'{bests:.2f} | <= {goal:.2f} | {reached} |')
    text += ['', '| rows | search | measure | median (least to most) | goal | reached |', '|---|---|---|---|---|---|']
    for key, measure, goal in limits:
        values = [line[measure] for line in results[key]]
        text.append(f'| {key[0]} | {key[1]}, {key[2]} thread{"s" if key[2] > 1 else ""} | {UNITS[measure]} | {statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f}) | '
                    f'<= {goal} | {verdict(statistics.median(values), measure, goal, load)} |')
    return '\n'.join(text) + '\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--quick', action='store_true', help='a quarter of the rows and one round: does it run; its goals mean little')
    parser.add_argument('--rounds', type=int, help='default 3, or 1 with --quick')
    parser.add_argument('--out', type=Path, help='default tools/bench/results/<cpu>/neighbors.md; printed only, with --quick')
    options = parser.parse_args()
    rounds = options.rounds or (1 if options.quick else 3)
    load, missing = os.getloadavg(), missing_packages()
    for name, package in missing.items():
        print(f'{name} is missing and will be skipped: apt-get install {package}', file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), missing)
        steps, pairs, limits = plan(bench, options.quick, Path(folder))
        results = {key: [] for keys, _ in steps for key in keys}
        out = options.out
        if not out and not options.quick:
            out = results_folder() / 'neighbors.md'
        for i in range(rounds):
            for keys, run in steps:
                for key, line in zip(keys, run()):
                    results[key].append(line)
                    print(f'round {i + 1}: {key}: {line["seconds"]:.3f} s, CPU {line["cpu_seconds"]:.3f} s, recall {line["recall"]:.4f}', file=sys.stderr, flush=True)
            # After every round, so that an interrupted run leaves what it has.
            text = markdown(bench, results, pairs, limits, i + 1, load)
            if out:
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text(text)
        print(text)


main()
