"""Makes tests/Evaluation.Tests/Oracles/metrics.json: measures of small sets of probabilities.

scikit-learn's f1_score, balanced_accuracy_score, roc_auc_score, average_precision_score, brier_score_loss and log_loss,
imbalanced-learn's geometric_mean_score; what they leave open is written out here: classes that are absent (or alone)
don't count in means of one-vs-rest areas, recalls are those of the classes present, the Brier score is summed over
classes. Needs numpy, scikit-learn, imbalanced-learn.

    python3 tools/parity/metrics.py [--out FILE]
"""
import warnings

import imblearn
import numpy as np
import sklearn
from imblearn.metrics import geometric_mean_score
from sklearn.metrics import (average_precision_score, balanced_accuracy_score, brier_score_loss, f1_score, log_loss,
                             roc_auc_score)

from entropy import arguments, made_by, write

warnings.filterwarnings("ignore")


def tables():
    """(name, positive class, labels, probabilities)"""
    rng = np.random.default_rng(2026)

    def guess(y, classes, strength=1.0, decimals=None):
        logits = rng.standard_normal((len(y), classes)) + strength * np.eye(classes)[y]
        p = np.exp(logits)
        p /= p.sum(1, keepdims=True)
        if decimals is not None:                                            # coarse, so that many scores are tied
            p = np.round(p, decimals)
            p[:, 0] = 1 - p[:, 1:].sum(1)
            p = np.clip(p, 0, 1)
            p /= p.sum(1, keepdims=True)
        return p

    y = rng.permutation(np.repeat([0, 1], [45, 15]))
    yield "two classes", 1, y, guess(y, 2)
    yield "two classes, many ties", 1, y, guess(y, 2, decimals=1)
    yield "two classes, constant scores", 1, y, np.tile([0.7, 0.3], (60, 1))
    yield "two classes, perfect and certain", 1, y, np.eye(2)[y]
    yield "two classes, always wrong and certain", 1, y, np.eye(2)[1 - y]
    y = rng.permutation(np.repeat([0, 1, 2, 3], [40, 20, 9, 4]))
    yield "four classes", 3, y, guess(y, 4)
    yield "four classes, many ties", 2, y, guess(y, 4, decimals=1)
    yield "four classes, constant scores", 3, y, np.tile([0.4, 0.3, 0.2, 0.1], (73, 1))
    y = rng.permutation(np.repeat([0, 1, 3], [20, 10, 3]))
    yield "class 2 absent, but decided for", 3, y, guess(y, 4, 0.3)
    yield "class 2 absent and never decided for", 2, y, guess(y, 4) * [1, 1, 1e-6, 1]
    yield "one class present", 1, np.zeros(8, int), guess(np.zeros(8, int), 3)
    yield "one row", 1, np.array([1]), np.array([[0.2, 0.5, 0.3]])


def case(name, positive, y, p):
    p = p / p.sum(1, keepdims=True)
    classes, decided, truth = p.shape[1], p.argmax(1), np.eye(p.shape[1])[y]
    present = np.unique(y)
    rest = [c for c in range(classes) if 0 < truth[:, c].sum() < len(y)]
    area = lambda f, c: float(f(truth[:, c], p[:, c]))
    mean = lambda values: float(np.mean(values)) if len(values) else None
    return {"name": name, "positive": positive, "y": y.tolist(), "p": p.tolist(), "expected": {
        "f1_micro": f1_score(y, decided, average="micro", labels=range(classes)),
        "f1_macro": f1_score(y, decided, average="macro", zero_division=0),
        "f1_positive": float(f1_score(y, decided, average=None, labels=[positive], zero_division=0)[0]),
        "balanced_accuracy": balanced_accuracy_score(y, decided),
        "g_mean": float(geometric_mean_score(y, decided, average="multiclass", labels=present, correction=0.001)),
        "auc_macro": mean([area(roc_auc_score, c) for c in rest]),
        "auc_micro": float(roc_auc_score(truth.ravel(), p.ravel())),
        "auprc_macro": mean([area(average_precision_score, c) for c in rest]),
        "auprc_micro": float(average_precision_score(truth.ravel(), p.ravel())),
        "auprc_positive": area(average_precision_score, positive) if positive in rest else None,
        "brier": float(sum(brier_score_loss(truth[:, c], p[:, c], pos_label=1) for c in range(classes))),
        "log_loss": float(log_loss(y, p, labels=range(classes)))}}


def main():
    options = arguments(__doc__, "tests/Evaluation.Tests/Oracles/metrics.json")
    write(options.out, {"made_by": made_by(__file__, None, np, sklearn, imblearn)}, [case(*t) for t in tables()])


if __name__ == "__main__":
    main()
