#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PyTorch DataLoader with torchvision's transforms, timed on request: bench_images talks to it
over its pipes.

    load RESIZE CROP COUNT FOLDER  the first images of a folder by name; 0 = as they are  -> ready
    run WORKERS                    all of them once, in batches of 256                    -> seconds
"""
import os
import sys
import time

try:
    from PIL import Image
    from torch.utils.data import DataLoader
    from torchvision import transforms
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


def whole_pass(loader):
    start = time.perf_counter()
    for batch, _ in loader:
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
            workers = int(rest[0])
            if workers not in loaders:
                loaders[workers] = DataLoader(images, 256, num_workers=workers,
                                              persistent_workers=workers > 0)
                whole_pass(loaders[workers])  # starts the workers, which is not counted
            answer = repr(whole_pass(loaders[workers]))
        print(answer, flush=True)


if __name__ == "__main__":
    main()
