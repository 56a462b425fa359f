"""Makes tests/Runtime.Tests/Oracles/neighbors.json: nearest neighbors by scikit-learn (brute force, float64) and by hnswlib.

300 rows and 40 new rows of 8 features, no duplicates, no near ties; the 15 nearest other rows of each row and the 15 nearest rows of
each new row, Euclidean and cosine (on rows scaled to length 1). hnswlib searches with an effort of all rows, and misses none.

Needs python3-numpy, python3-sklearn, libhnswlib-dev and g++.

    /usr/bin/python3 tools/parity/neighbors.py [--out FILE]
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors

ROOT = Path(__file__).resolve().parents[2]
DRIVER = ROOT / "tools/bench/neighbors/hnswlib_driver.cpp"
ROWS, NEW_ROWS, FEATURES, K = 300, 40, 8, 15


def exact(x, queries, is_new):
    """Distances are squared; a row is not its own neighbor."""
    distances, ids = NearestNeighbors(n_neighbors=K + (not is_new), algorithm="brute").fit(x.astype(np.float64)).kneighbors(queries.astype(np.float64))
    gaps = np.diff(distances, axis=1) / distances[:, 1:]
    assert gaps.min() > 2e-6, "near ties: change the seed"
    if not is_new:
        assert np.all(ids[:, 0] == np.arange(len(x)))
        distances, ids = distances[:, 1:], ids[:, 1:]
    return distances ** 2, ids


def hnswlib(folder, x, queries):
    driver = folder / "driver"
    if not driver.exists():
        subprocess.run(["g++", "-O2", "-fopenmp", "-o", driver, DRIVER], check=True)
    for name, rows in ("x", x), ("queries", queries):
        with open(folder / name, "wb") as file:
            np.array(rows.shape, np.int32).tofile(file)
            rows.tofile(file)
    names = [folder / name for name in ("x", "ids", "queries", "query_ids")]
    subprocess.run([driver, *names, str(ROWS), "1"], check=True, stdout=subprocess.DEVNULL)
    return [np.fromfile(folder / name, np.int32).reshape(-1, K) for name in ("ids", "query_ids")]


def main():
    out = Path(sys.argv[2]) if sys.argv[1:2] == ["--out"] else ROOT / "tests/Runtime.Tests/Oracles/neighbors.json"
    rng = np.random.default_rng(3)
    all_rows = np.round(rng.normal(size=(ROWS + NEW_ROWS, FEATURES)), 3).astype(np.float32)
    raw_x, raw_new = all_rows[:ROWS], all_rows[ROWS:]
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        for metric in "euclidean", "cosine":
            x, new = raw_x, raw_new
            if metric == "cosine":
                x, new = [(rows / np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)).astype(np.float32) for rows in (x, new)]
            (distances, ids), (new_distances, new_ids) = exact(x, x, False), exact(x, new, True)
            for own, theirs in zip((ids, new_ids), hnswlib(Path(folder), x, new)):
                assert np.array_equal(own, theirs), "hnswlib and scikit-learn disagree"
            cases.append({"metric": metric, "ids": ids.tolist(), "squared_distances": np.round(distances, 9).tolist(),
                          "new_ids": new_ids.tolist(), "new_squared_distances": np.round(new_distances, 9).tolist()})
    hnswlib_version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libhnswlib-dev"], capture_output=True, text=True).stdout
    made_by = {"script": "tools/parity/neighbors.py", "numpy": np.__version__, "sklearn": sklearn.__version__, "hnswlib": hnswlib_version}
    content = {"made_by": made_by, "k": K, "x": raw_x.round(3).astype(float).round(3).tolist(), "new": raw_new.astype(float).round(3).tolist(), "cases": cases}
    out.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
