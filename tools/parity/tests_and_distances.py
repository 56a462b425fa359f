"""Makes tests/Evaluation.Tests/Oracles/statistics.json: tests, intervals and distances by scipy and numpy.

Wilcoxon's signed-rank test with scipy.stats.wilcoxon (by approximation where
differences are tied: this scipy would use the exact distribution, which does not hold then), the corrected resampled t interval (Nadeau and Bengio 2003) by
scipy.stats.t, quantiles of Student's t, Holm's correction written out, two-sample Kolmogorov-Smirnov statistics, total variation
distances, Pearson correlations. Needs numpy and scipy.

    python3 tools/parity/tests_and_distances.py [--out FILE]
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import optimize, stats

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parent))
from entropy import ROOT, write

rng = np.random.default_rng(20250929)


def wilcoxon():
    for n in (1, 2, 5, 6, 10, 20, 25, 50, 60, 300):
        yield rng.standard_normal(n) + 0.3
    yield rng.integers(-4, 5, 20).astype(float)                 # ties and zeros
    yield rng.integers(-3, 7, 80).astype(float)
    yield np.array([1.0, 1, 1, 1, 2, -1])                       # ties, no zero
    yield np.array([0.0, 0.1, -0.3, 0.7, 0.2])                  # a zero, no tie
    yield np.array([0.5, 0.5, 0.5])
    yield np.arange(1.0, 13)


def t_quantile(p, df):
    """From stats.t.cdf: stats.t.ppf of this scipy is off by 2e-9."""
    return optimize.brentq(lambda x: stats.t.cdf(x, df) - p, 0, 1e4, xtol=1e-14, rtol=1e-15)


def interval(differences, test_share):
    n = len(differences)
    mean, variance = np.mean(differences), np.var(differences, ddof=1)
    error = np.sqrt(variance * (1 / n + test_share / (1 - test_share)))
    half = t_quantile(0.975, n - 1) * error
    return {"differences": differences.tolist(), "test_share": test_share, "mean": mean, "low": mean - half, "high": mean + half,
            "p": 2 * stats.t.sf(abs(mean) / error, n - 1)}


def holm(p):
    order, adjusted, least = np.argsort(p), np.empty(len(p)), 0
    for i, at in enumerate(order):
        least = max(least, min(1, (len(p) - i) * p[at]))
        adjusted[at] = least
    return {"p": p.tolist(), "adjusted": adjusted.tolist()}


def distances(a, b):
    values = np.unique(np.concatenate([a, b]))
    shares = [np.array([(v == x).mean() for x in values]) for v in (a, b)]
    return {"a": a.tolist(), "b": b.tolist(), "ks": stats.ks_2samp(a, b).statistic, "tv": np.abs(shares[0] - shares[1]).sum() / 2}


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / "tests/Evaluation.Tests/Oracles/statistics.json")
pairs = rng.standard_normal((30, 3)).round(6)
pairs[:, 1] = (pairs[:, 0] + pairs[:, 1] / 2).round(6)
write(parser.parse_args().out, {
    "made_by": {"script": "tools/parity/tests_and_distances.py", "numpy": np.__version__, "scipy": scipy.__version__},
    "wilcoxon": [{"differences": d.tolist(), "statistic": float((w := stats.wilcoxon(d, mode="approx" if len(set(np.abs(d))) < len(d) else "auto")).statistic), "p": float(w.pvalue)} for d in (x.round(6) for x in wilcoxon())],
    "interval": [interval((rng.standard_normal(n) / 20 + 0.01).round(6), share) for n, share in ((2, 0.5), (5, 0.2), (15, 0.2), (100, 0.1))],
    "t": [{"df": df, "x": x, "cdf": stats.t.cdf(x, df), "p": p, "quantile": t_quantile(p, df)} for df in (1, 2, 4, 14, 99, 1000) for x, p in ((0.3, 0.6), (2.1, 0.975), (-7.5, 0.9995))],
    "holm": [holm(np.array(p)) for p in ([0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.9], [0.02])],
    "distances": [distances(a, b) for a, b in ((rng.standard_normal(50).round(6), (rng.standard_normal(37) + 0.4).round(6)), (rng.integers(0, 5, 40).astype(float), rng.integers(1, 7, 60).astype(float)), (np.array([1.0]), np.array([1.0])))],
    "correlation": {"rows": pairs.tolist(), "matrix": np.corrcoef(pairs.T).tolist()},
})
