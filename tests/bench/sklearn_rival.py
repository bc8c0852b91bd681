#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scikit-learn's isotonic regression, timed on request: bench_isotonic talks to it over its pipes.

    load N FILE    raw float64 of several sets of N values      -> ready
    fit K          isotonic_regression of set K                 -> seconds
    classes        IsotonicRegression, set 0 by falling set 1   -> seconds
"""
import sys
import time

try:
    import numpy
    from sklearn.isotonic import IsotonicRegression, isotonic_regression
except ImportError:
    sys.exit(1)  # bench_isotonic says it


def timed(work):
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    del result
    return repr(seconds)


def main():
    print("ready", flush=True)
    sets = None
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        if command == "load":
            size, _, path = rest.partition(" ")
            sets = numpy.fromfile(path).reshape(-1, int(size))
            answer = "ready"
        elif command == "fit":
            values = sets[int(rest)]
            answer = timed(lambda: isotonic_regression(values))
        else:
            answer = timed(
                lambda: IsotonicRegression(increasing=False).fit_transform(sets[1], sets[0]))
        print(answer, flush=True)


if __name__ == "__main__":
    main()
