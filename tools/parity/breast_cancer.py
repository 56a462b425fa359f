"""Makes tools/leocvae/Demo/breast-cancer.csv: the Wisconsin diagnostic breast cancer table, for demonstrations.

The rows are those of the file that scikit-learn ships for load_breast_cancer, the text of every number unchanged. The
header has the feature names in snake case; the last column, `diagnosis`, says malignant or benign. The data are from
the UCI Machine Learning Repository (Wolberg, Mangasarian, Street, Street, 1995; doi 10.24432/C5DW2B; CC BY 4.0).

Needs scikit-learn.

    python3 tools/parity/breast_cancer.py [--out FILE]
"""
import argparse
from pathlib import Path

import numpy as np
import sklearn.datasets

ROOT = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / "tools/leocvae/Demo/breast-cancer.csv")
    out = parser.parse_args().out

    table = sklearn.datasets.load_breast_cancer()
    source = Path(sklearn.datasets.__file__).parent / "data" / "breast_cancer.csv"
    head, *rows = source.read_text("ascii").splitlines()
    n, d, *classes = head.split(",")                # the file's first line: 569,30,malignant,benign
    assert (int(n), int(d)) == table.data.shape and classes == ["malignant", "benign"] == list(table.target_names)

    lines = [",".join([*(name.replace(" ", "_") for name in table.feature_names), "diagnosis"])]
    for row, values, target in zip(rows, table.data, table.target):
        *numbers, label = row.split(",")
        assert np.array_equal(np.array(numbers, float), values) and int(label) == target
        lines.append(",".join([*numbers, classes[int(label)]]))
    assert len(lines) == len(rows) + 1 == int(n) + 1

    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(("\n".join(lines) + "\n").encode("ascii"))
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
