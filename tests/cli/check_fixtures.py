# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens checkpoints and their corrected copies with stock PyTorch and with zipfile.

    check_fixtures.py FIXTURES PAIRS.json       PAIRS is [[source, corrected], ...]; prints for each
    {"bare": [verdict, verdict], "load": ..., "zip": ..., "changed": [names of tensors]}

`bare` is without the classes that some of the files mention. The files are of our own making: they
may be unpickled.
"""
import json
import sys
import warnings
import zipfile

import torch

warnings.simplefilter("ignore")
FIXTURES, PAIRS = sys.argv[1:]


def load(path):
    try:
        return torch.load(path), "loads"
    except Exception as error:
        return None, f"{type(error).__name__}: {str(error).splitlines()[0]}"


def zip_verdict(path):
    if not zipfile.is_zipfile(path):
        return "no zip"
    try:
        return str(zipfile.ZipFile(path).testzip())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def digests(value):
    from fixture_truth import truth_of, truth_of_script
    is_script = isinstance(value, torch.jit.ScriptModule)
    truth = truth_of_script(value) if is_script else truth_of(value)
    return {t["name"]: [t["sha256"], t["shape"], t["dtype"]] for t in truth["tensors"]}


def changed(before, after):
    if before is None or after is None:
        return None
    before, after = digests(before), digests(after)
    return sorted(name for name in {**before, **after} if before.get(name) != after.get(name))


with open(PAIRS) as file:
    pairs = json.load(file)
bare = [[load(path)[1] for path in pair] for pair in pairs]
sys.path.insert(0, FIXTURES)
found = []
for pair, without in zip(pairs, bare):
    (before, first), (after, second) = map(load, pair)
    found.append({"bare": without, "load": [first, second], "changed": changed(before, after),
                  "zip": [zip_verdict(path) for path in pair]})
print(json.dumps(found))
