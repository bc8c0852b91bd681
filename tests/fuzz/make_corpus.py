#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the seeds of tests/fuzz/corpus that Python writes: arrays, counts, idx, image, legacy, npy,
npz.

Needs numpy and PyTorch; run by hand. The tests read the same files: what they hold is known from
here. Nothing here is needed to build, run or test Monotail.

    python3 make_corpus.py [corpus]
"""
import collections
import gzip
import io
import pathlib
import pickle
import struct
import sys

import numpy as np
import torch

FEATURES = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
LABELS = np.array([0, 2, 2], np.int64)


class Python2Pickler(pickle._Pickler):
    """Writes bytes and texts as Python 2 wrote its str."""
    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, text):
        data = text if isinstance(text, bytes) else text.encode("ascii")
        if self.proto == 0:
            self.write(b"S" + repr(data)[1:].encode("ascii") + b"\n")
        elif len(data) < 256:
            self.write(b"U" + bytes([len(data)]) + data)
        else:
            self.write(b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(text)

    dispatch[str] = dispatch[bytes] = save_string


def python2(value, protocol=2):
    out = io.BytesIO()
    Python2Pickler(out, protocol).dump(value)
    reread = pickle.loads(out.getvalue(), encoding="bytes")
    assert set(reread) == {key.encode() for key in value}
    return out.getvalue()


def numpy2(data):
    """NumPy 2 renamed the module that rebuilds arrays."""
    assert b"numpy.core" in data
    return data.replace(b"cnumpy.core.multiarray", b"cnumpy._core.multiarray")


def types():
    """Numbers 2, 0, 7 in every type that is read, and what is not."""
    names = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8".split()
    arrays = {name: np.array([2, 0, 7], name) for name in names}
    arrays["b1"] = np.array([True, False, True])
    arrays["big"] = np.array([2, 0, 7], ">f4")
    arrays["objects"] = np.array([2, None, "x"], object)
    arrays["structured"] = np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f4")])
    arrays["texts"] = np.array(["a", "bc"])
    arrays["dates"] = np.array(["2020-01-01"], "M8[D]")
    arrays["complex"] = np.array([1j])
    return arrays


def cifar(part, labels, key="labels"):
    images = (np.arange(2 * 3072) % 251).astype(np.uint8).reshape(2, 3072)
    return {"batch_label": part, key: labels, "data": images, "filenames": ["a.png", "b.png"]}


def arrays():
    dump = {"feats": FEATURES, "labels": LABELS, "idxs": np.arange(3)}
    files = {f"dump-{p}": pickle.dumps(dump, p) for p in range(6)}
    files["dump-python2-0"] = python2(dump, 0)
    files["dump-python2-2"] = python2(dump)
    files["dump-numpy2"] = numpy2(pickle.dumps(dump, 2))
    files["fortran-2"] = pickle.dumps(dict(dump, feats=np.asfortranarray(FEATURES)), 2)
    files["fortran-5"] = pickle.dumps(dict(dump, feats=np.asfortranarray(FEATURES)), 5)
    files["lists"] = pickle.dumps({"x": FEATURES.tolist(), "y": LABELS.tolist()}, 2)
    files["tuples"] = pickle.dumps({"x": [(1, 2), (3, 4), (5, 6)], "y": (0, 2, 2)}, 4)
    files["scalars-2"] = pickle.dumps({"x": FEATURES.astype("f2"), "targets": list(LABELS)}, 2)
    files["scalars-4"] = pickle.dumps(
        {"x": [[np.float32(v) for v in row] for row in FEATURES], "y": list(LABELS)}, 4)
    files["ordered"] = pickle.dumps(collections.OrderedDict(dump), 4)
    files["nested"] = pickle.dumps({"val": dump, "epoch": 3}, 4)
    files["two-splits"] = pickle.dumps({"train": dump, "val": dump}, 4)
    files["pair"] = pickle.dumps((FEATURES, LABELS), 2)
    files["alone"] = pickle.dumps(FEATURES, 1)
    files["types"] = pickle.dumps(types(), 4)
    files["empty"] = pickle.dumps({"x": np.zeros((0, 2), "f4"), "y": np.zeros(0, "i8")}, 2)
    files["batches"] = pickle.dumps({"feats": [FEATURES, FEATURES], "labels": LABELS}, 4)
    files["ragged"] = pickle.dumps({"feats": [[1, 2], [3]], "labels": [0, 1]}, 4)
    files["texts"] = pickle.dumps({"feats": FEATURES, "labels": ["cat", "dog", "dog"]}, 4)
    files["mixed"] = pickle.dumps({"feats": FEATURES, "labels": [0, "dog", 1]}, 4)
    files["wide"] = pickle.dumps({"feats": FEATURES, "labels": [0, 1, 2**70]}, 4)
    files["tensors"] = pickle.dumps({"feats": torch.zeros(3, 2), "labels": torch.zeros(3)}, 4)
    files["out-of-band"] = pickle.dumps(dump, 5, buffer_callback=lambda _: None)
    files["cifar10/data_batch_1"] = python2(cifar("training batch 1 of 5", [6, 9]))
    files["cifar10/test_batch"] = python2(cifar("testing batch 1 of 1", [3, 8]))
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
             "truck"]
    files["cifar10/batches.meta"] = python2({"num_cases_per_batch": 2, "label_names": names,
                                             "num_vis": 3072})
    files["cifar100/train"] = pickle.dumps(
        {k.encode(): v for k, v in dict(cifar("training batch 1 of 1", [19, 1], "fine_labels"),
                                        coarse_labels=[11, 4]).items()}, 2)
    return files


def idx(array, code):
    return (bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
            + array.tobytes())


def idx_files():
    labels = np.array([0, 2, 2, 1], np.uint8)
    images = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    codes = {"u1": 0x08, "i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}
    files = {f"numbers-{name.strip('>')}": idx(np.array([[2, 0], [7, 1]], name), code)
             for name, code in codes.items()}
    files["labels"] = idx(labels, 0x08)
    files["images"] = idx(images, 0x08)
    files["labels.gz"] = gzip.compress(files["labels"], mtime=0)
    files["images.gz"] = gzip.compress(files["images"], mtime=0)
    files["numbers.gz"] = gzip.compress(files["numbers-f4"], mtime=0)
    return files


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npz(save, **values):
    out = io.BytesIO()
    save(out, **values)
    return out.getvalue()


def legacy(value, **options):
    out = io.BytesIO()
    torch.save(value, out, _use_new_zipfile_serialization=False, **options)
    return out.getvalue()


def checkpoints():
    torch.manual_seed(0)
    net = torch.nn.Sequential(collections.OrderedDict(
        conv=torch.nn.Conv2d(1, 2, 1), fc=torch.nn.Linear(2, 3)))
    base = torch.arange(12.0)
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    return {
        "state": legacy(net.state_dict()),
        "training": legacy({"epoch": 3, "best_acc1": torch.tensor(61.5),
                            "state_dict": net.state_dict(), "optimizer": optimizer.state_dict()}),
        "views": legacy({"fc.weight": base.view(3, 4).t(), "fc.bias": base[4:8],
                         "part": base.view(3, 4)[:, 1:3]}),
        "types": legacy({n: torch.zeros(2, dtype=getattr(torch, n)) for n in
                         "float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool "
                         "complex64".split()}),
        "protocol-4": legacy({"fc.weight": torch.ones(2, 2)}, pickle_protocol=4),
        "protocol-0": legacy({"fc.weight": torch.ones(2, 2)}, pickle_protocol=0),
    }


def images():
    """The smallest of every kind, of those that fixtures/make_images.py has written."""
    folder = pathlib.Path(__file__).parent.parent / "fixtures/images"
    names = ("alpha-16.png cmyk.jpg colour-420.jpg colour-hole.png grey-1.png grey-alpha.png "
             "grey.jpg interlaced.png one-pixel.jpg palette-holes.png progressive.jpg restart.jpg")
    return {name: (folder / name).read_bytes() for name in names.split()}


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        pathlib.Path(__file__).parent / "corpus")
    pair = {"features": FEATURES, "labels": LABELS}
    kinds = {
        "arrays": arrays(), "idx": idx_files(), "image": images(), "legacy": checkpoints(),
        "npy": {"f4": npy(FEATURES), "fortran": npy(np.asfortranarray(FEATURES)),
                "i8": npy(LABELS), "empty": npy(np.zeros((0, 2)))},
        "npz": {"stored": npz(np.savez, **pair), "deflated": npz(np.savez_compressed, **pair)},
        # The first byte says what is known of the file, see fuzz_counts.cpp.
        "counts": {"lines": b"\x00500\n30\n0\n7\n", "csv": b"\x02label,count\n0,500\n1,30\n3,7\n",
                   "json": b"\x00{\"counts\": [5, 3], \"names\": [\"a\", \"b\"]}",
                   "list": b"\x11a/1.jpg 0\nb/2.jpg 1\nb/3 4.jpg 1\n"},
    }
    for kind, files in kinds.items():
        for name, data in files.items():
            path = root / kind / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
