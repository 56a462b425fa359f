"""Makes tests/Runtime.Tests/Oracles/entropy.json: neighbors, class frequencies and Local Entropy Scores of small tables.

The numbers come from a brute-force search written here: NumPy, float64, squared Euclidean distance, a row excluded from
its own neighbors by row id, ties broken by the smaller row id, k clamped to n - 1, entropy in bits. With --authors
(a checkout of github.com/Amirhossein-Zare/LEO-CVAE) the authors' own scores are written beside them, for those tables
on which their definition and ours are the same one: k < n and no two distances tied, so no duplicates either.

Needs numpy; with --authors also torch and scikit-learn.

    python3 tools/parity/entropy.py [--authors FOLDER] [--out FILE]
"""
import argparse
import contextlib
import hashlib
import importlib
import io
import json
import sys
import types
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True                      # leaves no __pycache__ here nor in the authors' checkout
ROOT = Path(__file__).resolve().parents[2]


# ---- shared with the other scripts of this folder -------------------------------------------------------------------

def arguments(doc, default_out):
    """The two options that every script with authors' numbers has."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authors", metavar="FOLDER", help="checkout of github.com/Amirhossein-Zare/LEO-CVAE")
    parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / default_out)
    return parser.parse_args()


def load_authors(folder):
    """Imports the authors' module; None without a folder. Their plots are never drawn, so matplotlib may be missing."""
    if folder is None:
        return None
    try:
        importlib.import_module("matplotlib.pyplot")
    except ImportError:
        sys.modules["matplotlib"] = types.ModuleType("matplotlib")
        sys.modules["matplotlib.pyplot"] = sys.modules["matplotlib"].pyplot = types.ModuleType("matplotlib.pyplot")
    sys.path.insert(0, str(Path(folder).resolve()))
    return importlib.import_module("src.leo_cvae")


def made_by(script, authors, *packages):
    """Where a file comes from: this script, the packages' versions and which version of the authors' code ran."""
    result = {"script": f"tools/parity/{Path(script).name}"}
    result.update((package.__name__, package.__version__) for package in packages)
    result["authors_sha256"] = authors and hashlib.sha256(Path(authors.__file__).read_bytes()).hexdigest()
    return result


def write(path, head, cases=None):
    """JSON with one line per head field and per case, LF line ends, so that a changed case is one changed line."""
    line = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    fields = [f"{line(key)}:{line(value)}" for key, value in head.items()]
    if cases is not None:
        fields.append('"cases":[\n' + ",\n".join(map(line, cases)) + "\n]")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("{\n" + ",\n".join(fields) + "\n}\n").encode("ascii"))
    print(f"{path}: {path.stat().st_size} bytes")


def local_entropy(x, y, classes, k):
    """Neighbors (nearest first), class frequencies, entropy in bits and the sorted distances of every row."""
    x = np.asarray(x, np.float64)
    n, k = len(x), min(k, len(x) - 1)
    distances = ((x[:, None, :] - x[None, :, :]) ** 2).sum(2)
    order = np.argsort(distances, axis=1, kind="stable")                    # stable: ties stay in the order of row ids
    order = np.stack([row[row != i] for i, row in enumerate(order)])        # itself by row id, not by position
    neighbors = order[:, :k]
    counts = np.stack([(y[neighbors] == c).sum(1) for c in range(classes)], 1)
    p = counts / k
    entropy = -(p * np.log2(np.where(counts > 0, p, 1.0))).sum(1) + 0.0     # + 0.0: no negative zero
    return neighbors, p, entropy, np.take_along_axis(distances, order, 1)


# ---- the cases ------------------------------------------------------------------------------------------------------

def tables():
    """(name, k, classes, x, y); every value of x is exact in float32."""
    rng = np.random.default_rng(20250929)
    normals = lambda n, d: rng.standard_normal((n, d)).astype(np.float32)
    labels = lambda n, classes: rng.permutation(np.arange(n) % classes)
    yield "random normals", 15, 3, normals(60, 5), labels(60, 3)
    yield "integer grid, many exact ties", 15, 3, rng.integers(-2, 3, (80, 3)), labels(80, 3)
    yield "duplicates: 50 rows, 10 distinct", 15, 2, normals(10, 4)[rng.permutation(np.arange(50) % 10)], labels(50, 2)
    yield "all rows identical", 15, 2, np.repeat(normals(1, 3), 20, 0), labels(20, 2)
    yield "tiny classes: 40, 3 and 1 rows", 15, 3, normals(44, 4), rng.permutation(np.repeat([0, 1, 2], [40, 3, 1]))
    yield "fewer rows than k", 15, 2, normals(5, 3), labels(5, 2)
    yield "two rows", 15, 2, normals(2, 3), np.array([0, 1])
    yield "k = 1", 1, 3, normals(30, 4), labels(30, 3)
    yield "one feature", 7, 4, normals(40, 1), labels(40, 4)
    yield "wide: 30 rows, 200 features", 15, 2, normals(30, 200), labels(30, 2)


def case(authors, name, k, classes, x, y):
    neighbors, p, entropy, distances = local_entropy(x, y, classes, k)
    # Two distances are either tied exactly or so far apart that no way of summing them up can swap them.
    near = distances[:, :neighbors.shape[1] + 1]
    gaps = np.diff(near, axis=1) / np.maximum(near[:, 1:], 1e-30)
    assert np.all((gaps == 0) | (gaps > 2e-6)), f"{name}: distances too close, change the seed"

    theirs = None
    if authors and k < len(x) and np.all(gaps > 0) and np.all(near > 0):
        with contextlib.redirect_stdout(io.StringIO()):
            theirs = authors.calculate_local_entropy_scores(np.asarray(x, np.float64), y, classes, k).numpy()
        print(f"{name}: differs from the authors' by {np.abs(theirs - entropy).max():.1e}")
        assert np.abs(theirs - entropy).max() < 1e-6
    return {"name": name, "k": k, "classes": classes, "x": np.asarray(x, np.float64).tolist(), "y": y.tolist(),
            "k_used": neighbors.shape[1], "neighbors": neighbors.tolist(), "frequencies": p.tolist(),
            "entropy_bits": entropy.tolist(),
            "authors_entropy_bits": None if theirs is None else theirs.astype(float).tolist()}


def main():
    options = arguments(__doc__, "tests/Runtime.Tests/Oracles/entropy.json")
    authors = load_authors(options.authors)
    packages = [np] + ([sys.modules["torch"], sys.modules["sklearn"]] if authors else [])
    write(options.out, {"made_by": made_by(__file__, authors, *packages)}, [case(authors, *t) for t in tables()])


if __name__ == "__main__":
    main()
