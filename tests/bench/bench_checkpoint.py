#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A head out of a checkpoint of 2 GiB: the whole of `monotail-cli profile` against torch.load alone.

The checkpoint (a ResNet-like state_dict, fc of 1000 x 2048) is made once in FOLDER. The rival is
the call of torch.load in a Python process; its import is not counted, ours is a process from start
to end. Both in turn, file in the page cache, medians. Memory is the peak of the process (GNU time)
over that of `monotail-cli --version`, against the 8 MB of the head.

    /usr/bin/python3 bench_checkpoint.py FOLDER [--program monotail-cli] [--runs 9] [--json FILE]

Needs PyTorch and GNU time. Writes [{name, ratio, ours, rival, unit}] with --json.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

CLASSES, FEATURES = 1000, 2048
HEAD_BYTES = 4 * CLASSES * FEATURES
FILE_BYTES = 2 << 30

MAKE = f"""
import collections, sys, torch
torch.manual_seed(0)
state, left, block = collections.OrderedDict(), {FILE_BYTES} - {HEAD_BYTES}, 0
while left > 0:
    name = "layer%d.%d." % (block // 64 + 1, block % 64)
    state[name + "conv2.weight"] = torch.randn(512, 512, 3, 3)
    for part in ("weight", "bias", "running_mean", "running_var"):
        state[name + "bn2." + part] = torch.rand(512)
    left -= 4 * (512 * 512 * 9 + 4 * 512)
    block += 1
state["fc.weight"] = torch.randn({CLASSES}, {FEATURES}) * 0.02
state["fc.bias"] = torch.zeros({CLASSES})
torch.save({{"epoch": 90, "arch": "resnet", "state_dict": state}}, sys.argv[1])
"""

LOAD = """
import sys, time, torch
start = time.perf_counter()
torch.load(sys.argv[1], map_location="cpu")
print(time.perf_counter() - start)
"""


def checkpoint_in(folder):
    path = pathlib.Path(folder) / "bench-2GiB.pth"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, "-c", MAKE, part], check=True)
        part.rename(path)
    return path


def seconds_of_torch(path):
    run = subprocess.run([sys.executable, "-c", LOAD, path], check=True, capture_output=True)
    return float(run.stdout)


def seconds_of(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def peak_bytes(command):
    """By GNU time: a child of this process would begin with this process's peak."""
    run = subprocess.run(["/usr/bin/time", "-f", "%M", *command], check=True, text=True,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return int(run.stderr.split()[-1]) * 1024


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--program", default=here / "../../build/bin/monotail-cli")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json")
    options = parser.parse_args()
    path = checkpoint_in(options.folder)
    profile = [options.program, "profile", path, "--counts", f"exp:1280:256:{CLASSES}", "--json"]
    load_before = os.getloadavg()[0]
    with open(path, "rb") as file:  # into the page cache
        while file.read(1 << 26):
            pass
    seconds_of(profile), seconds_of_torch(path)
    ours, rival = [], []
    for _ in range(options.runs):
        ours.append(seconds_of(profile))
        rival.append(seconds_of_torch(path))
    bare = statistics.median(peak_bytes([options.program, "--version"]) for _ in range(5))
    peak = statistics.median(peak_bytes(profile) for _ in range(5))
    results = [
        {"name": "open/2GiB", "ratio": statistics.median(rival) / statistics.median(ours),
         "ours": statistics.median(ours), "rival": statistics.median(rival), "unit": "s"},
        {"name": "open/memory", "ratio": HEAD_BYTES / (peak - bare), "ours": peak - bare,
         "rival": HEAD_BYTES, "unit": "bytes"},
    ]
    for name, times in (("profile", ours), ("torch.load", rival)):
        print(f"{name:11s}{statistics.median(times):.4f} s (of {options.runs}: {min(times):.4f} to "
              f"{max(times):.4f})")
    print(f"torch.load takes {results[0]['ratio']:.1f} times as long")
    print(f"memory: profile {peak / 1e6:.1f} MB, --version {bare / 1e6:.1f} MB, so "
          f"{(peak - bare) / HEAD_BYTES:.2f} times the head's {HEAD_BYTES / 1e6:.1f} MB")
    print(f"load average: {load_before:.1f} before, {os.getloadavg()[0]:.1f} after")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
