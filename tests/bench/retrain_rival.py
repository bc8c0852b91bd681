#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 2 on features in memory as one writes it in PyTorch, timed on request: bench_retrain talks
to it over its pipes.

    load ROWS WIDTH CLASSES FILE  float32 features, then int64 labels, raw                 -> ready
    train HEAD THREADS EPOCHS     HEAD is "linear" (nn.Linear) or "samn" (unit rows times the exp of
                                  a monotone module whose PAVA can be differentiated); batches of
                                  64, SGD with momentum                       -> seconds of the best
                                                                                 epoch
"""
import sys
import time

try:
    import numpy
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError:
    sys.exit(1)  # bench_retrain says it


class Pava(torch.autograd.Function):
    """The non-decreasing fit; backward gives every member of a block the block's mean gradient."""

    @staticmethod
    def forward(context, values):
        blocks = []
        for value in values.tolist():
            total, size = value, 1
            while blocks and blocks[-1][0] / blocks[-1][1] > total / size:
                previous = blocks.pop()
                total, size = total + previous[0], size + previous[1]
            blocks.append((total, size))
        sizes = torch.tensor([size for _, size in blocks])
        means = torch.tensor([total / size for total, size in blocks], dtype=values.dtype)
        context.sizes = sizes
        context.member = torch.repeat_interleave(torch.arange(len(blocks)), sizes)
        return means[context.member]

    @staticmethod
    def backward(context, gradient):
        sums = torch.zeros(len(context.sizes), dtype=gradient.dtype)
        sums.index_add_(0, context.member, gradient)
        return (sums / context.sizes)[context.member]


class Monotone(nn.Module):
    def __init__(self, counts):
        super().__init__()
        spread = counts.max() - counts.min()
        self.raw = nn.Parameter((counts - counts.min()) / spread + 1e-6)
        self.order = torch.argsort(counts, stable=True)
        self.back = torch.argsort(self.order)

    def forward(self):
        pooled = Pava.apply(self.raw[self.order])
        return (1 / (functional.softplus(pooled) + 2e-6))[self.back]


class SamnHead(nn.Module):
    def __init__(self, width, counts):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(len(counts), width) * 0.02)
        self.bias = nn.Parameter(torch.zeros(len(counts)))
        self.row_norms, self.bias_norms = Monotone(counts), Monotone(counts)

    def forward(self, features):
        rows = functional.normalize(self.weight) * torch.exp(self.row_norms())[:, None]
        return functional.linear(features, rows, torch.exp(self.bias_norms()) + self.bias)


def best_epoch(head, features, labels, epochs):
    optimizer = torch.optim.SGD(head.parameters(), lr=5e-4, momentum=0.9)
    seconds = []
    for _ in range(epochs):
        start = time.perf_counter()
        for batch in torch.randperm(len(labels)).split(64):
            loss = functional.cross_entropy(head(features[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main():
    print("ready", flush=True)
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "load":
            rows, width, classes = (int(number) for number in rest[:3])
            numbers = numpy.fromfile(rest[3], numpy.float32, rows * width)
            features = torch.from_numpy(numbers.reshape(rows, width))
            labels = torch.from_numpy(
                numpy.fromfile(rest[3], numpy.int64, rows, offset=numbers.nbytes))
            counts = torch.bincount(labels, minlength=classes).float()
            print("ready", flush=True)
            continue
        head, threads, epochs = rest[0], int(rest[1]), int(rest[2])
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        module = nn.Linear(width, classes) if head == "linear" else SamnHead(width, counts)
        print(repr(best_epoch(module, features, labels, epochs)), flush=True)


if __name__ == "__main__":
    main()
