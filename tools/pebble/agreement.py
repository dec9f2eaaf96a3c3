#!/usr/bin/env python3
"""How often others choose the token that the model chooses, along its own greedy answers to items of eval.jsonl.

usage: agreement.py draft MODEL DRAFT [N]          a draft model, for speculative decoding (N items of each slice, 10 by default)
       agreement.py llama MODEL ORACLE... [N=N]    llama.cpp, through the command line that runs tools/oracle

Every token of an answer and its end is one choice, given all tokens before it. When all choices of an answer agree,
both would write the same answer.
"""
import array
import collections
import os
import subprocess
import sys
import tempfile

import torch

import checkpoint
from score import read_items
from tokenizer import HERE, Tokenizer, render

END = "<|im_end|>"


def choices(model, tok, n):
    """Slice, ids of the whole text and where the answer begins, for each item."""
    items = read_items(os.path.join(HERE, "eval.jsonl"), n)
    prompts = [tok.encode(render(it["messages"])) for it in items]
    stop = {tok.ids[END], tok.ids["<|endoftext|>"]}
    for it, prompt in zip(items, prompts):
        answer = model.greedy([prompt], 320, stop)[0]
        yield it["slice"], prompt + answer + [tok.ids[END]], len(prompt)


def report(name, rows):
    """rows: slice, choices of the model, choices of the other."""
    agreed, whole = collections.defaultdict(lambda: [0, 0]), 0
    for slice_, ours, theirs in rows:
        same = [a == b for a, b in zip(ours, theirs)]
        whole += all(same)
        for key in (slice_, "all"):
            agreed[key][0] += sum(same)
            agreed[key][1] += len(same)
    for key, (a, b) in agreed.items():
        print(f"{key} {100 * a / b:.1f} ({a}/{b})")
    print(f"{name}: the same whole answer in {whole} of {len(rows)}")


def draft(path, other, n=10):
    model, small, tok = checkpoint.load(path), checkpoint.load(other), Tokenizer()
    rows = []
    for slice_, ids, at in choices(model, tok, int(n)):
        rows.append((slice_, ids[at:], small.predictions(ids[:-1])[at - 1:]))
    report("draft", rows)


def llama(path, *words):
    n = next((int(w[2:]) for w in words if w.startswith("N=")), 10)
    oracle, model, tok = [w for w in words if not w.startswith("N=")], checkpoint.load(path), Tokenizer()
    rows, size = [], len(tok)
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "logits")
        for slice_, ids, at in choices(model, tok, n):
            subprocess.run([*oracle, "logits", path, ",".join(map(str, ids[:-1])), "--exact", "--out", out], check=True)
            logits = array.array("f")
            with open(out, "rb") as f:
                logits.frombytes(f.read())
            best = torch.tensor(logits).view(-1, size).argmax(-1).tolist()
            rows.append((slice_, ids[at:], best[at - 1:]))
    report("llama.cpp", rows)


if __name__ == "__main__":
    torch.set_num_threads(1)
    {"draft": draft, "llama": llama}[sys.argv[1]](*sys.argv[2:])
