#!/usr/bin/env python3
"""Makes tests/Training.Tests/Oracles/row-noise.json: row noise fitted by NumPy in float64, as docs/method.md describes it.

Three cases: a table of more rows than columns, a wide one, and one of zeros and ends that many rows have. Small classes are among them. Correlations are formed whole and
their eigenvectors are LAPACK's; the C# code knows neither.

    python3 tools/parity/row_noise.py [--out FILE]
"""
import argparse
import json
import math
import platform
from pathlib import Path

import numpy as np

from counter_random import normal, word

ROOT = Path(__file__).resolve().parents[2]
STREAM, DRAWS, KNOTS, MOST_FACTORS = 25, 1000, 41, 8


def decode(weights, z, c, classes):
    """Standardized rows: the decoder's three layers on [z, onehot(c)]."""
    leaky = lambda a: np.where(a > 0, a, 0.2 * a)
    a = np.concatenate([z, np.tile(np.eye(classes)[c], (len(z), 1))], axis=1)
    for layer in ("decoder1", "decoder2", "decoder3"):
        a = a @ np.array(weights[layer]["weight"]).T + np.array(weights[layer]["bias"])
        a = a if layer == "decoder3" else leaky(a)
    return a


def ledoit_wolf(W):
    n, d = W.shape
    S = W.T @ W / n
    mu = np.trace(S) / d
    spread = (S ** 2).sum() / d - mu ** 2
    noise = ((W ** 2).sum(1) ** 2).mean() - (S ** 2).sum()
    share = min(1.0, max(0.0, noise / (n * d) / spread))
    return (1 - share) * S + share * mu * np.eye(d)


def unit(S):
    s = np.sqrt(np.diag(S))
    return S / np.outer(s, s)


def principal_factors(C, r):
    D = np.full(len(C), 0.5)
    for _ in range(10):
        value, vector = np.linalg.eigh(C - np.diag(D))
        F = vector[:, -r:] * np.sqrt(np.maximum(value[-r:], 0))
        D = np.clip(1 - (F ** 2).sum(1), 0.01, 1)
    norm = np.sqrt((F ** 2).sum(1) + D)
    return F / norm[:, None], np.sqrt(D) / norm


def weighted_quantile(x, w, p):
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    return np.interp(p, (np.cumsum(w) - w / 2) / w.sum(), x)


def repeated(column):
    """Values that come far oftener than others, and each one's share of the rows; none in a column of few values."""
    values, rows = np.unique(column, return_counts=True)
    if len(values) <= 12:
        return values[:0], rows[:0]
    n, often = len(column), (rows >= 5) & (rows >= .05 * len(column)) & (rows >= 4 * (len(column) - rows) / (len(values) - 1))
    return values[often], rows[often] / n


def cells(p, own, w, column, others, atoms, shares):
    """Start and end of the map's cells between the shares p, given the quantile function of the values that aren't repeated."""
    n = len(own)
    mass = np.array([((w * (own == a)).sum() / w.sum() * n + .25 * share) / (n + .25) for a, share in zip(atoms, shares)])
    grid = np.linspace(0, 1, 200001)
    reached = others(grid)
    start = np.array([(1 - mass.sum()) * grid[min(np.searchsorted(reached, a), len(grid) - 1)] for a in atoms]) + np.cumsum(mass) - mass
    end = start + mass

    def at(share):
        for a, lo, hi in zip(atoms, start, end):
            if lo <= share <= hi:
                return a
        return others(np.array([min(1, (share - mass[end < share].sum()) / (1 - mass.sum()))]))[0]

    lines = []
    for lo, hi in zip(p[:-1], p[1:]):
        whole = [a for a, s, e in zip(atoms, start, end) if min(hi, e) - max(lo, s) > .5 * (hi - lo)]
        left = max([lo] + [min(hi, e + 1e-12) for s, e in zip(start, end) if s <= lo < e])
        right = min([hi] + [max(left, s - 1e-12) for s, e in zip(start, end) if s <= hi <= e])
        lines.append((whole[0], whole[0]) if whole else (at(left), at(right)))
    return np.array(lines + [(at(p[-1]), at(p[-1]))])


