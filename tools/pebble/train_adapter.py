#!/usr/bin/env python3
"""Train a LoRA adapter (formal or json, see styles.py) on a trained pebble.

usage: train_adapter.py MODEL STYLE OUT SECONDS [option=value ...]

MODEL is a checkpoint or a GGUF file, OUT the checkpoint to write; begin=FILE goes on from an earlier OUT or a GGUF
adapter, also one of a lower rank. Other options as in train.py; without muon, all rates are Adam's. The targets are the
corpus's right answers in the style, drawn from the training side of every slice.
"""
import math
import os
import sys

import torch

import checkpoint
import train
from data import batches, documents
from model import MATRICES
from styles import STYLES
from tokenizer import Tokenizer

RANK = 32


def attach(model):
    """Gives the model fresh low-rank pairs for all matrices; returns them as one dict a block, and one for the output.

    The output matrix has one too: a style may need tokens that the base model never writes.
    """
    def pair(name, out, width):
        return {name + "_a": torch.nn.Parameter(torch.randn(RANK, width) / math.sqrt(width)),
                name + "_b": torch.nn.Parameter(torch.zeros(out, RANK))}
    for p in model.parameters():
        p.requires_grad_(False)
    for b in model.blk:
        b.lora = {}
        for n in MATRICES:
            b.lora.update(pair(n, *getattr(b, n).shape))
    model.lora = pair("output", *model.output.shape)
    return [b.lora for b in model.blk] + [model.lora]


def widen(model, path):
    """Puts the pairs of an earlier adapter into the first places of the fresh ones, which change nothing yet."""
    fresh = [*[b.lora for b in model.blk], model.lora]
    checkpoint.load_adapter(model, path)
    for new, old in zip(fresh, [*[b.lora for b in model.blk], model.lora]):
        for name, p in new.items():
            o = old[name].data
            p.data[tuple(slice(n) for n in o.shape)] = o
    for holder, new in zip([*model.blk, model], fresh):
        holder.lora = new


def main(base, style, out, seconds, words):
    begin = [w.partition("=")[2] for w in words if w.startswith("begin=")]
    opt = train.options(["muon=0", *[w for w in words if not w.startswith("begin=")]])
    tok = Tokenizer()
    torch.manual_seed(opt["seed"])
    model = checkpoint.load(base)
    lora = attach(model)
    if begin:
        widen(model, begin[0])
    print(f"{style} on {os.path.basename(base)}, {opt}", flush=True)

    def data(rank):
        seed = opt["seed"] * 100 + 50 + rank
        return batches(documents(tok, seed, STYLES[style]), opt["size"], seed)

    def save(**extra):
        state = [{k: v.detach().clone() for k, v in layer.items()} for layer in lora]
        torch.save(dict(lora=state, **extra), out + ".new")
        os.replace(out + ".new", out)
    train.run(dict(model=model, params=[p for layer in lora for p in layer.values()], data=data, seconds=seconds, opt=opt,
                   probe=None, fast=[model.lora["output_b"]], slow=[], save=save))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5:])
