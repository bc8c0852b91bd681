#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what any PyTorch model feeds its classifier: features, labels, the model's own logits and
the samples' ids, for monotail. One file, to be copied beside your code; needs torch and numpy.

In Python, with a loader that does not shuffle:

    import dump_features
    dump_features.run(model, "fc", loader, "features-val.safetensors", split="val")

As a program; make_parts() is yours and returns (model, loader):

    python3 dump_features.py my_code:make_parts fc features-val.safetensors --split val

The loader gives (images, labels), (images, labels, ids) or a dictionary with such keys. The layer
is the classifier itself: its input is written, one row for each sample. Layers are named as in the
state_dict, without ".weight". The name of the file decides the form: .safetensors (keeps what the
features were made of), .npz or .pt.
"""
import argparse
import contextlib
import hashlib
import importlib
import json
import os
import pathlib
import struct
import sys
import tempfile
import zipfile

import numpy as np
import torch

SKIPPED = {"exp_avg", "exp_avg_sq", "momentum_buffer", "encoder_k", "module_k",
           "momentum_encoder", "queue", "num_batches_tracked"}
AVERAGED = {"ema", "teacher", "shadow", "swa_model", "averaged_model", "target_network",
            "target_encoder"}


class DumpError(Exception):
    """What went wrong, as one sentence."""


# --- the layer --------------------------------------------------------------------------------

def find_layer(model, name):
    layers = dict(model.named_modules())
    if name and name in layers:
        return layers[name]
    linear = [f"{key} ({layer.in_features} -> {layer.out_features})"
              for key, layer in layers.items() if isinstance(layer, torch.nn.Linear)]
    raise DumpError(f"the model has no layer '{name}'; its Linear layers are: "
                    + (", ".join(linear) or "none"))


class Hook:
    """Keeps the input of a layer."""

    def __init__(self, layer, name):
        self.name, self.inputs = name, []
        self.handle = layer.register_forward_pre_hook(self.keep)

    def keep(self, _, inputs):
        if not inputs or not torch.is_tensor(inputs[0]):
            raise DumpError(f"the layer '{self.name}' is called without a tensor")
        self.inputs.append(inputs[0])

    def take(self, samples):
        inputs, self.inputs = self.inputs, []
        if len(inputs) != 1:
            raise DumpError(f"the layer '{self.name}' is called {len(inputs)} times for each "
                            "batch, not once")
        features = inputs[0]
        if features.dim() != 2 or features.shape[0] != samples:
            raise DumpError(f"the layer '{self.name}' takes {list(features.shape)} for {samples} "
                            "samples, not one row of features for each; name the classifier")
        return features


# --- what the loader and the model give -------------------------------------------------------

def entry(batch, names, position):
    if isinstance(batch, dict):
        return next((batch[name] for name in names if name in batch), None)
    return batch[position] if len(batch) > position else None


def parts_of(batch):
    """(inputs, labels, ids or None) of a batch."""
    if not isinstance(batch, (dict, list, tuple)):
        raise DumpError(f"the loader gives {type(batch).__name__}, not (images, labels)")
    inputs = entry(batch, ("image", "images", "pixel_values", "inputs", "input", "x"), 0)
    labels = entry(batch, ("label", "labels", "target", "targets", "y"), 1)
    ids = entry(batch, ("id", "ids", "path", "paths", "file", "index"), 2)
    if inputs is None or labels is None:
        raise DumpError("the loader gives no images and labels")
    labels = torch.as_tensor(labels)
    if labels.dim() != 1 or labels.is_floating_point():
        raise DumpError(f"the labels are {list(labels.shape)} {labels.dtype}, not one class index "
                        "for each sample")
    return inputs, labels.to(torch.int64), ids


def text_of(value):
    value = value.item() if torch.is_tensor(value) else value
    return str(value).replace("\n", " ").replace("\r", " ")


def logits_of(output, samples):
    """The first N x C tensor of the model's output, if it has one."""
    if isinstance(output, dict) and "logits" in output:
        output = output["logits"]
    elif isinstance(output, dict):
        output = next(iter(output.values()), None)
    elif isinstance(output, (list, tuple)):
        output = output[0] if output else None
    elif hasattr(output, "logits"):
        output = output.logits
    is_matrix = torch.is_tensor(output) and output.dim() == 2 and output.shape[0] == samples
    return output if is_matrix else None


def ids_of_dataset(loader):
    """Paths of a torchvision ImageFolder or DatasetFolder, if the loader keeps their order."""
    dataset = getattr(loader, "dataset", None)
    sampler = getattr(loader, "sampler", None)
    samples = getattr(dataset, "samples", None)
    if samples is None or not isinstance(sampler, torch.utils.data.SequentialSampler):
        return None
    with contextlib.suppress(Exception):
        return [os.path.relpath(path, dataset.root) for path, _ in samples]
    return None


# --- where the features came from -------------------------------------------------------------

