"""The authors' own code (github.com/Amirhossein-Zare/LEO-CVAE), on Debian's PyTorch; run.py calls it.

    authors.py FOLDER epochs DATA HIDDEN LATENT BATCH EPOCHS THREADS    trains on 4/5 of the rows; prints a line of JSON
    authors.py FOLDER oversample TABLE.csv OUT.csv EPOCHS               reads, fits, resamples, writes
"""
import contextlib
import csv
import importlib
import io
import json
import resource
import sys
import time
import types

import numpy as np
import torch


def load(folder):
    # Plots are never drawn.
    for name in "matplotlib", "matplotlib.pyplot":
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]
    sys.path.insert(0, folder)
    return importlib.import_module("src.leo_cvae")


def epochs(authors, path, hidden, latent, batch, count, threads):
    torch.set_num_threads(threads)
    with open(path, "rb") as file:
        n, d = np.fromfile(file, np.int32, 2)
        x = torch.from_numpy(np.fromfile(file, np.float32).reshape(n, d))
    y = (torch.arange(n) % 4 == 0).long()
    held = n // 5
    loader = lambda rows, shuffle: torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x[rows], y[rows], torch.zeros(len(rows))), batch_size=batch, shuffle=shuffle)
    train, validation = loader(torch.arange(held, n), True), loader(torch.arange(held), False)
    model = authors.LEO_CVAE_Model(input_dim=int(d), num_classes=2, latent_dim=latent, hidden_dim=hidden)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-5)

    def run(count):
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            authors._train_cvae_model(model, train, validation, optimizer, count, 4.0, 2.5, torch.tensor([0.67, 2.0]), torch.device("cpu"), patience=10 ** 9, min_kld=0.1)
        return time.perf_counter() - start

    run(1)
    seconds = run(count) / count
    print(json.dumps({"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, "torch": torch.__version__}))


def oversample(authors, table, out, count):
    with open(table, newline="") as file:
        header, *rows = csv.reader(file)
    x = np.array([row[:-1] for row in rows], np.float64)
    names = sorted({row[-1] for row in rows})
    y = np.array([names.index(row[-1]) for row in rows])
    options = types.SimpleNamespace(DEVICE="cpu", NUM_CLASSES=len(names), LEO_KNN_K=15, LEO_LATENT_DIM=16, LEO_HIDDEN_DIM=64, LEO_LEARNING_RATE=1e-3, LEO_WEIGHT_DECAY=1e-5,
                                    LEO_BATCH_SIZE=32, LEO_EPOCHS=count, LEO_BETA=4.0, LEO_GAMMA=2.5, LEO_PATIENCE=10 ** 9, LEO_MIN_KLD=0.1)
    # Standardized, as ours does: unscaled data would be a different task.
    mean, scale = x.mean(0), x.std(0)
    scale[scale == 0] = 1
    with contextlib.redirect_stdout(io.StringIO()):
        resampled, labels = authors.apply_leo_cvae((x - mean) / scale, y, options, plot_history=False)
    with open(out, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([*row, names[label]] for row, label in zip(resampled * scale + mean, labels))


if __name__ == "__main__":
    authors, mode = load(sys.argv[1]), sys.argv[2]
    if mode == "epochs":
        epochs(authors, sys.argv[3], *map(int, sys.argv[4:]))
    else:
        oversample(authors, sys.argv[3], sys.argv[4], int(sys.argv[5]))