def fit(case):
    x, mu, sigma, weights = (np.array(case[k], float) for k in ("x", "mu", "sigma", "weights"))
    starts, scale, seed, f = case["starts"], np.array(case["scale"]), case["seed"], case["noise_scale"]
    classes, d, L = len(starts) - 1, x.shape[1], mu.shape[1]
    r, of = min(MOST_FACTORS, d), [slice(starts[c], starts[c + 1]) for c in range(classes)]
    count = [starts[c + 1] - starts[c] for c in range(classes)]
    layers = case["layers"]
    R = np.concatenate([x[of[c]] - decode(layers, mu[of[c]], c, classes) for c in range(classes)])

    large = [c for c in range(classes) if count[c] >= 3]
    variance = {c: R[of[c]].var(0, ddof=1) for c in large}
    pooled = np.mean([variance[c] for c in large], axis=0)
    mean, deviation, W = [], [], np.zeros_like(R)
    for c in range(classes):
        own = variance.get(c, pooled)
        mean.append(R[of[c]].mean(0))
        deviation.append(np.sqrt((count[c] * own + 5 * own.sum() / pooled.sum() * pooled) / (count[c] + 5)))
        if c in large:
            W[of[c]] = (R[of[c]] - mean[c]) / np.maximum(R[of[c]].std(0), 1e-6)
    P = unit(ledoit_wolf(np.concatenate([W[of[c]] for c in large])) + 1e-9 * np.eye(d))
    shapes, within = [], []
    for j in range(d):
        between = [x[of[c], j][~np.isin(x[of[c], j], repeated(x[:, j])[0])] for c in range(classes)]
        within.append(np.mean([rows.var(ddof=1) for rows in between if len(rows) >= 3]))
        shapes.append(np.concatenate([(rows - rows.mean()) / max(rows.std(), 1e-6) for rows in between if len(rows) >= 5]))

    draws, parts = [], []
    for c in range(classes):
        O = unit(W[of[c]].T @ W[of[c]] / count[c] + 1e-6 * np.eye(d))
        C = (count[c] * O + 20 * P) / (count[c] + 20)
        np.fill_diagonal(C, 1)
        F, D = principal_factors(C, r)
        cumulative = np.cumsum(weights[of[c]])
        start = (word(seed, STREAM, c << 40, 0) << 32) + word(seed, STREAM, c << 40, 1)
        rows = np.zeros((DRAWS, d))
        z, eta, xi = np.zeros((DRAWS, L)), np.zeros((DRAWS, r)), np.zeros((DRAWS, d))
        for i in range(DRAWS):
            u = ((start + i * 11400714819323198485) % 2 ** 64 >> 11) / 2 ** 53
            s = starts[c] + int(np.searchsorted(cumulative, u * cumulative[-1], side="right"))
            e = np.array([normal(seed, STREAM, (c << 40) + i + 1, j) for j in range(L + r)])
            z[i], eta[i] = mu[s] + sigma[s] * e[:L], e[L:]
            words = [word(seed, STREAM, (c << 40) + (1 << 39) + i, j) for j in range(d)]
            xi[i] = [(sum(w >> shift & 255 for shift in (0, 8, 16, 24)) - 510) / math.sqrt(21845) for w in words]
        # The signs of factors are free: their part of a draw is decided by their covariance, here by its own root.
        draws.append((decode(layers, z, c, classes), eta, xi))
        parts.append((F, D))
    return dict(case=case, R=R, mean=mean, deviation=deviation, parts=parts, draws=draws, shapes=shapes, within=within, count=count, of=of, f=f, scale=scale)


def outputs(m, loadings):
    """Spread, offset, diagonal and knots, given the loadings (C lists of r x d) that the signs and turns of factors leave free."""
    case, x, w = m["case"], np.array(m["case"]["x"]), np.array(m["case"]["weights"])
    classes, d = len(m["count"]), x.shape[1]
    h = []
    for c in range(classes):
        g, eta, xi = m["draws"][c]
        h.append(g + m["f"] * (m["mean"][c] + m["deviation"][c] * (eta @ np.array(loadings[c]) + xi * m["parts"][c][1])))
    q = lambda a, p: np.quantile(a, p, axis=0)
    spreads = np.array([np.maximum(0.7413 * (q(a, .75) - q(a, .25)), np.maximum(1e-6, 1e-3 * (a.max(0) - a.min(0)))) for a in h])
    spread = np.exp(np.log(spreads).mean(0))
    median = np.array([q(a, .5) for a in h])
    places = np.linspace(-1, 1, KNOTS)
    lines = np.zeros((classes, d, KNOTS, 2))
    for c in range(classes):
        n, rows, own = m["count"][c], x[m["of"][c]], w[m["of"][c]]
        for j in range(d):
            at = median[c, j] + spread[j] * places / np.maximum(1 - np.abs(places), 1e-9)
            s = np.sort(h[c][:, j])
            p = np.interp(at, s, (np.arange(DRAWS) + .5) / DRAWS, left=0, right=1)
            values = np.unique(x[:, j])
            if len(values) <= 12:                       # few values: steps, with a quarter of a row's worth of all rows
                share = np.array([(own[rows[:, j] <= v].sum() / own.sum() * n + .25 * (x[:, j] <= v).mean()) / (n + .25) for v in values])
                step = values[np.minimum(np.searchsorted(share, p, side="left"), len(values) - 1)]
                lines[c, j] = np.stack([step, np.append(step[1:], step[-1])], axis=1)
                continue
            atoms, shares = repeated(x[:, j])
            is_other = ~np.isin(rows[:, j], atoms)
            some, k = rows[is_other, j], is_other.sum()
            center = some.mean() - m["mean"][c][j] / (k + 1) if k else 0
            width = math.sqrt((k * some.var() + m["within"][j]) / (k + 1)) if k else 0
            all_others = x[~np.isin(x[:, j], atoms), j]
            others = lambda share: np.quantile(all_others, share) if k == 0 else (
                k * weighted_quantile(some, own[is_other], share) + 10 * (center + width * np.quantile(m["shapes"][j], share))) / (k + 10)
            lines[c, j] = cells(p, rows[:, j], own, x[:, j], others, atoms, shares)
    bias = np.array(case["layers"]["decoder3"]["bias"])
    return dict(spread=spread, offset=(bias + m["f"] * np.array(m["mean"]) - median) / spread,
                diagonal=m["f"] * np.array([s * D for s, (_, D) in zip(m["deviation"], m["parts"])]) / spread,
                starts_of_cells=lines[..., 0] * m["scale"][:, None], ends_of_cells=lines[..., 1] * m["scale"][:, None])


