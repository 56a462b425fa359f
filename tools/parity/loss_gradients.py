"""Makes tests/Training.Tests/Oracles/loss-gradients.json: the loss and every gradient of one training step.

The network is written here with plain tensor operations and PyTorch's autograd in float64; noise and dropout masks are
explicit inputs. All inputs are float32 values, results are rounded to float32 for the file. With --authors (a checkout
of github.com/Amirhossein-Zare/LEO-CVAE) the authors' model and loss function, as they ship (float32), are given the
same parameters and noise where no dropout is at work, and their loss and gradients must agree to 1e-5.

Arrays are base64 of little-endian float32, row-major. A case's `kld` is the mean KL divergence before the floor,
`kld_floored` (and the authors' value, `authors_kld`) after it. Gradients are not clipped.

Needs numpy and torch; with --authors also scikit-learn.

    python3 tools/parity/loss_gradients.py [--authors FOLDER] [--out FILE]
"""
import base64
import sys

import numpy as np
import torch

sys.dont_write_bytecode = True
from entropy import arguments, load_authors, made_by, write

torch.set_num_threads(1)
SEED = 20250920
MASKS = ("h1", "h2", "h3", "h4")                    # encoder hidden, hidden / 2; decoder hidden / 2, hidden

# Our names of the layers -> the authors' names.
AUTHORS = {"encoder1": "encoder.0", "encoder2": "encoder.3", "mu": "fc_mu", "logvar": "fc_logvar",
           "decoder1": "decoder.0", "decoder2": "decoder.3", "decoder3": "decoder.6"}


# ---- the network, shared with epoch.py ------------------------------------------------------------------------------

def layers(d, classes, hidden, latent):
    """Name -> (outputs, inputs) of every linear layer, in the order in which they are kept."""
    half = hidden // 2
    return {"encoder1": (hidden, d + classes), "encoder2": (half, hidden), "mu": (latent, half), "logvar": (latent, half),
            "decoder1": (half, latent + classes), "decoder2": (hidden, half), "decoder3": (d, hidden)}


def initial_parameters(rng, shapes, scale=1.0):
    """Uniform(-1, 1) / sqrt(inputs) for weights and biases alike, float32."""
    result = {}
    for name, (outputs, inputs) in shapes.items():
        bound = scale / np.sqrt(inputs)
        result[f"{name}.weight"] = rng.uniform(-bound, bound, (outputs, inputs)).astype(np.float32)
        result[f"{name}.bias"] = rng.uniform(-bound, bound, outputs).astype(np.float32)
    return result


