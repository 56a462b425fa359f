"""Makes tests/Training.Tests/Oracles/epoch.json: one whole training epoch of the `paper` preset, given every input.

The epoch runs on the network of loss_gradients.py in float32 with PyTorch's Adam (L2 weight decay in the gradient) and
gradient clipping; batches, noise and dropout masks are explicit and belong to row ids. Afterwards comes the loss over
all rows without dropout, with the same noise. The run is repeated in float64 to say how far rounding alone carries
(`difference_float64`). With --authors (a checkout of github.com/Amirhossein-Zare/LEO-CVAE) the authors' own model and
loss function take the same epoch, with the noise and the masks patched in, and must end within 1e-5
(`difference_authors`).

Arrays are base64 of little-endian float32, row-major; `kld` is before the floor.

Needs numpy and torch; with --authors also scikit-learn.

    python3 tools/parity/epoch.py [--authors FOLDER] [--out FILE]
"""
import sys

import numpy as np
import torch

sys.dont_write_bytecode = True
from entropy import arguments, load_authors, local_entropy, made_by, write
from loss_gradients import (MASKS, authors_model, dropout_masks, encode, encode_all, forward, initial_parameters, layers,
                            lewl, single)

torch.set_num_threads(1)
SETTINGS = {"d": 8, "classes": 3, "hidden": 64, "latent": 16, "n": 100, "entropy_neighbors": 15, "entropy_power": 2.5,
            "kld_weight": 4.0, "kld_floor": 0.1, "batch_size": 32, "learning_rate": 1e-3, "weight_decay": 1e-5,
            "gradient_clip": 1.0}
SIZES = [SETTINGS[key] for key in ("d", "classes", "hidden", "latent")]


def inputs():
    """Three overlapping classes of 62, 27 and 11 rows, and everything that chance decides."""
    rng = np.random.default_rng(20250929)
    n, (d, classes, hidden, latent) = SETTINGS["n"], SIZES
    y = rng.permutation(np.repeat(np.arange(classes), [62, 27, 11]))
    x = rng.standard_normal((n, d)) + 1.2 * rng.standard_normal((classes, d))[y]
    x = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
    entropy = local_entropy(x, y, classes, SETTINGS["entropy_neighbors"])[2].astype(np.float32)
    class_weights = (n / (classes * np.bincount(y))).astype(np.float32)
    order = rng.permutation(n)
    return {"x": x, "y": y, "entropy": entropy, "class_weights": class_weights,
            "row_weights": (class_weights[y] * (1 + entropy) ** np.float32(SETTINGS["entropy_power"])).astype(np.float32),
            "batches": [order[i:i + SETTINGS["batch_size"]] for i in range(0, n, SETTINGS["batch_size"])],
            "noise": rng.standard_normal((n, latent)).astype(np.float32), "masks": dropout_masks(rng, n, hidden),
            "parameters": initial_parameters(rng, layers(*SIZES))}


def run(given, parameters, loss):
    """One epoch over `parameters` (name -> tensor); `loss(rows, dropout)` gives loss, reconstruction and KL."""
    optimizer = torch.optim.Adam(parameters.values(), lr=SETTINGS["learning_rate"], weight_decay=SETTINGS["weight_decay"])
    losses, klds, norms = [], [], []
    for rows in given["batches"]:
        optimizer.zero_grad()
        total, _, kld = loss(rows, True)
        total.backward()
        norms.append(single(torch.nn.utils.clip_grad_norm_(parameters.values(), SETTINGS["gradient_clip"])))
        optimizer.step()
        losses.append(single(total))
        klds.append(single(kld))
    with torch.no_grad():
        validation = [single(value) for value in loss(np.arange(SETTINGS["n"]), False)]
    final = {name: value.detach().numpy().copy() for name, value in parameters.items()}
    return {"losses": losses, "klds": klds, "norms": norms, "validation": validation, "parameters": final}


