#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PyTorch DataLoader with torchvision's transforms, timed on request: bench_images talks to it
over its pipes.

    load RESIZE CROP COUNT FOLDER  the first images of a folder by name; 0 = as they are  -> ready
    run WORKERS                    all of them once, in batches of 256                    -> seconds
    extract WORKERS THREADS FORM   the same, and a ResNet-10 for 200 classes over each batch; FORM is
                                   "plain" or "channels-last"                             -> seconds
"""
import os
import sys
import time

try:
    import torch
    from PIL import Image
    from torch.utils.data import DataLoader
    from torchvision import transforms
    from torchvision.models.resnet import BasicBlock, ResNet
except ImportError:
    sys.exit(1)  # bench_images says it


class Images:
    def __init__(self, resize, crop, folder, count):
        self.paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))[:count]]
        steps = [transforms.Resize(resize)] if resize else []
        steps += [transforms.CenterCrop(crop)] if crop else []
        steps += [transforms.ToTensor(),
                  transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
        self.transform = transforms.Compose(steps)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with open(self.paths[index], "rb") as file:  # as ImageFolder reads them
            return self.transform(Image.open(file).convert("RGB")), 0


def whole_pass(loader, model=None, memory=torch.contiguous_format):
    start = time.perf_counter()
    with torch.no_grad():
        for batch, _ in loader:
            if model:
                model(batch.contiguous(memory_format=memory))
            del batch
    return time.perf_counter() - start


def main():
    print("ready", flush=True)
    images, loaders = None, {}
    for line in sys.stdin:
        command, *rest = line.strip().split(" ", 1)
        if command == "load":
            resize, crop, count, folder = rest[0].split(" ", 3)
            images, loaders = Images(int(resize), int(crop), folder, int(count)), {}
            answer = "ready"
        else:
            workers, *more = rest[0].split()
            workers = int(workers)
            if workers not in loaders:
                loaders[workers] = DataLoader(images, 256, num_workers=workers,
                                              persistent_workers=workers > 0)
                whole_pass(loaders[workers])  # starts the workers, which is not counted
            model = []
            if command == "extract":
                torch.set_num_threads(int(more[0]))
                memory = torch.channels_last if more[1] == "channels-last" else torch.contiguous_format
                model = [ResNet(BasicBlock, [1, 1, 1, 1], num_classes=200).eval()
                         .to(memory_format=memory), memory]
            answer = repr(whole_pass(loaders[workers], *model))
        print(answer, flush=True)


if __name__ == "__main__":
    main()
