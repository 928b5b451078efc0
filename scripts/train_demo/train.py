# SPDX-License-Identifier: Apache-2.0
"""Train the bundled demo model, measure it and write resources/demo/.

  python3 scripts/train_demo/train.py [--seed S] [--epochs N] [--out DIR] [--cache F.npz]
"""
import argparse
import copy
import math
import os
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from make_dataset import Scene, make_set, render
from repvgg import BRANCHES, RepVGG, branch_shares, fused_forward
from samples import SAMPLES, write_sample
from shapes import CLASSES

RESIZE, CROP = 110, 96
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
DEPTHS, WIDTHS = (2, 3, 4, 1), (16, 16, 32, 64, 128)
TRAIN_COUNT, HELD_OUT_COUNT, PHOTO_COUNT = 7000, 2000, 150
HELD_OUT_OFFSET, PHOTO_OFFSET = 1_000_000, 2_000_000
BATCH, PEAK_RATE, DECAY, SMOOTHING = 64, 0.06, 3e-4, 0.05
LIVE_SHARE, LIVE_DROP = 0.05, 5.0
PHOTO_SIZES = [(640, 480), (480, 640), (601, 403), (512, 512), (800, 450)]


def normalise(pictures):
    """uint8 or float pictures in 0..255, N x 3 x H x W, to the network's input."""
    mean, std = (torch.tensor(v)[None, :, None, None] for v in (MEAN, STD))
    return (pictures.float() / 255.0 - mean) / std


def centre_crop(pictures):
    top, left = (round((n - CROP) / 2) for n in pictures.shape[2:])
    return pictures[:, :, top:top + CROP, left:left + CROP]


def deploy(picture, antialias):
    """The deployed preprocessing of one H x W x 3 picture."""
    h, w = picture.shape[:2]
    scale = RESIZE / min(h, w)
    size = (max(RESIZE, int(h * scale)), max(RESIZE, int(w * scale)))
    x = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    x = F.interpolate(x, size, mode="bilinear", align_corners=False, antialias=antialias)
    return normalise(centre_crop(x.round().clamp(0, 255)))


def augment(pictures, rng):
    """Random crop, flip and quarter turn, channel order, gain, offset and noise."""
    slack = RESIZE - CROP
    out = torch.empty(len(pictures), 3, CROP, CROP)
    for i, picture in enumerate(pictures):
        top, left = rng.integers(0, slack + 1, 2)
        view = picture[torch.from_numpy(rng.permutation(3)), top:top + CROP, left:left + CROP]
        view = view.flip(2) if rng.integers(2) else view
        out[i] = torch.rot90(view, int(rng.integers(4)), (1, 2))
    n = len(pictures)
    gain = torch.from_numpy(rng.uniform(0.8, 1.2, (n, 3, 1, 1))).float()
    shift = torch.from_numpy(rng.uniform(-12, 12, (n, 3, 1, 1))).float()
    noise = torch.from_numpy(rng.standard_normal(out.shape, dtype=np.float32))
    level = torch.from_numpy(rng.uniform(0, 6, (n, 1, 1, 1))).float()
    return normalise((out * gain + shift + noise * level).clamp(0, 255))


