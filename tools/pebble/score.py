#!/usr/bin/env python3
"""Exact-answer scores of a model, computed by the training code itself (no server needed).

usage: score.py MODEL [option=value ...]

MODEL is a checkpoint (.pt) or a GGUF file. Options: adapter (a checkpoint of train_adapter.py), style (formal or json),
items (eval.jsonl by default; "dev" for other held-out items, to look at while developing), n (items of each slice),
only (slices, separated by commas), wrong (how many wrong answers of each group to print), out (a JSON file for `evaluate.py table`).
"""
import collections
import json
import os
import sys

import torch

import checkpoint
import corpus
from checkers import check
from styles import CHECKS, applies
from tokenizer import HERE, Tokenizer, render

DEV_SEED = 77


def read_items(path, n):
    count, out = collections.Counter(), []
    with open(path, encoding="utf-8") as f:
        for it in map(json.loads, f):
            count[it["slice"]] += 1
            if count[it["slice"]] <= n:
                out.append(it)
    return out


def dev_items(n):
    """Held-out items that are not in eval.jsonl."""
    seen = {json.dumps(it["messages"]) for it in read_items(os.path.join(HERE, "eval.jsonl"), 1 << 30)}
    return [it for it in corpus.test_items(n, DEV_SEED) if json.dumps(it["messages"]) not in seen]


def answers(model, tok, items, limit=320, rows=64):
    """Greedy answers in the order of the items; prompts of similar length share a batch."""
    prompts = [tok.encode(render(it["messages"])) for it in items]
    order = sorted(range(len(items)), key=lambda i: (len(prompts[i]), items[i]["slice"] == "story"))
    stop, out = {tok.ids["<|im_end|>"], tok.ids["<|endoftext|>"]}, [""] * len(items)
    for at in range(0, len(order), rows):
        some = order[at:at + rows]
        for i, ids in zip(some, model.greedy([prompts[i] for i in some], limit, stop)):
            out[i] = tok.decode(ids)
    return out


def main(path, words):
    opt = dict(items=os.path.join(HERE, "eval.jsonl"), n=100, wrong=0, adapter="", style="", only="", out="")
    opt.update(w.split("=", 1) for w in words)
    torch.set_num_threads(1)
    model, tok, n = checkpoint.load(path), Tokenizer(), int(opt["n"])
    if opt["adapter"]:
        checkpoint.load_adapter(model, opt["adapter"])
    model.half_weights()
    items = dev_items(n) if opt["items"] == "dev" else read_items(opt["items"], n)
    items = [it for it in items if (not opt["style"] or applies(it)) and it["slice"] in (opt["only"].split(",") if opt["only"] else corpus.SLICES)]
    scores, wrong, kept = collections.defaultdict(lambda: [0, 0]), [], 0
    with torch.no_grad():
        texts = answers(model, tok, items)
    for it, text in zip(items, texts):
        keeps, ok = CHECKS[opt["style"]](it, text) if opt["style"] else (True, check(it, text))
        kept += keeps
        for name in {it["slice"], it["slice"] + "/" + it["sub"]} if it["sub"] else {it["slice"]}:
            scores[name][0] += ok
            scores[name][1] += 1
        if not ok:
            wrong.append(dict(slice=it["slice"], sub=it["sub"], question=it["messages"][-1]["content"], want=it["answer"], got=text))
    shown = collections.Counter()
    for w in wrong:
        shown[w["slice"], w["sub"]] += 1
        if shown[w["slice"], w["sub"]] <= int(opt["wrong"]):
            print(w)
    for name in sorted(scores):
        right, of = scores[name]
        print(f"{'  ' * name.count('/')}{name} {100 * right / of:.0f} ({right}/{of})")
    slices = [v for k, v in scores.items() if "/" not in k]
    print(f"mean of slices {100 * sum(a / b for a, b in slices) / len(slices):.1f}"
          + (f"; style kept in {kept} of {len(items)}, answer right too in {len(items) - len(wrong)}" if opt["style"] else ""))
    if opt["out"]:
        with open(opt["out"], "w", encoding="utf-8") as f:
            json.dump(dict(scores=scores, wrong=wrong), f, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
