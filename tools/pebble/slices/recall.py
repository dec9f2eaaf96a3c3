"""Looking things up in the context: key-value lines, and lists to repeat, reverse or sort."""
from slices.items import chat, item
from slices.words import WORDS


def retrieval(r, n=None):
    if n is None:
        n = r.choices([r.randint(2, 3), r.randint(4, 10), r.randint(11, 24), r.randint(25, 60)], [3, 4, 3, 2])[0]
    keys = r.sample(WORDS, n)
    vals = [r.choice(WORDS) for _ in keys]
    i = r.randrange(n)
    q = r.choice(["What is the value of {0}?", "Find the entry for {0}.", "Which value belongs to {0}?"]).format(keys[i])
    text = "\n".join(f"{k} {v}" for k, v in zip(keys, vals))
    q = text + "\n" + q if r.random() < 0.7 else q + "\n" + text
    size = "4-10" if n <= 10 else "11-24" if n <= 24 else "25-60"
    return item("retrieval", chat(q), f"{keys[i]} {vals[i]}", sub=size, train_only=n < 4)


def lists(r):
    op = r.choice(["copy", "reverse", "sort"])
    n = r.randint(3, 7)
    if r.random() < 0.5:
        xs = r.sample(WORDS, n)
        out = {"copy": xs, "reverse": xs[::-1], "sort": sorted(xs)}[op]
    else:
        xs = [str(x) for x in r.sample(range(1, 100), n)]
        out = {"copy": xs, "reverse": xs[::-1], "sort": sorted(xs, key=int)}[op]
    ask = {"copy": "Repeat this list", "reverse": "Reverse this list", "sort": "Sort this list"}[op]
    return item("lists", chat(f"{ask}: {' '.join(xs)}"), " ".join(out), sub=op)