def raw(tensor):
    tensor = tensor.detach().cpu().contiguous()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.numpy().tobytes()


def is_backbone(name, layer):
    parts = name.split(".")
    is_state = any(part in SKIPPED or part.startswith("optim") for part in parts)
    is_copy = any(part in AVERAGED or part.startswith("ema_") or part.endswith("_ema")
                  or "_ema_" in part for part in map(str.lower, parts))
    is_head = name in (layer + ".weight", layer + ".bias") or \
        name.startswith(layer + ".fix_norms_")
    return not (is_state or is_copy or is_head)


def backbone_digest(model, layer):
    """SHA-256 over every tensor but the head's: name NUL dtype NUL shape NUL bytes, in order of
    name. Monotail computes the same of a checkpoint and warns if they differ."""
    digest = hashlib.sha256()
    short = {}
    for name, tensor in model.state_dict().items():
        if torch.is_tensor(tensor) and is_backbone(name, layer):
            short[name[7:] if name.startswith("module.") else name] = tensor
    for name in sorted(short):
        tensor = short[name]
        shape = ",".join(map(str, tensor.shape))
        digest.update(f"{name}\0{str(tensor.dtype)[6:]}\0{shape}\0".encode())
        digest.update(raw(tensor))
    return digest.hexdigest()


def head_digest(layer):
    """SHA-256 of weight and bias in float32; None if the layer is no plain linear one."""
    if not isinstance(layer, torch.nn.Linear):
        return None
    digest = hashlib.sha256(raw(layer.weight.float()))
    if layer.bias is not None:
        digest.update(raw(layer.bias.float()))
    return digest.hexdigest()


# --- writing ----------------------------------------------------------------------------------

class Spool:
    """Rows on disk until all are known: a set may be larger than memory."""

    def __init__(self, folder, dtype):
        self.file = tempfile.TemporaryFile(dir=folder)
        self.dtype, self.rows, self.width = np.dtype(dtype), 0, None

    def add(self, array):
        array = np.ascontiguousarray(array, self.dtype)
        width = array.shape[1:]
        if self.width is not None and width != self.width:
            raise DumpError(f"a batch has rows of {list(width)} numbers, those before it of "
                            f"{list(self.width)}")
        self.width, self.rows = width, self.rows + len(array)
        self.file.write(array.tobytes())

    @property
    def shape(self):
        return (self.rows,) + (self.width or ())

    @property
    def bytes(self):
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def copy_to(self, out):
        self.file.seek(0)
        while True:
            block = self.file.read(1 << 24)
            if not block:
                return
            out.write(block)


def write_safetensors(out, spools, metadata):
    names = {"float32": "F32", "int64": "I64", "uint8": "U8"}
    header, offset = {"__metadata__": metadata}, 0
    for name, spool in spools.items():
        header[name] = {"dtype": names[spool.dtype.name], "shape": list(spool.shape),
                        "data_offsets": [offset, offset + spool.bytes]}
        offset += spool.bytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    out.write(struct.pack("<Q", len(text)) + text)
    for spool in spools.values():
        spool.copy_to(out)


def write_npz(out, spools, _):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, spool in spools.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array_header_1_0(
                    member, {"descr": np.lib.format.dtype_to_descr(spool.dtype),
                             "fortran_order": False, "shape": spool.shape})
                spool.copy_to(member)


def write_pt(out, spools, metadata):
    content = {}
    for name, spool in spools.items():
        spool.file.seek(0)
        array = np.fromfile(spool.file, spool.dtype).reshape(spool.shape)
        content[name] = torch.from_numpy(array)
    torch.save({**content, **metadata}, out)


WRITERS = {".safetensors": write_safetensors, ".npz": write_npz, ".pt": write_pt}


