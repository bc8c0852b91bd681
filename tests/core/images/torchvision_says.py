#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what torchvision's evaluation transforms make of images, under every setting of
expected.json, one after the other as raw 8-bit RGB.

    torchvision_says.py EXPECTED OUT IMAGE...
"""
import json
import sys

import numpy as np
from PIL import Image
from torchvision import transforms

FILTERS = {"bilinear": transforms.InterpolationMode.BILINEAR,
           "bicubic": transforms.InterpolationMode.BICUBIC}


def transform(setting):
    steps = []
    if setting["resize"]:
        steps.append(transforms.Resize(setting["resize"],
                                       interpolation=FILTERS[setting["filter"]]))
    if setting["crop"]:
        steps.append(transforms.CenterCrop(setting["crop"]))
    return transforms.Compose(steps)


def main():
    with open(sys.argv[1]) as file:
        settings = json.load(file)["settings"]
    with open(sys.argv[2], "wb") as out:
        for path in sys.argv[3:]:
            image = Image.open(path).convert("RGB")
            for setting in settings:
                out.write(np.asarray(transform(setting)(image)).tobytes())


if __name__ == "__main__":
    main()
