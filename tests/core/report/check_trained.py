# SPDX-License-Identifier: GPL-3.0-or-later
"""What PyTorch finds changed in an exported checkpoint, beside what it was made from.

    check_trained.py SOURCE EXPORTED    prints {"changed": [names], "missing": [names],
                                        "sha256": {name: of the changed tensor's bytes}}

A state_dict is opened with weights_only; a patched copy holds whatever its source does.
"""
import hashlib
import json
import sys

import torch


def state_dict(path):
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception:  # arguments and numpy numbers beside the tensors
        return torch.load(path, map_location="cpu", weights_only=False)


source, exported = (state_dict(path) for path in sys.argv[1:])
is_patch = "state_dict" in exported
if is_patch:
    assert set(exported) == set(source) and exported["epoch"] == source["epoch"]
    exported = exported["state_dict"]
else:
    torch.load(sys.argv[2], weights_only=True)
source = source["state_dict"]
changed = [name for name in source if name in exported
           and not torch.equal(source[name], exported[name])]
print(json.dumps({
    "changed": changed,
    "missing": sorted(set(source) ^ set(exported)),
    "sha256": {name: hashlib.sha256(exported[name].numpy().tobytes()).hexdigest()
               for name in changed}}))
