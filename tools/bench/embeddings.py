"""Are a row's nearest neighbors of its own class: in a model's latent space, and by the raw features?

Usage: /usr/bin/python3 tools/bench/embeddings.py TABLE.csv ...      tables of numbers, their class in the column 'label'

Three splits of each table, 60 % known rows and 40 % new ones, stratified. The model is fitted on the known rows with the default options;
all rows are embedded without their labels. Both spaces standardized by the known rows. Of each new row's 10 nearest known ones the share
that has its label: the mean over rows, and the mean over classes.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import wilcoxon
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

TOOL = Path(__file__).resolve().parents[1] / 'leocvae/bin/Release/net10.0/leocvae.dll'


def leocvae(*arguments):
    subprocess.run(['dotnet', TOOL, *map(str, arguments), '--quiet'], check=True, stdout=subprocess.DEVNULL)


def shares(known, known_labels, new, new_labels):
    scaler = StandardScaler().fit(known)
    nearest = NearestNeighbors(n_neighbors=10).fit(scaler.transform(known)).kneighbors(scaler.transform(new), return_distance=False)
    same = (known_labels[nearest] == new_labels[:, None]).mean(1)
    return same.mean(), np.mean([same[new_labels == c].mean() for c in np.unique(new_labels)])


def measure(path, seed):
    table = pd.read_csv(path)
    labels, features = table.label.astype(str).to_numpy(), table.drop(columns='label')
    known, new = train_test_split(np.arange(len(table)), test_size=.4, stratify=labels, random_state=seed)
    with tempfile.TemporaryDirectory() as folder:
        model, latents = f'{folder}/model', []
        table.iloc[known].to_csv(f'{folder}/known.csv', index=False)
        leocvae('train', f'{folder}/known.csv', '--target', 'label', '--model', model, '--with-reference', '--seed', seed)
        for rows in (known, new):
            features.iloc[rows].to_csv(f'{folder}/rows.csv', index=False)
            leocvae('embed', model, f'{folder}/rows.csv', '--out', f'{folder}/vectors.csv', '--overwrite')
            vectors = pd.read_csv(f'{folder}/vectors.csv')
            latents.append(vectors[[name for name in vectors if name not in features]].to_numpy(float))
    raw = features.to_numpy(float)
    return shares(raw[known], labels[known], raw[new], labels[new]) + shares(latents[0], labels[known], latents[1], labels[new])


def main():
    print('| table | raw features | latent means | raw, mean of classes | latent, mean of classes |\n|---|---|---|---|---|')
    means = []
    for path in sys.argv[1:]:
        raw, raw_classes, latent, latent_classes = mean = np.mean([measure(path, seed) for seed in range(3)], axis=0)
        means.append(mean)
        print(f'| {Path(path).stem} | {raw:.3f} | {latent:.3f} | {raw_classes:.3f} | {latent_classes:.3f} |', flush=True)
    raw, raw_classes, latent, latent_classes = np.mean(means, axis=0)
    print(f'| mean | {raw:.3f} | {latent:.3f} | {raw_classes:.3f} | {latent_classes:.3f} |')
    if len(means) > 4:
        differences = np.array(means)[:, 2] - np.array(means)[:, 0]
        print(f'\nlatent better on {(differences > 0).sum()} of {len(means)}, Wilcoxon p = {wilcoxon(differences).pvalue:.4f}')


main()
