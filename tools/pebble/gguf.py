"""GGUF version 3, as far as pebble needs it: write a file, and read it back."""
import struct

import numpy as np

U32, I32, F32, BOOL, STR, ARR = 4, 5, 6, 7, 8, 9
FORMAT = {U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}
TYPES = {0: np.float32, 1: np.float16}
ALIGN = 32


def _text(s):
    b = s.encode()
    return struct.pack("<Q", len(b)) + b


def _value(kind, v):
    return _text(v) if kind == STR else struct.pack(FORMAT[kind], v)


def _pair(key, kind, v):
    """One metadata entry; a list becomes an array of the kind."""
    if isinstance(v, list):
        return _text(key) + struct.pack("<IIQ", ARR, kind, len(v)) + b"".join(_value(kind, x) for x in v)
    return _text(key) + struct.pack("<I", kind) + _value(kind, v)


def write(path, meta, tensors):
    """meta: (key, kind, value); tensors: (name, numpy array of float32 or float16) in order."""
    infos, blobs, offset = [], [], 0
    for name, a in tensors:
        a = np.ascontiguousarray(a)
        dims = a.shape[::-1]                        # GGUF lists the fastest dimension first
        infos.append(_text(name) + struct.pack("<I", len(dims)) + b"".join(struct.pack("<Q", d) for d in dims) +
                     struct.pack("<IQ", 1 if a.dtype == np.float16 else 0, offset))
        data = a.tobytes()
        data += b"\0" * (-len(data) % ALIGN)
        blobs.append(data)
        offset += len(data)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(meta)) + b"".join(_pair(*m) for m in meta) + b"".join(infos)
    with open(path, "wb") as f:
        f.write(head + b"\0" * (-len(head) % ALIGN) + b"".join(blobs))


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        v = struct.unpack_from(form, self.data, self.at)[0]
        self.at += struct.calcsize(form)
        return v

    def text(self):
        n = self.take("<Q")
        self.at += n
        return bytes(self.data[self.at - n:self.at]).decode()

    def value(self, kind):
        if kind == ARR:
            kind, n = self.take("<I"), self.take("<Q")
            return [self.value(kind) for _ in range(n)]
        return self.text() if kind == STR else self.take(FORMAT[kind])


def read(path):
    """Metadata and tensors (numpy arrays) of a file that `write` wrote."""
    with open(path, "rb") as f:
        r = _Reader(f.read())
    r.at = 8                                        # magic and version
    tensors, pairs = r.take("<Q"), r.take("<Q")
    meta = {r.text(): r.value(r.take("<I")) for _ in range(pairs)}
    infos = []
    for _ in range(tensors):
        name = r.text()
        dims = [r.take("<Q") for _ in range(r.take("<I"))]
        infos.append((name, dims[::-1], TYPES[r.take("<I")], r.take("<Q")))
    base = r.at + -r.at % ALIGN
    return meta, {name: np.frombuffer(r.data, kind, int(np.prod(shape)), base + offset).reshape(shape)
                  for name, shape, kind, offset in infos}
