"""Load and save models: PyTorch checkpoints while training, GGUF files to start from."""
import os

import torch

import gguf
from model import CONFIGS, Model

# Where blocks that the wanted depth has and the loaded file has not are put: after these blocks of the file.
GROW_AFTER = {(4, 6): [1, 2]}


def from_gguf(path, config):
    """The model of a GGUF file; missing depth is filled with blocks that start as the identity."""
    meta, tensors = gguf.read(path)
    model = Model(config, meta["llama.vocab_size"])
    old = meta["llama.block_count"]
    after = GROW_AFTER[old, config["n_layer"]] if old != config["n_layer"] else []
    place = {i: i + sum(i > a for a in after) for i in range(old)}
    state = model.state_dict()
    for name, a in tensors.items():
        parts = name.removesuffix(".weight").split(".")
        if parts[0] == "blk":
            parts[1] = str(place[int(parts[1])])
        state[".".join(parts)].copy_(torch.from_numpy(a.astype("float32")))
    return model


def save(model, path, **extra):
    torch.save(dict(config=model.config, vocab=model.vocab, state=model.state_dict(), **extra), path + ".new")
    os.replace(path + ".new", path)


def load(path):
    """The model of a checkpoint or of a GGUF file, by the ending of its name."""
    if path.endswith(".gguf"):
        meta, _ = gguf.read(path)
        config = next(c for c in CONFIGS.values() if c["n_embd"] == meta["llama.embedding_length"])
        return from_gguf(path, dict(config, n_layer=meta["llama.block_count"]))
    d = torch.load(path)
    model = Model(d["config"], d["vocab"])
    model.load_state_dict(d["state"])
    return model


def load_adapter(model, path):
    """Puts the low-rank pairs of an adapter's checkpoint or GGUF file into the model."""
    if path.endswith(".gguf"):
        _, tensors = gguf.read(path)
        layers = [{} for _ in range(model.config["n_layer"] + 1)]
        for name, a in tensors.items():
            stem, _, side = name.partition(".weight.lora_")
            block, _, matrix = stem.removeprefix("blk.").rpartition(".")
            layers[int(block) if block else -1][f"{matrix}_{side}"] = torch.from_numpy(a.astype("float32"))
    else:
        layers = torch.load(path)["lora"]
    for holder, layer in zip([*model.blk, model], layers):
        holder.lora = {k: torch.nn.Parameter(v) for k, v in layer.items()}
