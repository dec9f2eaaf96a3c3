"""Which training items are drawn how often, and the drill that exists only for training."""
import random

import corpus
from slices.items import chat, is_test, item
from slices.multiturn import greeting
from slices.recall import retrieval

# Documents of each kind; kinds that were weak after the first training come often, the rest is kept alive.
SHARES = {
    "arithmetic/add": 4, "arithmetic/sub": 4, "arithmetic/mul": 2, "arithmetic/add3": 5, "arithmetic/sub3": 5,
    "arithmetic/compare": 4, "multihop/think": 10, "multihop/no_think": 60, "lookups": 1, "retrieval": 3,
    "lists/sort": 6, "lists/reverse": 2, "lists/copy": 1, "translation": 5, "translation/Russian": 2,
    "translation/Greek": 1, "tools": 2, "tools/no_tool": 1, "extraction": 2, "code": 2, "classification": 1,
    "serving": 1, "story": 1, "refusal": 1, "multiturn": 1, "greeting": 1,
}

# For the adapters, which must keep every skill that they restyle, and must leave thinking and tool calls as they are.
STYLE_SHARES = {
    "arithmetic": 10, "arithmetic/sub": 6, "arithmetic/mul": 6, "arithmetic/add3": 8, "arithmetic/sub3": 10,
    "arithmetic/compare": 20, "multihop/no_think": 110, "multihop/think": 3, "lookups": 2, "retrieval": 5, "lists": 5,
    "lists/sort": 6, "translation": 18, "translation/Russian": 8, "translation/Greek": 2, "extraction": 6, "code": 3,
    "classification": 3, "serving": 6, "story": 1, "refusal": 3, "tools": 2, "tools/no_tool": 3, "multiturn": 3, "greeting": 1,
}


def lookups(r):
    """One list of the retrieval slice and several questions about it, as turns of one chat.

    One question a list teaches a lookup from two tokens out of hundreds; here each list pays for up to
    twelve. Every question is checked on its own against the split, so no held-out item is shown.
    """
    n = r.choice([r.randint(2, 6), r.randint(4, 12), r.randint(8, 24), r.randint(20, 60)])
    first = corpus.draw("retrieval", r, False) if n < 4 else draw_retrieval(r, n)
    turns, answer = list(first["messages"]), first["answer"]
    lines = [line for line in turns[0]["content"].split("\n") if len(line.split()) == 2]
    question = next(line for line in turns[0]["content"].split("\n") if len(line.split()) > 2)
    for line in r.sample(lines, min(len(lines), r.randint(3, 12))):
        ask = r.choice(["What is the value of {0}?", "Find the entry for {0}.", "Which value belongs to {0}?"])
        ask = ask.format(line.split()[0])
        alone = item("retrieval", chat(turns[0]["content"].replace(question, ask)), line)
        if not is_test(alone):
            turns += [{"role": "assistant", "content": answer}, {"role": "user", "content": ask}]
            answer = line
    return item("retrieval", turns, answer, sub="lookups", train_only=True)


def draw_retrieval(r, n):
    while True:
        it = retrieval(r, n)
        if not is_test(it):
            return it


def draw(kind, r):
    """A training item of a kind: "lookups", a slice, or "slice/sub"."""
    if kind == "lookups":
        return lookups(r)
    if kind == "greeting":
        return greeting(r)
    name, _, sub = kind.partition("/")
    while True:
        it = corpus.SLICES[name](r)
        if (not sub or it["sub"] == sub) and not is_test(it):
            return it


def items(seed, shares=SHARES):
    """Endless stream of training items. Some short questions are chained into one chat."""
    r = random.Random(seed)
    kinds, weights = list(shares), list(shares.values())
    while True:
        kind = r.choices(kinds, weights)[0]
        it = draw(kind, r)
        if it["slice"] in ("arithmetic", "classification", "lists") and r.random() < 0.2:
            for _ in range(r.randint(1, 3)):
                it = corpus.chained(it, draw(kind, r))
        yield it