def dropout_masks(rng, n, hidden, share=0.1):
    """Multipliers: 0 where a unit is dropped, 1 / (1 - share) elsewhere."""
    sizes = zip(MASKS, (hidden, hidden // 2, hidden // 2, hidden))
    return {name: ((rng.random((n, size)) >= share) / (1 - share)).astype(np.float32) for name, size in sizes}


def forward(p, x, onehot, noise, masks, closest=None):
    """Reconstruction, mu and log variance. `closest` collects how near an activation came to LeakyReLU's kink."""
    def linear(name, value):
        return value @ p[f"{name}.weight"].T + p[f"{name}.bias"]

    def block(name, value, mask):
        value = linear(name, value)
        if closest is not None:
            closest.append(float(value.detach().abs().min()))
        return torch.where(value > 0, value, 0.2 * value) * masks[mask]

    q = block("encoder2", block("encoder1", torch.cat([x, onehot], 1), "h1"), "h2")
    mu, logvar = linear("mu", q), linear("logvar", q)
    z = mu + torch.exp(0.5 * logvar) * noise
    r = block("decoder2", block("decoder1", torch.cat([z, onehot], 1), "h3"), "h4")
    return linear("decoder3", r), mu, logvar


def lewl(reconstructed, x, mu, logvar, row_weights, kld_weight, kld_floor):
    """Local Entropy-Weighted Loss: the loss, its reconstruction part and the KL divergence before the floor."""
    reconstruction = (row_weights * ((reconstructed - x) ** 2).sum(1)).mean()
    kld = (-0.5 * (1 + logvar - mu ** 2 - torch.exp(logvar)).sum(1)).mean()
    return reconstruction + kld_weight * torch.clamp(kld, min=kld_floor), reconstruction, kld


def authors_model(authors, d, classes, hidden, latent, parameters, dtype=torch.float32):
    """The authors' model with the given parameters."""
    model = authors.LEO_CVAE_Model(d, classes, latent, hidden).to(dtype)
    theirs = {our + part: name + part for our, name in AUTHORS.items() for part in (".weight", ".bias")}
    model.load_state_dict({theirs[name]: torch.tensor(value) for name, value in parameters.items()})
    return model, {name: model.get_parameter(theirs[name]) for name in parameters}


def encode(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")


def encode_all(arrays):
    return {name: encode(array) for name, array in arrays.items()}


def single(number):
    """A scalar rounded to float32, as the arrays are."""
    return float(np.float32(float(number)))


def agree(what, ours, theirs):
    """Largest difference, relative to the largest value where that is above one; at most 1e-5."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    difference = float(np.abs(ours - theirs).max() / max(1.0, np.abs(ours).max()))
    assert difference < 1e-5, f"{what}: differs from the authors' by {difference:.1e}"
    return difference


# ---- the cases ------------------------------------------------------------------------------------------------------

CASES = [
    # name, d, classes, hidden, latent, kld_weight, kld_floor, n, dropout, scale of the parameters
    ("dropout, KL above the floor", 6, 3, 24, 5, 4.0, 0.1, 13, True, 2.0),
    ("no dropout, sizes of the preset", 8, 3, 64, 16, 4.0, 0.1, 32, False, 1.5),
    ("no dropout, KL under the floor", 5, 2, 12, 3, 4.0, 50.0, 9, False, 1.0),
    ("dropout, KL under the floor", 5, 2, 12, 3, 4.0, 50.0, 9, True, 1.0),
    ("one row", 4, 2, 10, 3, 4.0, 0.1, 1, True, 2.0),
    ("seven classes, one feature", 1, 7, 16, 4, 1.5, 0.05, 20, True, 2.0),
]


def case(authors, seed, name, d, classes, hidden, latent, kld_weight, kld_floor, n, dropout, scale):
    rng = np.random.default_rng([SEED, seed])
    x = rng.standard_normal((n, d)).astype(np.float32)
    y = rng.permutation(np.arange(n) % classes)
    class_weights = (n / (classes * np.bincount(y, minlength=classes)[y])).astype(np.float32)
    entropy = rng.uniform(0, np.log2(classes), n).astype(np.float32)
    row_weights = (class_weights * (1 + entropy) ** 2.5).astype(np.float32)
    noise = rng.standard_normal((n, latent)).astype(np.float32)
    masks = dropout_masks(rng, n, hidden)
    if not dropout:
        masks = {mask: np.ones_like(value) for mask, value in masks.items()}
    parameters = initial_parameters(rng, layers(d, classes, hidden, latent), scale)

    tensor = lambda value: torch.tensor(value, dtype=torch.float64)
    p = {key: tensor(value).requires_grad_() for key, value in parameters.items()}
    closest = []
    out = forward(p, tensor(x), tensor(np.eye(classes)[y]), tensor(noise),
                  {key: tensor(value) for key, value in masks.items()}, closest)
    loss, reconstruction, kld = lewl(out[0], tensor(x), out[1], out[2], tensor(row_weights), kld_weight, kld_floor)
    alone = torch.autograd.grad(reconstruction, list(p.values()), retain_graph=True)
    loss.backward()
    gradients = {key: value.grad.numpy() for key, value in p.items()}
    norm = np.sqrt(sum((value ** 2).sum() for value in gradients.values()))
    assert min(closest) > 1e-5, f"{name}: an activation sits on LeakyReLU's kink, change the seed"
    assert (float(kld) < kld_floor) == (kld_floor > 10), f"{name}: KL {float(kld)} on the wrong side of the floor"
    # Under the floor the KL term is a constant; above it, it must have a say.
    same = all(np.allclose(value, other) for value, other in zip(gradients.values(), alone))
    assert same == (float(kld) < kld_floor), name

    theirs = (None, None, None)
    if authors and not dropout:
        model, their_parameters = authors_model(authors, d, classes, hidden, latent, parameters)
        model.eval()                                # no dropout
        model.reparameterize = lambda mu, logvar: mu + torch.tensor(noise) * torch.exp(0.5 * logvar)
        their_out = model(torch.tensor(x), torch.tensor(y))
        total, *parts = model.loss_function(their_out[0], torch.tensor(x), their_out[1], their_out[2],
                                            torch.tensor(entropy), torch.tensor(class_weights),
                                            kld_weight, 2.5, kld_floor)
        total.backward()
        theirs = tuple(value.item() for value in (total, *parts))
        values = max(agree(f"{name}: losses", our.item(), their) for our, their in
                     zip((loss, reconstruction, torch.clamp(kld, min=kld_floor)), theirs))
        slopes = max(agree(f"{name}: {key}", gradients[key], their_parameters[key].grad.numpy()) for key in p)
        print(f"{name}: differs from the authors' by {values:.1e} (losses), {slopes:.1e} (gradients), relative")

    return {"name": name, "d": d, "classes": classes, "hidden": hidden, "latent": latent, "kld_weight": kld_weight,
            "kld_floor": kld_floor, "n": n, "x": encode(x), "y": y.tolist(), "row_weights": encode(row_weights),
            "noise": encode(noise), "masks": encode_all(masks), "parameters": encode_all(parameters),
            "loss": single(loss), "reconstruction": single(reconstruction), "kld": single(kld),
            "kld_floored": single(max(float(kld), kld_floor)), "gradients": encode_all(gradients),
            "gradient_norm": single(norm), "authors_loss": theirs[0], "authors_reconstruction": theirs[1],
            "authors_kld": theirs[2]}


def main():
    options = arguments(__doc__, "tests/Training.Tests/Oracles/loss-gradients.json")
    authors = load_authors(options.authors)
    write(options.out, {"made_by": made_by(__file__, authors, np, torch)},
          [case(authors, seed, *row) for seed, row in enumerate(CASES)])


if __name__ == "__main__":
    main()