def write(path, spools, metadata):
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as out:
            WRITERS[path.suffix](out, spools, metadata)
        os.replace(part, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


# --- the run ----------------------------------------------------------------------------------

def to_device(inputs, device):
    if torch.is_tensor(inputs):
        return inputs.to(device, non_blocking=True)
    if isinstance(inputs, dict):
        return {name: to_device(value, device) for name, value in inputs.items()}
    return inputs


def device_of(model):
    return next((parameter.device for parameter in model.parameters()), torch.device("cpu"))


def finite(tensor, what):
    rows = tensor.detach().float().cpu()
    if not torch.isfinite(rows).all():
        raise DumpError(f"the {what} are not finite in a batch; in half precision, try float32")
    return rows.numpy()


class Collector:
    """Features, labels, logits and ids of all batches, in files of the folder."""

    def __init__(self, folder):
        self.folder, self.ids, self.precision = folder, [], ""
        self.spools = {"features": Spool(folder, np.float32), "labels": Spool(folder, np.int64)}

    def add(self, features, labels, logits, ids):
        has_logits = "logits" in self.spools
        if self.spools["labels"].rows and has_logits != (logits is not None):
            raise DumpError("some batches have logits and others have none")
        if logits is not None and not has_logits:
            self.spools["logits"] = Spool(self.folder, np.float32)
        self.spools["features"].add(finite(features, "features"))
        self.spools["labels"].add(labels.cpu().numpy())
        if logits is not None:
            self.spools["logits"].add(finite(logits, "logits"))
        if ids is not None:
            self.ids.extend(map(text_of, ids))
        self.precision = str(features.dtype)[6:]

    def add_ids(self, names):
        if len(names) != self.spools["labels"].rows:
            raise DumpError(f"there are {len(names)} ids for {self.spools['labels'].rows} samples")
        text = "".join(name + "\n" for name in names).encode("utf-8", "replace")
        self.spools["ids"] = Spool(self.folder, np.uint8)
        self.spools["ids"].add(np.frombuffer(text, np.uint8))


def collect(model, hook, loader, device, folder):
    collector = Collector(folder)
    with torch.no_grad():
        for batch in loader:
            inputs, labels, ids = parts_of(batch)
            inputs = to_device(inputs, device)
            output = model(**inputs) if isinstance(inputs, dict) else model(inputs)
            collector.add(hook.take(len(labels)), labels, logits_of(output, len(labels)), ids)
    if not collector.spools["labels"].rows:
        raise DumpError("the loader gives no batches")
    return collector


def metadata_of(model, layer, name, precision, options):
    digest = head_digest(layer)
    metadata = {"backbone_sha256": backbone_digest(model, name), "precision": precision,
                "split": options.get("split"), "preprocessing": options.get("preprocessing"),
                "logits_head_sha256": digest,
                "classes": json.dumps(list(options["classes"])) if options.get("classes") else None}
    return {key: value for key, value in metadata.items() if value}


def run(model, layer, loader, path, *, split="", preprocessing="", classes=None, ids=None,
        force=False):
    """Writes the input of `layer` for all that the loader gives, and returns how many samples.

    model: any torch.nn.Module; it is put into evaluation mode for the while.
    split: "train", "val" or "test". preprocessing: a text for people. classes: their names, in
    order of index. ids: what the samples are called, one each; by default what the loader gives
    third, or the paths of an ImageFolder. force: a file that is there may be replaced.
    """
    path = pathlib.Path(path)
    if path.suffix not in WRITERS:
        raise DumpError(f"{path}: the name must end in {', '.join(WRITERS)}")
    if path.exists() and not force:
        raise DumpError(f"{path} is there already; choose another name, or force")
    if isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        model = model.module  # copies on several devices would each see a part of the batch
    if layer.startswith("module.") and layer not in dict(model.named_modules()):
        layer = layer[7:]
    module = find_layer(model, layer)
    was_training, hook = model.training, Hook(module, layer)
    model.eval()
    try:
        found = collect(model, hook, loader, device_of(model), path.resolve().parent)
    finally:
        hook.handle.remove()
        model.train(was_training)
    names = list(map(text_of, ids)) if ids is not None else found.ids or ids_of_dataset(loader)
    if names:
        found.add_ids(names)
    options = {"split": split, "preprocessing": preprocessing, "classes": classes}
    write(path, found.spools, metadata_of(model, module, layer, found.precision, options))
    return found.spools["labels"].rows


def parts_from(factory):
    """(model, loader) of "module:function"."""
    module, separator, function = factory.partition(":")
    if not separator:
        raise DumpError(f"'{factory}': expected MODULE:FUNCTION")
    sys.path.insert(0, os.getcwd())
    make = getattr(importlib.import_module(module), function, None)
    if make is None:
        raise DumpError(f"{module} has no function '{function}'")
    parts = make()
    if not isinstance(parts, (list, tuple)) or len(parts) != 2:
        raise DumpError(f"{factory}() must return (model, loader)")
    return parts


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("factory", help="MODULE:FUNCTION that returns (model, loader)")
    parser.add_argument("layer", help="the classifier, as named in the state_dict: fc")
    parser.add_argument("out", help="FILE.safetensors, FILE.npz or FILE.pt")
    parser.add_argument("--device", help="cpu, cuda, cuda:1, ...: where the model is moved to")
    parser.add_argument("--split", default="", help="train, val or test")
    parser.add_argument("--preprocessing", default="", help="how the images were prepared")
    parser.add_argument("--force", action="store_true", help="replace OUT if it is there")
    parser.add_argument("--classes", help="file with the class names, one a line")
    args = parser.parse_args()
    try:
        model, loader = parts_from(args.factory)
        if args.device:
            model = model.to(args.device)
        classes = pathlib.Path(args.classes).read_text().splitlines() if args.classes else None
        samples = run(model, args.layer, loader, args.out, split=args.split,
                      preprocessing=args.preprocessing, classes=classes, force=args.force)
    except (DumpError, OSError) as error:
        sys.exit(f"error: {error}")
    print(f"{samples} samples written to {args.out}")


if __name__ == "__main__":
    main()
