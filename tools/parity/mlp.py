"""Makes tests/Evaluation.Tests/Oracles/mlp.json: one epoch of the paper's classifier, given every input.

PyTorch in float32, as the authors train it: Linear, BatchNorm1d, ReLU, dropout 0.5, Linear; one logit and
BCEWithLogitsLoss for two classes, CrossEntropyLoss for three; Adam with weight decay, gradient norm clipped. Batches and
dropout masks are explicit; row weights are 1. Afterwards come the losses of the steps and the probabilities of all rows in
eval mode.

Arrays are base64 of little-endian float32 (masks: uint32, bit u keeps hidden unit u), row-major.

Needs numpy and torch.

    python3 tools/parity/mlp.py [--out FILE]
"""
import argparse
import base64
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.dont_write_bytecode = True
from entropy import ROOT, write

torch.set_num_threads(1)
HIDDEN, BATCH = 32, 32


def encode(values, kind="<f4"):
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode("ascii")


def case(rng, n, d, classes):
    y = rng.permutation(np.arange(n) % classes)
    x = (rng.standard_normal((n, d)) + rng.standard_normal((classes, d))[y]).astype(np.float32)
    masks = rng.integers(0, 2 ** 32, n, dtype=np.uint64).astype(np.uint32)
    keep = torch.from_numpy(((masks[:, None] >> np.arange(HIDDEN, dtype=np.uint32)) & 1).astype(np.float32) * 2)
    outputs = 1 if classes == 2 else classes
    uniform = lambda inputs, *shape: torch.from_numpy(((2 * rng.random(shape) - 1) / np.sqrt(inputs)).astype(np.float32))
    first, norm, last = nn.Linear(d, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.Linear(HIDDEN, outputs)
    with torch.no_grad():
        first.weight.copy_(uniform(d, HIDDEN, d)), first.bias.copy_(uniform(d, HIDDEN))
        last.weight.copy_(uniform(HIDDEN, outputs, HIDDEN)), last.bias.copy_(uniform(HIDDEN, outputs))
    head = {"n": n, "d": d, "classes": classes, "x": encode(x), "y": y.tolist(), "masks": encode(masks, "<u4"),
            "weight1": encode(first.weight.detach()), "bias1": encode(first.bias.detach()),
            "weight2": encode(last.weight.detach()), "bias2": encode(last.bias.detach())}
    network = nn.ModuleList([first, norm, last])
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2, weight_decay=1e-3)
    tx, ty = torch.from_numpy(x), torch.from_numpy(y)
    order, losses, batches = rng.permutation(n), [], []
    for at in range(0, n, BATCH):
        rows = order[at:at + BATCH]
        batches.append(rows.tolist())
        logits = last(torch.relu(norm(first(tx[rows]))) * keep[rows])
        loss = nn.BCEWithLogitsLoss()(logits, ty[rows].float()[:, None]) if classes == 2 else nn.CrossEntropyLoss()(logits, ty[rows])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        optimizer.step()
        losses.append(float(loss))
    network.eval()
    with torch.no_grad():
        logits = last(torch.relu(norm(first(tx))))
        p = torch.sigmoid(logits) if classes == 2 else torch.softmax(logits, 1)
        p = torch.cat([1 - p, p], 1) if classes == 2 else p
    return {**head, "learning_rate": 1e-2, "batches": batches, "losses": losses, "probabilities": encode(p)}


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--out", metavar="FILE", type=Path, default=ROOT / "tests/Evaluation.Tests/Oracles/mlp.json")
rng = np.random.default_rng(20250929)
write(parser.parse_args().out, {"made_by": {"script": "tools/parity/mlp.py", "numpy": np.__version__, "torch": torch.__version__}},
      [case(rng, 150, 7, 2), case(rng, 100, 20, 3)])