def parameter_groups(model):
    """No weight decay on batch-norm vectors and biases, so that no branch decays away."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    free = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": decayed, "weight_decay": DECAY}, {"params": free, "weight_decay": 0.0}]


def rate(progress):
    """Linear warm-up over 5 %, then a cosine to zero."""
    if progress < 0.05:
        return PEAK_RATE * progress / 0.05
    return PEAK_RATE * 0.5 * (1.0 + math.cos(math.pi * (progress - 0.05) / 0.95))


def fit(model, pictures, labels, epochs, seed, report):
    """SGD with Nesterov momentum; `report(epoch, loss, accuracy)` after every epoch."""
    rng = np.random.default_rng([seed, 7])
    optimiser = torch.optim.SGD(parameter_groups(model), 0.1, momentum=0.9, nesterov=True)
    steps = len(labels) // BATCH
    for epoch in range(epochs):
        model.train()
        order, losses, right = rng.permutation(len(labels)), 0.0, 0
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = rate((epoch + step / steps) / epochs)
            pick = torch.from_numpy(order[step * BATCH:(step + 1) * BATCH])
            scores = model(augment(pictures[pick], rng))
            loss = F.cross_entropy(scores, labels[pick], label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses += float(loss)
            right += int((scores.argmax(1) == labels[pick]).sum())
        report(epoch, losses / steps, right / (steps * BATCH))


@torch.no_grad()
def predict(model, inputs, batch=100):
    return torch.cat([model(part).argmax(1) for part in inputs.split(batch)])


def accuracy(model, inputs, labels):
    return float((predict(model, inputs) == labels).double().mean())


def batch_statistics_accuracy(model, inputs, labels):
    """Accuracy in the train phase; works on a copy, so running statistics stay."""
    return accuracy(copy.deepcopy(model).train(), inputs, labels)


def ablated_accuracy(model, branch, inputs, labels):
    """Accuracy with one branch type left out of every block, without retraining."""
    model = copy.deepcopy(model)
    for _, block in model.blocks():
        block.removed = (branch,)
    return accuracy(model, inputs, labels)


def fusion_error(model, inputs):
    """Largest difference of the scores, eval against fused, both in float64."""
    wide = copy.deepcopy(model).double()
    with torch.no_grad():
        return float((wide(inputs.double()) - fused_forward(model, inputs)).abs().max())


def photo_accuracy(model, seed, antialias):
    """Accuracy on photographic-size scenes through the deployed preprocessing."""
    right = 0
    for i in range(PHOTO_COUNT):
        scene = Scene(seed + PHOTO_OFFSET, i)
        picture = render(scene, *PHOTO_SIZES[(i // 10) % len(PHOTO_SIZES)], supersample=1)
        right += int(predict(model, deploy(picture, antialias))) == scene.label
    return right / PHOTO_COUNT


def measure(model, inputs, labels, seed):
    """Everything the README reports."""
    base = accuracy(model, inputs, labels)
    found = predict(model, inputs)
    per_class = [float((found[labels == k] == k).double().mean()) for k in range(len(CLASSES))]
    return {
        "accuracy": base,
        "per_class": per_class,
        "batch": batch_statistics_accuracy(model, inputs, labels),
        "ablated": {b: ablated_accuracy(model, b, inputs, labels) for b in BRANCHES},
        "fusion_error": fusion_error(model, inputs[:200]),
        "photo_smooth": photo_accuracy(model, seed, True),
        "photo_plain": photo_accuracy(model, seed, False),
        "shares": branch_shares(model),
    }


def live_blocks(shares):
    return sum(min(row.values()) >= LIVE_SHARE for _, row in shares)


def check(result):
    """Stop when the model does not meet what the program's demo relies on."""
    shares, base = result["shares"], result["accuracy"]
    assert base > 0.9, base
    assert abs(base - result["batch"]) < 0.03, result["batch"]
    assert 2 * live_blocks(shares) >= len(shares), shares
    for branch, value in result["ablated"].items():
        assert 100.0 * (base - value) >= LIVE_DROP, (branch, value)
    assert result["fusion_error"] < 1e-9, result["fusion_error"]


def save_model(path, model, seed, result):
    """Plain containers and numbers only, tensors in float32 (counters int64)."""
    state = OrderedDict((k, v.detach().clone()) for k, v in model.state_dict().items())
    meta = {
        "classes": list(CLASSES), "input_size": [CROP, CROP], "mean": list(MEAN),
        "std": list(STD), "resize": RESIZE, "crop": CROP, "seed": seed,
        "held_out_accuracy": round(result["accuracy"], 4), "arch": "RepVGG",
        "depths": list(DEPTHS), "widths": list(WIDTHS), "interpolation": "bilinear",
        "license": "Apache-2.0",
    }
    torch.save({"state_dict": state, "meta": meta}, path)


def write_samples(model, folder):
    """Render the sample pictures; each must be recognised as saved on disk."""
    from PIL import Image
    rows = []
    for sample in SAMPLES:
        path = write_sample(sample, folder)
        picture = np.asarray(Image.open(path).convert("RGB")).copy()
        chances = []
        for antialias in (True, False):
            with torch.no_grad():
                chance = model(deploy(picture, antialias)).softmax(1)[0]
            assert CLASSES[int(chance.argmax())] == sample.label, (sample, chance)
            chances.append(float(chance.max()))
        rows.append((sample.file, sample.width, sample.height, sample.label, *chances))
    return rows


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def write_readme(path, args, result, samples, parameters, seconds):
    shares, base = result["shares"], result["accuracy"]
    percent = lambda v: "-" if v is None else f"{100.0 * v:.1f} %"
    energy = markdown(("block",) + BRANCHES + ("smallest >= 5 %",), [
        (name, *(percent(row.get(b)) for b in BRANCHES),
         "yes" if min(row.values()) >= LIVE_SHARE else "no") for name, row in shares])
    ablation = markdown(("left out everywhere", "held-out accuracy", "drop (points)"), [
        (b, percent(v), f"{100.0 * (base - v):.1f}") for b, v in result["ablated"].items()])
    pictures = markdown(("file", "size", "class", "probability (smooth / plain resize)"), [
        (f"`{n}`", f"{w} x {h}", c, f"{p:.3f} / {q:.3f}") for n, w, h, c, p, q in samples])
    classes = ", ".join(f"{c} {100 * v:.1f}" for c, v in zip(CLASSES, result["per_class"]))
    path.write_text(README.format(
        command=f"python3 scripts/train_demo/train.py --seed {args.seed} --epochs {args.epochs}",
        depths=DEPTHS, widths=WIDTHS, parameters=parameters, crop=CROP, resize=RESIZE,
        train=TRAIN_COUNT, held_out=HELD_OUT_COUNT, seed=args.seed, epochs=args.epochs,
        held_seed=args.seed + HELD_OUT_OFFSET, photos=PHOTO_COUNT,
        render=seconds["render"], fit=seconds["fit"], threads=args.threads,
        torch=torch.__version__, accuracy=percent(base), classes=classes,
        batch=percent(result["batch"]), error=result["fusion_error"],
        smooth=percent(result["photo_smooth"]), plain=percent(result["photo_plain"]),
        live=live_blocks(shares), blocks=len(shares), energy=energy, ablation=ablation,
        pictures=pictures))


