#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of stage 2 in the README: every method with five seeds, the last epoch, and for each
hyperparameter the range of class-mean accuracy over its sweep.

    stage2_table.py MONOTAIL_CLI CHECKPOINT COUNTS TRAIN TEST [--seeds 5] [--maxnorm R,R,...]

Features are read, not images. Prints Markdown; the command lines go to stderr.
"""
import argparse
import json
import subprocess
import sys

TAUS = "0:2:0.25"
DECAYS = "0.0001,0.001,0.01,0.1,1"
SMOOTHINGS = "0.1,0.2,0.3,0.4,0.5,0.6"

# Name, flags, and what is swept.
METHODS = [
    ("CE", "--preset ce", None),
    ("cRT", "--preset crt", None),
    ("tau-normalisation", "--preset tau", "then-tau:" + TAUS),
    ("LWS", "--preset lws", None),
    ("weight decay", "--preset wd", "wd:" + DECAYS),
    ("MaxNorm", "--preset ce --constraint maxnorm={maxnorm}", "maxnorm:{maxnorms}"),
    ("weight decay + MaxNorm", "--preset wd+maxnorm", "wd:" + DECAYS),
    ("LAS", "--preset las", "las-head:" + SMOOTHINGS),
    ("logit-adjusted loss", "--preset logit-adjust", "loss-tau:" + TAUS),
    ("logit adjustment of CE", "--preset ce --afterwards logit-adjust=1",
     "then-logit-adjust:" + TAUS),
    ("SAMN projection of CE", "--preset ce --afterwards samn", None),
    ("CE + SAMN", "--preset ce+samn", None),
    ("LAS + SAMN", "--preset las+samn", "las-head:0.01,0.1,0.2,0.3,0.4"),
    ("cosine + SAMN", "--preset ce+samn --features cosine", None),
    ("class-balanced + SAMN", "--preset ce+samn --sampling class-balanced", None),
]


def ask(command):
    print(" ".join(command), file=sys.stderr, flush=True)
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)


def spread(seeds, key):
    if seeds[key] is None:
        return "n/a"
    return f"{seeds[key]:.1f} ± {seeds['deviation'][key]:.1f}"


def main():
    parser = argparse.ArgumentParser()
    for name in ("cli", "checkpoint", "counts", "train", "test"):
        parser.add_argument(name)
    parser.add_argument("--seeds", default="5")
    parser.add_argument("--maxnorm", default="1,1.5,2,2.5,3")
    options = parser.parse_args()
    radii = options.maxnorm.split(",")
    words = {"maxnorm": radii[len(radii) // 2], "maxnorms": options.maxnorm}
    problem = [options.checkpoint, "--counts", options.counts]
    common = ["--seeds", options.seeds, "--json"]
    print("| method | many | medium | few | top-1 | class-mean | swept | worst to best | range |")
    print("|---|--:|--:|--:|--:|--:|---|--:|--:|", flush=True)
    for name, flags, swept in METHODS:
        flags = flags.format(**words).split()
        run = ask([options.cli, "retrain", *problem, "--data", options.train, "--test",
                   options.test, *flags, *common])
        seeds = run["seeds"]
        row = [name] + [spread(seeds, key)
                        for key in ("many", "medium", "few", "top1", "class_mean")]
        if swept:
            sweep = ask([options.cli, "sweep", *problem, "--train", options.train, "--data",
                         options.test, *flags, "--over", swept.format(**words), *common])
            best, worst = sweep["sensitivity"]["best"], sweep["sensitivity"]["worst"]
            row += [swept.format(**words), f"{worst:.1f} to {best:.1f}", f"{best - worst:.1f}"]
        else:
            row += ["", "", ""]
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
