"""Makes tests/Evaluation.Tests/Oracles/logreg.json: class probabilities of scikit-learn's multinomial logistic regression.

C = 1, solved to a tolerance of 1e-10, with and without row weights. Needs numpy and scikit-learn.

    python3 tools/parity/logreg.py [--out FILE]
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

sys.dont_write_bytecode = True
from entropy import ROOT, write


def case(rng, weighted):
    n, d, classes = 60, 4, 3
    y = rng.permutation(np.repeat(np.arange(classes), [35, 15, 10]))
    x = (rng.standard_normal((n, d)) + 0.8 * rng.standard_normal((classes, d))[y]).astype(np.float32).round(3)
    weights = np.where(y == 2, 3.0, 1.0) * n / np.where(y == 2, 3.0, 1.0).sum() if weighted else np.ones(n)
    fitted = LogisticRegression(C=1, multi_class="multinomial", tol=1e-10, max_iter=10_000).fit(x, y, weights)
    return {"classes": classes, "x": [[float(f"{v:.3f}") for v in row] for row in x], "y": y.tolist(), "weights": weights.tolist(),
            "probabilities": fitted.predict_proba(x).round(8).tolist()}


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / "tests/Evaluation.Tests/Oracles/logreg.json")
rng = np.random.default_rng(20250929)
write(parser.parse_args().out, {"made_by": {"script": "tools/parity/logreg.py", "numpy": np.__version__, "scikit-learn": sklearn.__version__}},
      [case(rng, False), case(rng, True)])
