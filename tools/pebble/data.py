"""From training items to batches of token ids, loss weights and probe targets."""
import random

import numpy as np
import torch

import curriculum
from styles import applies

PROBE_CLASSES = 128             # running totals of the word problems stay far below
SENTENCES = 5                   # at most, in a word problem


def running_totals(key):
    """Totals after each sentence of a word problem, from its key such as "3 +4 *2"."""
    first, *ops = key.split()
    totals = [int(first)]
    for op in ops:
        d = int(op[1:])
        totals.append({"+": totals[-1] + d, "-": totals[-1] - d, "*": totals[-1] * d}[op[0]])
    return totals


def document(tok, it, style=None, plain_history=False):
    """Ids, loss weights and probe targets (-1: none) of one item; only what the assistant writes counts.

    With a style and a plain history only the last answer has the style, and only that answer counts.
    The probe target of the end of sentence k in a word problem is k * PROBE_CLASSES + the running total (see train.py).
    """
    ids, weights = [], []
    last = {"role": "assistant", "content": it["answer"]}
    for m in it["messages"] + [last]:
        mine = m["role"] == "assistant" and (m is last or not plain_history)
        head = tok.encode(f"<|im_start|>{m['role']}\n")
        body = tok.encode((style(m["content"]) if mine and style else m["content"]) + "<|im_end|>")
        # A short answer counts almost as much as a long story.
        weight = min(2.0, (10 / len(body)) ** 0.5) if mine else 0.0
        ids += head + body + tok.encode("\n")
        weights += [0.0] * len(head) + [weight] * len(body) + [0.0]
    probes = [-1] * len(ids)
    if it["slice"] == "multihop":
        totals, stop = running_totals(it["key"]), tok.ids["."]
        for k, (at, total) in enumerate(zip((i for i, t in enumerate(ids) if t == stop), totals)):
            probes[at] = k * PROBE_CLASSES + total
    return ids[:-1], weights[:-1], probes[:-1]


def documents(tok, seed, style=None):
    """Endless stream of training documents, each new; a few stories come as plain text."""
    r = random.Random(f"plain{seed}")
    for it in curriculum.items(seed, curriculum.STYLE_SHARES if style else curriculum.SHARES):
        if it["slice"] == "story" and not style and r.random() < 0.25:
            ids = tok.encode(it["answer"] + "<|endoftext|>")
            yield ids, [0.2] * len(ids), [-1] * len(ids)
        else:
            own = style if style and applies(it) else None
            yield document(tok, it, own, bool(own) and r.random() < 0.5)


def batches(docs, tokens, seed, pool=1500):
    """Batches of at most `tokens` tokens of documents of similar length, in random order.

    Documents are not packed: attention stays short, and every document starts at position 0 as in use.
    """
    r = random.Random(seed)
    while True:
        some = sorted((next(docs) for _ in range(pool)), key=lambda d: -len(d[0]))
        out, cur = [], []
        for d in some:
            if cur and (len(cur) + 1) * len(cur[0][0]) > tokens:
                out.append(cur)
                cur = []
            cur.append(d)
        out.append(cur)
        r.shuffle(out)
        for b in out:
            shape = len(b), len(b[0][0])
            arrays = np.zeros(shape, np.int64), np.zeros(shape, np.float32), np.full(shape, -1, np.int64)
            for i, parts in enumerate(b):
                for a, p in zip(arrays, parts):
                    a[i, :len(p)] = p
            yield tuple(torch.from_numpy(a) for a in arrays)
