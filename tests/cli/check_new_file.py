# SPDX-License-Identifier: GPL-3.0-or-later
"""What stock Python makes of a new file: PyTorch of a state_dict, struct and json of safetensors.

    check_new_file.py FILE    prints {"type": ..., "testzip": null, "alignments": [...],
                              "tensors": [[name, dtype, shape, hexadecimal bytes], ...]}
"""
import json
import struct
import sys
import zipfile


def storage_bytes(tensor):
    storage = tensor.storage()
    untyped = storage.untyped() if hasattr(storage, "untyped") else storage._storage
    return bytes(untyped.tolist())


def state_dict(path):
    import torch

    archive = zipfile.ZipFile(path)
    offsets = []
    for member in archive.infolist():
        archive.fp.seek(member.header_offset + 26)
        name, extra = struct.unpack("<HH", archive.fp.read(4))
        offsets.append((member.header_offset + 30 + name + extra) % 64)
    state = torch.load(path, weights_only=True)
    if len(state) < 1000:  # the unrestricted reader agrees
        assert list(torch.load(path)) == list(state)
    assert all(tensor.is_contiguous() for tensor in state.values())
    return {"type": type(state).__name__, "testzip": archive.testzip(),
            "alignments": sorted(set(offsets)),
            "tensors": [[name, str(tensor.dtype).replace("torch.", ""), list(tensor.shape),
                         storage_bytes(tensor).hex()] for name, tensor in state.items()]}


def safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__")
    tensors = sorted(header.items(), key=lambda entry: entry[1]["data_offsets"])
    ends = [0] + [entry["data_offsets"][1] for _, entry in tensors]
    assert [entry["data_offsets"][0] for _, entry in tensors] == ends[:-1] and ends[-1] == len(data)
    return {"type": metadata["format"], "testzip": None, "alignments": [length % 8],
            "tensors": [[name, entry["dtype"], entry["shape"],
                         data[slice(*entry["data_offsets"])].hex()] for name, entry in tensors]}


is_zip = zipfile.is_zipfile(sys.argv[1])
print(json.dumps(state_dict(sys.argv[1]) if is_zip else safetensors(sys.argv[1])))
