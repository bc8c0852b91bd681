# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a demo checkpoint with stock PyTorch and measures it on the demo's features.

    check_export.py CHECKPOINT FEATURES     prints {"top1": ..., "testzip": null, "epoch": ...}
"""
import json
import struct
import sys
import zipfile

import torch

checkpoint = torch.load(sys.argv[1])  # one of our own making: it may be unpickled
state = checkpoint["state_dict"]
with open(sys.argv[2], "rb") as file:
    raw = file.read()
length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + length])


def tensor(name, dtype):
    begin, end = header[name]["data_offsets"]
    data = bytearray(raw[8 + length + begin:8 + length + end])
    return torch.frombuffer(data, dtype=dtype).reshape(header[name]["shape"])


features, labels = tensor("features", torch.float32), tensor("labels", torch.int64)
logits = features @ state["linear.weight"].t() + state["linear.bias"]
if "scales" in state:
    logits = logits * state["scales"]
right = (logits.argmax(1) == labels).sum().item()
print(json.dumps({"top1": 100 * right / len(labels),
                  "testzip": zipfile.ZipFile(sys.argv[1]).testzip(),
                  "epoch": checkpoint["epoch"]}))
