"""Makes tests/Evaluation.Tests/Oracles/logreg.json: class probabilities of scikit-learn's multinomial logistic regression.

C = 1; two and three classes, with and without row weights, and classes that lie far apart. Needs numpy and scikit-learn below 1.7.

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


def case(rng, counts, weighted, spread=0.8):
    n, d, classes = sum(counts), 4, len(counts)
    y = rng.permutation(np.repeat(np.arange(classes), counts))
    x = (rng.standard_normal((n, d)) + spread * rng.standard_normal((classes, d))[y]).astype(np.float32).round(3).astype(float)
    weights = np.where(y == classes - 1, 3.0, 1.0) if weighted else np.ones(n)
    weights *= n / weights.sum()
    # Its L-BFGS stops early, whatever the tolerance.
    fitted = LogisticRegression(C=1, multi_class="multinomial", solver="newton-cg", tol=1e-7, max_iter=200).fit(x, y, weights)
    return {"classes": classes, "x": [[float(f"{v:.3f}") for v in row] for row in x], "y": y.tolist(), "weights": weights.tolist(),
            "probabilities": fitted.predict_proba(x).round(8).tolist()}


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / "tests/Evaluation.Tests/Oracles/logreg.json")
rng = np.random.default_rng(20250929)
write(parser.parse_args().out, {"made_by": {"script": "tools/parity/logreg.py", "numpy": np.__version__, "scikit-learn": sklearn.__version__}},
      [case(rng, [35, 15, 10], False), case(rng, [35, 15, 10], True), case(rng, [30, 10], False), case(rng, [30, 10], True),
       case(rng, [20, 10, 10], False, spread=8)])