README = """<!-- SPDX-License-Identifier: Apache-2.0 -->
# Demo model and pictures

`repvgg-shapes.pth` is a small RepVGG in train form (three branches per block), really
trained to name ten shapes: a lit, textured solid on a textured ground. This file, the
model, `classes.txt` and the pictures are all written by one command:

    {command}

`ecbsr-x2.pth`, which makes pictures twice as large, has [its own page](ecbsr-x2.md).

* Architecture: RepVGG, stage depths {depths}, stem and stage widths {widths},
  {parameters} parameters, input {crop} x {crop}; ReLU(BN(conv3x3) + BN(conv1x1)
  [+ BN(identity)]), official key names, float32.
* Preprocessing: RGB, short side to {resize} (bilinear), centre crop {crop} x {crop}, [0, 1],
  ImageNet mean and standard deviation; all of it is in the file's `meta`.
* Training: {train} rendered pictures, {epochs} epochs, seed {seed}, SGD; no weight decay on
  batch-norm vectors. Time: {render:.0f} s rendering + {fit:.0f} s training, {threads} thread(s),
  torch {torch}.
* Pictures and model are the project's own procedural work, Apache-2.0 like the
  repository; no third-party pictures or weights are involved.

## Measured on {held_out} held-out pictures (seed {held_seed})

* Held-out accuracy {accuracy} (eval); {batch} with batch statistics (train phase).
* Per class (%): {classes}.
* {photos} other scenes at photographic sizes through the preprocessing above: {smooth} with a
  smoothing resize, {plain} with plain bilinear sampling.
* Fused against eval, float64: largest difference of the scores {error:.1e}.

## Branches at work

Share of each branch in a block's folded kernel energy (sum of squares of
K * gamma / sqrt(var + eps), identity as a 3x3 kernel). In {live} of {blocks} blocks every
branch has at least 5 %.

{energy}

One branch type left out of every block, eval mode, no retraining:

{ablation}

## Sample pictures

{pictures}
"""


def load_sets(args):
    """Training and held-out pictures as uint8 tensors N x 3 x H x W with labels."""
    if args.cache and os.path.exists(args.cache):
        arrays = [np.load(args.cache)[k] for k in ("a", "b", "c", "d")]
    else:
        arrays = [*make_set(args.seed, TRAIN_COUNT, RESIZE, args.workers),
                  *make_set(args.seed + HELD_OUT_OFFSET, HELD_OUT_COUNT, RESIZE, args.workers)]
        if args.cache:
            np.savez(args.cache, **dict(zip("abcd", arrays)))
    x, y, held_x, held_y = map(torch.from_numpy, arrays)
    return x.permute(0, 3, 1, 2), y, normalise(centre_crop(held_x.permute(0, 3, 1, 2))), held_y


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="rendering processes")
    parser.add_argument("--cache", help="keep the rendered sets in this .npz file")
    default = Path(__file__).resolve().parents[2] / "resources" / "demo"
    parser.add_argument("--out", type=Path, default=default)
    return parser.parse_args()


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(True)
    start = time.time()
    pictures, labels, held_x, held_y = load_sets(args)
    seconds = {"render": time.time() - start}
    print(f"sets ready after {seconds['render']:.0f} s", flush=True)

    model, start = RepVGG(len(CLASSES), DEPTHS, WIDTHS), time.time()

    def report(epoch, loss, train_accuracy):
        model.eval()
        held = accuracy(model, held_x[:500], held_y[:500])
        print(f"epoch {epoch + 1:2d} loss {loss:.3f} train {train_accuracy:.3f} "
              f"held-out (500) {held:.3f} {time.time() - start:.0f} s", flush=True)

    fit(model, pictures, labels, args.epochs, args.seed, report)
    seconds["fit"] = time.time() - start
    model.eval()
    result = measure(model, held_x, held_y, args.seed)
    for key, value in result.items():
        print(key, value)
    check(result)

    args.out.mkdir(parents=True, exist_ok=True)
    save_model(args.out / "repvgg-shapes.pth", model, args.seed, result)
    (args.out / "classes.txt").write_text("\n".join(CLASSES) + "\n")
    samples = write_samples(model, args.out)
    parameters = sum(p.numel() for p in model.parameters())
    write_readme(args.out / "README.md", args, result, samples, parameters, seconds)


if __name__ == "__main__":
    main()
