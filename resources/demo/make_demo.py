#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the embedded demo: a long-tailed Fashion-MNIST classifier and two stage-2 heads.

Needs PyTorch, numpy and the Fashion-MNIST files in their IDX form (on Debian: python3-torch and
dataset-fashion-mnist). Nothing here is needed to build, run or test Monotail. See README.md beside
this file for the recipe in words; it was fixed before the first run and not tuned afterwards.

    python3 make_demo.py [--data /usr/share/datasets/fashion-mnist] [--out .]
"""
import argparse
import gzip
import hashlib
import json
import math
import pathlib
import random
import shutil
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
         "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
FREQUENCY_ORDER = ["Shirt", "Coat", "Sneaker", "Pullover", "Dress",
                   "Bag", "Ankle boot", "T-shirt/top", "Trouser", "Sandal"]
LARGEST, IMBALANCE = 1000, 200
MEAN, STD = 0.2860, 0.3530


def train_counts():
    """Images kept per class, in class-index order: int(1000 * (1/200)^(rank/9))."""
    last = len(FREQUENCY_ORDER) - 1
    by_name = {name: int(LARGEST * (1 / IMBALANCE) ** (rank / last))
               for rank, name in enumerate(FREQUENCY_ORDER)}
    return [by_name[name] for name in NAMES]


# --- data -------------------------------------------------------------------------------------

def read_idx(path):
    raw = gzip.decompress(path.read_bytes())
    dims = struct.unpack(f">{raw[3]}I", raw[4:4 + 4 * raw[3]])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(dims)


def load_split(folder, prefix):
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
    pixels = torch.from_numpy(images.astype(np.float32)).div(255).sub(MEAN).div(STD).unsqueeze(1)
    return pixels, torch.from_numpy(labels.astype(np.int64))


def make_long_tailed(pixels, labels, counts):
    """The first counts[c] images of every class, in file order."""
    keep = torch.cat([(labels == c).nonzero().flatten()[:n] for c, n in enumerate(counts)])
    keep, _ = keep.sort()
    return pixels[keep], labels[keep]


def augment(batch, rng):
    """Random crop after padding by 2 with the background, and a random horizontal flip."""
    padded = F.pad(batch, (2, 2, 2, 2), value=-MEAN / STD)
    out = torch.empty_like(batch)
    for i in range(len(batch)):
        top, left = int(rng.integers(5)), int(rng.integers(5))
        crop = padded[i, :, top:top + 28, left:left + 28]
        out[i] = crop.flip(-1) if rng.random() < 0.5 else crop
    return out


# --- model ------------------------------------------------------------------------------------

class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.grow = stride, outputs - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.grow:  # shortcut without parameters: every second pixel, new channels zero
            x = F.pad(x[:, :, ::self.stride, ::self.stride],
                      (0, 0, 0, 0, self.grow // 2, self.grow - self.grow // 2))
        return F.relu(x + y)


class ResNet8(nn.Module):
    """The CIFAR ResNet of depth 6n + 2 with n = 1, for one input channel."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(BasicBlock(16, 16, 1))
        self.layer2 = nn.Sequential(BasicBlock(16, 32, 2))
        self.layer3 = nn.Sequential(BasicBlock(32, 64, 2))
        self.linear = nn.Linear(64, classes)

    def features(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.layer3(self.layer2(self.layer1(x))).mean((2, 3))

    def forward(self, x):
        return self.linear(self.features(x))


class ScaledHead(nn.Module):
    """Learned weight scales: one factor per class on a frozen head, times the whole logit."""

    def __init__(self, linear):
        super().__init__()
        self.linear = linear
        self.scales = nn.Parameter(torch.ones(linear.out_features))

    def forward(self, x):
        return self.linear(x) * self.scales


# --- training ---------------------------------------------------------------------------------

def cosine_rate(base, epoch, epochs):
    return base / 2 * (1 + math.cos(math.pi * epoch / epochs))


def run_epochs(args, parameters, epochs, rate, batches, loss_of):
    optimizer = torch.optim.SGD(parameters, rate, momentum=0.9, weight_decay=args.weight_decay)
    for epoch in range(epochs):
        for group in optimizer.param_groups:
            group["lr"] = cosine_rate(rate, epoch, epochs)
        total = 0.0
        for batch in batches():
            loss = loss_of(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        print(f"  epoch {epoch + 1}/{epochs} loss {total:.1f}", flush=True)
    return optimizer


def train_stage1(args, pixels, labels, rng):
    model = ResNet8().train()

    def batches():
        return torch.from_numpy(rng.permutation(len(labels))).split(args.batch)

    def loss_of(batch):
        return F.cross_entropy(model(augment(pixels[batch], rng)), labels[batch])

    optimizer = run_epochs(args, model.parameters(), args.epochs, args.lr, batches, loss_of)
    return model.eval(), optimizer


def train_stage2(args, head, parameters, features, labels, rng):
    """Class-balanced sampling (every class equally likely) on the frozen stage-1 features."""
    members = [np.flatnonzero(labels.numpy() == c) for c in range(len(NAMES))]

    def batches():
        classes = rng.integers(len(NAMES), size=len(labels))
        drawn = np.array([members[c][rng.integers(len(members[c]))] for c in classes])
        return torch.from_numpy(drawn).split(args.batch)

    def loss_of(batch):
        return F.cross_entropy(head(features[batch]), labels[batch])

    return run_epochs(args, parameters, args.stage2_epochs, args.lr, batches, loss_of)


@torch.no_grad()
def extract(model, pixels):
    return torch.cat([model.features(part) for part in pixels.split(500)])


# --- writing ----------------------------------------------------------------------------------

def backbone_digest(state, head_names):
    """SHA-256 over every tensor but the head's: name, dtype, shape, bytes, in order of name.
    The same rule as core/dataset/features.h."""
    digest = hashlib.sha256()
    for name in sorted(state):
        if name in head_names or name.endswith("num_batches_tracked"):
            continue
        tensor = state[name].contiguous()
        shape = ",".join(map(str, tensor.shape))
        digest.update(f"{name}\0{str(tensor.dtype)[6:]}\0{shape}\0".encode())
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()


def head_digest(linear):
    digest = hashlib.sha256(linear.weight.detach().numpy().tobytes())
    digest.update(linear.bias.detach().numpy().tobytes())
    return digest.hexdigest()


def save_safetensors(path, tensors, metadata):
    names = {np.dtype(np.float32): "F32", np.dtype(np.int64): "I64"}
    header, blobs, offset = {"__metadata__": metadata}, [], 0
    for name, array in tensors.items():
        blob = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": names[array.dtype], "shape": list(array.shape),
                        "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def save_features(path, split, features, labels, model, digest):
    metadata = {"backbone_sha256": digest, "logits_head_sha256": head_digest(model.linear),
                "split": split, "precision": "float32", "classes": json.dumps(NAMES),
                "preprocessing": f"grey 28 x 28, /255, mean {MEAN}, std {STD}"}
    with torch.no_grad():
        logits = model.linear(features)
    save_safetensors(path, {"features": features.numpy(), "labels": labels.numpy(),
                            "logits": logits.numpy()}, metadata)


def measure(predictions, labels):
    hits = [int(((predictions == c) & (labels == c)).sum()) for c in range(len(NAMES))]
    return {"top1": 100 * sum(hits) / len(labels), "per_class_hits": hits}


def save_checkpoint(path, args, epoch, state, optimizer, acc1):
    torch.save({"epoch": epoch, "arch": "resnet8", "state_dict": state,
                "optimizer": optimizer.state_dict(), "args": args, "best_acc1": acc1}, path)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--out", default=".")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--stage2-epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--weight-decay", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main():
    args = parse_arguments()
    source, out = pathlib.Path(args.data), pathlib.Path(args.out)
    args.data, args.out = "fashion-mnist", "."  # what is saved names no machine
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)  # sums in one order: the same machine gives the same bytes
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(args.seed)

    counts = train_counts()
    pixels, labels = make_long_tailed(*load_split(source, "train"), counts)
    test_pixels, test_labels = load_split(source, "t10k")
    results = {}

    print("stage 1: cross entropy", flush=True)
    model, optimizer = train_stage1(args, pixels, labels, rng)
    features, test_features = extract(model, pixels), extract(model, test_pixels)
    head_names = {"linear.weight", "linear.bias"}
    digest = backbone_digest(model.state_dict(), head_names)
    save_features(out / "features-train.safetensors", "train", features, labels, model, digest)
    save_features(out / "features-test.safetensors", "test", test_features, test_labels, model,
                  digest)

    def finish(name, epoch, head, state, optimizer):
        with torch.no_grad():
            results[name] = measure(head(test_features).argmax(1), test_labels)
        save_checkpoint(out / f"{name}.pth.tar", args, epoch, state, optimizer,
                        results[name]["top1"])
        print(name, results[name], flush=True)

    finish("stage1", args.epochs, model.linear, model.state_dict(), optimizer)

    print("cRT: fresh head, class-balanced", flush=True)
    head = nn.Linear(64, len(NAMES))
    optimizer = train_stage2(args, head, head.parameters(), features, labels, rng)
    state = model.state_dict()
    state.update({f"linear.{key}": value for key, value in head.state_dict().items()})
    finish("crt", args.stage2_epochs, head, state, optimizer)

    print("LWS: learned scales on the frozen stage-1 head, class-balanced", flush=True)
    scaled = ScaledHead(model.linear.requires_grad_(False))
    optimizer = train_stage2(args, scaled, [scaled.scales], features, labels, rng)
    state = model.state_dict()
    state["scales"] = scaled.scales.detach()
    finish("lws", args.stage2_epochs, scaled, state, optimizer)

    rows = "".join(f"{i},{name},{n}\n" for i, (name, n) in enumerate(zip(NAMES, counts)))
    (out / "counts.csv").write_text("index,name,count\n" + rows)
    (out / "accuracies.json").write_text(json.dumps(
        {"torch": torch.__version__, "seed": args.seed, "samples": len(test_labels), **results},
        indent=1) + "\n")
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        shutil.copyfile(source / name, out / name)


if __name__ == "__main__":
    main()
