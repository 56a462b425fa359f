"""Makes tests/Evaluation.Tests/Oracles/oversampling.json: what imbalanced-learn's oversamplers do with small tables.

For each table and each class below the largest one: SMOTE's neighbor lists within the class, Borderline-SMOTE's rows in
danger and noise rows, ADASYN's ratios and rows per base row, and the rows that each method adds. The lists are read out
of imbalanced-learn's own objects while they run. k is max(1, min(5, smallest class - 1)), Borderline-SMOTE's m is 10.
Distances of the tables are never so close that rounding could swap two neighbors. Needs numpy, scikit-learn,
imbalanced-learn.

    python3 tools/parity/oversampling.py [--out FILE]
"""
import imblearn
import numpy as np
import sklearn
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE
from sklearn.neighbors import NearestNeighbors

from entropy import arguments, made_by, write


def tables():
    """(name, x, y); every value is a multiple of 1/256 of at most 12 bits, exact in float32."""
    rng = np.random.default_rng(20260101)

    def blobs(sizes, d, spread, units=None):
        while True:
            centers = rng.standard_normal((len(sizes), d)) * spread
            x = np.concatenate([c + rng.standard_normal((n, d)) for c, n in zip(centers, sizes)])
            x = np.round(x * 256) / 256 * (np.ones(d) if units is None else np.asarray(units))
            y = np.repeat(np.arange(len(sizes)), sizes)
            order = rng.permutation(len(y))
            if clear_distances(x[order], y[order]):
                return x[order], y[order]

    yield "two classes that overlap", *blobs([60, 20], 3, 0.7)
    yield "two classes, other units: no scaling", *blobs([60, 20], 3, 0.7, [1, 64, 1 / 64])
    yield "three classes", *blobs([50, 25, 12], 4, 0.8)
    yield "a class of three rows", *blobs([40, 15, 3], 3, 0.5)
    yield "a class of two rows", *blobs([30, 2], 2, 0.3)
    yield "two classes far apart", *blobs([30, 10], 2, 40)
    yield "two classes, one all noise", *blobs([90, 3], 2, 0.1)


def clear_distances(x, y):
    """Whether no two distances that matter are tied or nearly so: to the 12 nearest of all, and of the class."""
    for rows in [x] + [x[y == c] for c in np.unique(y)]:
        d = np.sort(((rows[:, None] - rows[None]) ** 2).sum(2), 1)[:, :13]
        if (d[:, 1] == 0).any() or (np.diff(d, axis=1) / d[:, 1:] < 1e-6).any():
            return False
    return True


def added(sampler, x, y, classes):
    """Rows added to each class; None where imbalanced-learn refuses the table."""
    try:
        _, result = sampler.fit_resample(x, y)
    except (ValueError, RuntimeError):
        return None
    return (np.bincount(result, minlength=classes) - np.bincount(y, minlength=classes)).tolist()


def case(name, x, y):
    counts = np.bincount(y)
    k, groups = int(max(1, min(5, counts.min() - 1))), []
    for c in range(len(counts)):
        if counts[c] == counts.max():
            continue
        rows, own = np.flatnonzero(y == c), x[y == c]
        smote = SMOTE(k_neighbors=k)
        smote._validate_estimator()
        lists = smote.nn_k_.fit(own).kneighbors(own, return_distance=False)[:, 1:]
        border = BorderlineSMOTE(k_neighbors=k)
        border._validate_estimator()
        border.nn_m_.fit(x)
        danger, noise = (border._in_danger_noise(border.nn_m_, own, c, y, kind=kind) for kind in ("danger", "noise"))
        strangers = (y[NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(own, return_distance=False)[:, 1:]] != c).sum(1)
        ratios = strangers / k
        wanted = ratios / max(ratios.sum(), 1e-300) * (counts.max() - counts[c])
        assert (np.abs(wanted - np.floor(wanted) - 0.5) > 1e-9).all(), "a share of half a row, change the seed"
        groups.append({"class": c, "rows": rows.tolist(), "neighbors": rows[lists].tolist(), "danger": rows[danger].tolist(),
                       "noise": rows[noise].tolist(), "strangers": strangers.tolist(), "adasyn_rows": np.rint(wanted).astype(int).tolist()})
    alone = []                                  # ADASYN refuses a table for the sake of one class; so each class is grown alone as well
    for g in groups:
        c = g["class"]
        add = added(ADASYN(n_neighbors=k, sampling_strategy={c: int(counts.max())}, random_state=0), x, y, len(counts))
        assert (add or [0] * len(counts))[c] == sum(g["adasyn_rows"]), name
        alone.append((add or [0] * len(counts))[c])
    return {"name": name, "x": x.tolist(), "y": y.tolist(), "k": k, "classes": groups,
            "added": {"smote": added(SMOTE(k_neighbors=k, random_state=0), x, y, len(counts)),
                      "bsmote": added(BorderlineSMOTE(k_neighbors=k, random_state=0), x, y, len(counts)),
                      "adasyn": [dict(zip([g["class"] for g in groups], alone)).get(c, 0) for c in range(len(counts))]}}


def main():
    options = arguments(__doc__, "tests/Evaluation.Tests/Oracles/oversampling.json")
    write(options.out, {"made_by": made_by(__file__, None, np, sklearn, imblearn)}, [case(*t) for t in tables()])


if __name__ == "__main__":
    main()
