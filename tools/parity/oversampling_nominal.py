"""Makes tests/Evaluation.Tests/Oracles/oversampling-nominal.json: imbalanced-learn's SMOTENC and SMOTEN on small tables.

Random numbers are given, so that rows can be compared: for each table with numbers, and each class below the largest one, SMOTENC's
median of standard deviations and neighbor lists within the class, and the rows that it makes of given bases, neighbors and steps. Which
of equally frequent categories it takes is its own draw: so all that it took over 40 seeds are written. For tables of categories alone
SMOTEN's value difference distances within the class, its neighbor lists (the row itself among them) and the row that it makes of each
base. All is read out of imbalanced-learn's own objects while they run. k is max(1, min(5, smallest class - 1)). Distances are never so
close that rounding could swap two neighbors that matter. Needs numpy, scikit-learn, imbalanced-learn.

    python3 tools/parity/oversampling_nominal.py [--out FILE]
"""
import imblearn
import numpy as np
import sklearn
from imblearn.metrics.pairwise import ValueDifferenceMetric
from imblearn.over_sampling import SMOTEN, SMOTENC
from sklearn.preprocessing import OrdinalEncoder

from entropy import arguments, made_by, write

SEEDS = 40


def tables():
    """(name, numbers, categories, y): numbers are multiples of 1/256, categories names that aren't in the order of appearance."""
    rng = np.random.default_rng(20261128)

    def draw(sizes, numbers, levels, units=1.0):
        y = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
        x = np.round((rng.standard_normal((len(y), numbers)) + 0.7 * y[:, None]) * 256) / 256 * units
        names = [rng.permutation([f"{letter}{j}" for letter in "zaymbxcwdvepgh"[:k]]) for j, k in enumerate(levels)]
        lean = [rng.dirichlet(np.ones(k), len(sizes)) for k in levels]
        c = np.array([[names[j][rng.choice(len(lean[j][0]), p=lean[j][label])] for j in range(len(levels))] for label in y], dtype=object)
        return x, c.reshape(len(y), len(levels)), y

    def until_clear(*arguments):
        while True:
            x, c, y = draw(*arguments)
            if clear(x, c, y):
                return x, c, y

    yield "numbers and categories, two classes", *until_clear([60, 20], 3, [2, 4, 3])
    yield "one number, many categories", *until_clear([40, 18], 1, [2, 2, 3, 5])
    yield "three classes, other units: no scaling", *until_clear([50, 25, 12], 3, [3, 2], np.array([1, 64, 1 / 64]))
    yield "a class of two rows", *until_clear([30, 2], 2, [3])
    yield "two numbers that don't vary in the smallest class", *constant(draw([40, 10], 3, [3, 4]))
    yield "categories alone, two classes", *until_clear([60, 16], 0, [14] * 8)
    yield "categories alone, three classes", *until_clear([50, 20, 9], 0, [9] * 9)
    yield "categories alone, a class of two rows", *until_clear([30, 2], 0, [6] * 4)


def constant(table):
    x, c, y = table
    x[y == 1, :2] = 1
    assert clear(x, c, y)
    return x, c, y


def distances(x, c, y):
    """Squared distances of SMOTENC, or distances of SMOTEN."""
    if x.shape[1] == 0:
        codes = OrdinalEncoder(dtype=np.int32).fit_transform(c)
        return ValueDifferenceMetric(n_categories=codes.max(0) + 1).fit(codes, y).pairwise(codes)
    median = np.median(x[y == np.argmin(np.bincount(y))].std(0))
    return ((x[:, None] - x[None]) ** 2).sum(2) + median ** 2 / 2 * (c[:, None] != c[None]).sum(2)


def clear(x, c, y):
    """Whether no two distances within a class that matter are tied or nearly so."""
    d = distances(x, c, y)
    for own in (np.flatnonzero(y == k) for k in np.unique(y) if (y == k).sum() < np.bincount(y).max()):
        near = np.sort(d[np.ix_(own, own)], 1)[:, :8]
        if (near[:, 1] <= 0).any() or (np.diff(near, axis=1)[:, 1:] / near[:, 2:] < 1e-9).any():
            return False
    return True


