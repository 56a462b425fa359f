"""Makes tests/Evaluation.Tests/Oracles/feature-scores.json: scikit-learn's f_classif and mutual_info_classif of small tables.

mutual_info_classif adds random noise to part equal values; where values are tied its mean and its extremes over fifty
random states are written. Needs numpy, scikit-learn.

    python3 tools/parity/feature_scores.py [--out FILE]
"""
import warnings

import numpy as np
import sklearn
from sklearn.feature_selection import f_classif, mutual_info_classif

from entropy import arguments, made_by, write

warnings.filterwarnings("ignore")


def tables():
    """(name, x, y)"""
    rng = np.random.default_rng(64)

    def shifted(sizes, d):
        y = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
        x = rng.standard_normal((len(y), d)) + np.outer(y, np.linspace(0, 1.5, d))
        return np.round(x, 6), y

    yield "two classes", *shifted([60, 25], 6)
    # In classes of fewer than 8 rows scikit-learn searches by brute force, with rounding errors that count neighbors wrong at random.
    yield "four classes", *shifted([40, 20, 9, 8], 5)
    x, y = shifted([30, 12, 1], 4)
    yield "a class of one row", x, y
    x, y = shifted([50, 20], 3)
    yield "other units and a far offset", np.round(x * [1e3, 1e-3, 1] + [0, 0, 1e4], 9), y
    x, y = shifted([60, 30], 4)
    x = np.clip(np.round(x), -2, 2)
    x[:, 0] = 3
    yield "few whole numbers, one column constant", x, y


def case(name, x, y):
    mi = np.array([mutual_info_classif(x, y, random_state=seed) for seed in range(50)])
    return {"name": name, "x": x.tolist(), "y": y.tolist(), "anova_f": np.nan_to_num(f_classif(x, y)[0], nan=0).tolist(),
            "mutual_information": mi.mean(0).tolist(), "lowest": mi.min(0).tolist(), "highest": mi.max(0).tolist()}


def main():
    options = arguments(__doc__, "tests/Evaluation.Tests/Oracles/feature-scores.json")
    write(options.out, {"made_by": made_by(__file__, None, np, sklearn)}, [case(*t) for t in tables()])


if __name__ == "__main__":
    main()