def run_ours(given, dtype):
    tensor = lambda value: torch.tensor(value, dtype=dtype)
    x, noise, weights = tensor(given["x"]), tensor(given["noise"]), tensor(given["row_weights"])
    onehot = tensor(np.eye(SETTINGS["classes"])[given["y"]])
    masks = {name: tensor(value) for name, value in given["masks"].items()}
    p = {name: tensor(value).requires_grad_() for name, value in given["parameters"].items()}

    def loss(rows, dropout):
        here = {name: value[rows] if dropout else torch.ones_like(value[rows]) for name, value in masks.items()}
        out = forward(p, x[rows], onehot[rows], noise[rows], here)
        return lewl(out[0], x[rows], out[1], out[2], weights[rows], SETTINGS["kld_weight"], SETTINGS["kld_floor"])

    return run(given, p, loss)


def run_authors(authors, given):
    """The same with the authors' model and loss function; its Dropout modules multiply by the given masks instead."""
    model, parameters = authors_model(authors, *SIZES, given["parameters"])
    now = {}                                        # the rows of the current step
    dropouts = [module for module in model.modules() if isinstance(module, torch.nn.Dropout)]
    assert len(dropouts) == len(MASKS)
    for name, module in zip(MASKS, dropouts):
        module.forward = lambda value, mask=torch.tensor(given["masks"][name]): \
            value * mask[now["rows"]] if now["dropout"] else value
    noise = torch.tensor(given["noise"])
    model.reparameterize = lambda mu, logvar: mu + noise[now["rows"]] * torch.exp(0.5 * logvar)

    def loss(rows, dropout):
        now.update(rows=rows, dropout=dropout)
        x, y = torch.tensor(given["x"][rows]), torch.tensor(given["y"][rows])
        out = model(x, y)
        return model.loss_function(out[0], x, out[1], out[2], torch.tensor(given["entropy"][rows]),
                                   torch.tensor(given["class_weights"])[y], SETTINGS["kld_weight"],
                                   SETTINGS["entropy_power"], SETTINGS["kld_floor"])

    return run(given, parameters, loss)


def difference(result, other):
    """Largest difference of the final parameters, and of the losses relative to their size."""
    parameters = max(np.abs(value - other["parameters"][name]).max() for name, value in result["parameters"].items())
    ours, theirs = (np.array(r["losses"] + r["validation"][:2]) for r in (result, other))
    return {"parameters": float(f"{parameters:.2e}"), "losses_relative": float(f"{np.abs(theirs / ours - 1).max():.2e}")}


def main():
    options = arguments(__doc__, "tests/Training.Tests/Oracles/epoch.json")
    authors = load_authors(options.authors)
    given = inputs()
    result = run_ours(given, torch.float32)
    rounding = difference(result, run_ours(given, torch.float64))
    theirs = difference(result, run_authors(authors, given)) if authors else None
    print(f"KL per batch {result['klds']}, norms {result['norms']}")
    print(f"float32 against float64: {rounding}; against the authors': {theirs}")
    # Rounding must not decide anything: neither the side of the floor nor the sign of a first Adam step.
    assert min(abs(kld - SETTINGS["kld_floor"]) for kld in result["klds"] + result["validation"][2:]) > 1e-3
    assert rounding["parameters"] < 1e-5
    assert theirs is None or max(theirs.values()) < 1e-5

    write(options.out, {
        "made_by": made_by(__file__, authors, np, torch), **SETTINGS,
        "x": encode(given["x"]), "y": given["y"].tolist(), "entropy_bits": encode(given["entropy"]),
        "row_weights": encode(given["row_weights"]), "batches": [rows.tolist() for rows in given["batches"]],
        "noise": encode(given["noise"]), "masks": encode_all(given["masks"]),
        "initial_parameters": encode_all(given["parameters"]), "final_parameters": encode_all(result["parameters"]),
        "train_losses": result["losses"], "train_klds": result["klds"], "gradient_norms": result["norms"],
        "validation_loss": result["validation"][0], "validation_reconstruction": result["validation"][1],
        "validation_kld": result["validation"][2], "difference_float64": rounding, "difference_authors": theirs})


if __name__ == "__main__":
    main()