def case(name, x, c, y):
    counts = np.bincount(y)
    k, groups = int(max(1, min(5, counts.min() - 1))), []
    rng = np.random.default_rng(len(name))
    for group in range(len(counts)):
        if counts[group] == counts.max():
            continue
        rows = np.flatnonzero(y == group)
        one = smoten(c, y, k, group, rows) if x.shape[1] == 0 else smotenc(x, c, y, k, group, rows, rng)
        groups.append({"class": group, "rows": rows.tolist(), **one})
    return {"name": name, "numbers": x.tolist(), "categories": c.tolist(), "y": y.tolist(), "k": k, "classes": groups}


def smotenc(x, c, y, k, group, rows, rng):
    seen = {}

    class Spy(SMOTENC):
        """Keeps what it is given, and makes rows of bases, neighbors and steps that are given."""
        def _generate_samples(self, X, nn_data, nn_num, rows, cols, steps):
            if len(nn_num) != len(given[0]) or X.shape[0] != len(given[0]):
                return super()._generate_samples(X, nn_data, nn_num, rows, cols, steps)
            seen.update(neighbors=nn_num, median=float(self.median_std_))
            return super()._generate_samples(X, nn_data, nn_num, *given)

    n, numbers = len(rows), x.shape[1]
    given = (np.arange(n), rng.integers(0, k, n), (np.round(rng.uniform(size=n) * 256) / 256)[:, None])
    # The class alone, grown by as many rows as it has.
    made, taken = None, [[set() for _ in range(c.shape[1])] for _ in range(n)]
    data = np.concatenate([x.astype(object), c], 1)
    for seed in range(SEEDS):
        sampler = Spy(list(range(numbers, data.shape[1])), k_neighbors=k, random_state=seed, sampling_strategy={group: 2 * n})
        result, _ = sampler.fit_resample(data, y)
        made = result[len(y):]
        for i in range(n):
            for j in range(c.shape[1]):
                taken[i][j].add(str(made[i, numbers + j]))
    return {"median_deviation": seen["median"], "neighbors": rows[seen["neighbors"]].tolist(),
            "made": [{"from": int(rows[i]), "to": int(rows[seen["neighbors"][i, given[1][i]]]), "step": float(given[2][i, 0]),
                      "numbers": [float(v) for v in made[i, :numbers]], "categories": [sorted(s) for s in taken[i]]} for i in range(n)]}


def smoten(c, y, k, group, rows):
    seen = {}

    class Spy(SMOTEN):
        """Makes a row of each base."""
        def _make_samples(self, X_class, klass, y_dtype, nn_indices, n_samples):
            class Each:
                def choice(self, items, size, replace):
                    return items
            import imblearn.over_sampling._smote.base as base
            original, base.check_random_state = base.check_random_state, lambda state: Each()
            seen["neighbors"] = nn_indices
            try:
                return super()._make_samples(X_class, klass, y_dtype, nn_indices, n_samples)
            finally:
                base.check_random_state = original

    sampler = Spy(k_neighbors=k, sampling_strategy={group: 2 * len(rows)})
    made = sampler.fit_resample(c, y)[0][len(y):]
    near = distances(np.empty((len(y), 0)), c, y)[np.ix_(rows, rows)]
    return {"neighbors": rows[seen["neighbors"]].tolist(), "distances": [near[i][seen["neighbors"][i]].tolist() for i in range(len(rows))],
            "made": [{"from": int(row), "categories": [[str(v)] for v in values]} for row, values in zip(rows, made)]}


def main():
    options = arguments(__doc__, "tests/Evaluation.Tests/Oracles/oversampling-nominal.json")
    write(options.out, {"made_by": made_by(__file__, None, np, sklearn, imblearn)}, [case(*t) for t in tables()])


if __name__ == "__main__":
    main()