def make(name, counts, d, L, h, seed, zeros=False):
    rng = np.random.default_rng(seed)
    n, classes = sum(counts), len(counts)
    mix = rng.normal(size=(3, d))
    cls = np.repeat(np.arange(classes), counts)
    x = rng.normal(size=(n, 3)) @ mix * .7 + rng.normal(size=(n, d)) + .5 * cls[:, None] * (np.arange(d) % 3 == 0)
    x[:, 0] = np.round(x[:, 0])
    if zeros:                                           # half of a column is 0; a fifth at the least and at the largest value of the next
        x[:, 1] = np.maximum(x[:, 1] - np.median(x[:, 1]), 0)
        x[:, 2] = np.clip(x[:, 2], *np.quantile(x[:, 2], [.2, .8]))
    x = (x - x.mean(0)) / x.std(0)
    layer = lambda o, i: dict(weight=(rng.normal(size=(o, i)) * .6 / math.sqrt(i) * 2).astype(np.float32).astype(float).tolist(), bias=(rng.normal(size=o) * .1).astype(np.float32).astype(float).tolist())
    f32 = lambda a: a.astype(np.float32).astype(float).tolist()
    return dict(name=name, starts=[0, *np.cumsum(counts).tolist()], hidden=h, x=f32(x), scale=np.exp(rng.normal(size=d)).tolist(), mu=f32(rng.normal(size=(n, L))),
                sigma=f32(.3 + rng.random((n, L)) * .5), weights=((1 + rng.random(n)) ** 2.5).tolist(), noise_scale=.7, seed=11,
                layers=dict(decoder1=layer(h // 2, L + classes), decoder2=layer(h, h // 2), decoder3=layer(d, h)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / "tests/Training.Tests/Oracles/row-noise.json")
    out = parser.parse_args().out
    cases = []
    for case in (make("more rows than columns", [30, 14, 4, 1], 5, 2, 6, 1), make("wide", [16, 9, 2], 40, 3, 8, 2),
                 make("repeated values", [60, 30, 8, 1], 4, 2, 6, 3, zeros=True)):
        m = fit(case)
        # Loadings may be turned; where r = d = 5 and all eigenvalues differ only signs are free. Given to the C# test are covariances,
        # and for the draws the signs that make the sum of each factor's loadings positive.
        loadings = [(F * np.where(F.sum(0) < 0, -1, 1)).T[::-1] for F, _ in m["parts"]]
        covariance = [m["f"] ** 2 * np.outer(s, s) * (F @ F.T) for s, (F, _) in zip(m["deviation"], m["parts"])]
        result = {k: v.tolist() for k, v in outputs(m, loadings).items()}
        cases.append(dict(case, loadings=[l.tolist() for l in loadings], covariance=[c.tolist() for c in covariance], **result))
    line = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    rounded = lambda v: [rounded(a) for a in v] if isinstance(v, list) else {k: rounded(a) for k, a in v.items()} if isinstance(v, dict) else float(f"{v:.9g}") if isinstance(v, float) else v
    made_by = {"script": "tools/parity/row_noise.py", "python": platform.python_version(), "numpy": np.__version__}
    out.write_text(f'{{\n"made_by":{line(made_by)},\n"cases":[\n' + ",\n".join(line(rounded(case)) for case in cases) + "\n]}\n")
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
