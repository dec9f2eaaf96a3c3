"""Arithmetic, and word problems with and without a worked solution."""
from slices.items import chat, item
from slices.words import ITEMS, NAMES


def arithmetic(r):
    kind = r.choices(["add", "sub", "mul", "add3", "sub3", "compare"], [5, 4, 3, 2, 1, 2])[0]
    if kind in ("add", "sub", "add3", "sub3"):
        top = 999 if kind.endswith("3") else 99
        a, b = r.randint(0, top), r.randint(0, top)
        if kind.startswith("sub") and b > a:
            a, b = b, a
        op = "+" if kind.startswith("add") else "-"
        ans = str(a + b if op == "+" else a - b)
        key = f"{a}{op}{b}"
        words = {"+": "plus", "-": "minus"}[op]
    elif kind == "mul":
        a, b, op, words = r.randint(0, 9), r.randint(0, 9), "*", "times"
        ans, key = str(a * b), f"{a}*{b}"
    else:
        def num():
            return f"{r.randint(0, 9)}.{r.randint(1, 99)}".rstrip("0")
        a = num()
        b = num()
        if r.random() < 0.6:                       # same integer part, different lengths
            b = a.split(".")[0] + "." + b.split(".")[1]
        if float(a) == float(b):
            return arithmetic(r)
        big = r.random() < 0.7
        ans = max(a, b, key=float) if big else min(a, b, key=float)
        q = r.choice(["Which is {0}, {1} or {2}?", "Which number is {0}: {1} or {2}?"])
        return item("arithmetic", chat(q.format("larger" if big else "smaller", a, b)), ans,
                    key=f"cmp{sorted([a, b])}", sub="compare")
    q = r.choice(["{a} {op} {b} =", "{a} {op} {b} =", "What is {a} {op} {b}?", "What is {a} {w} {b}?"])
    return item("arithmetic", chat(q.format(a=a, b=b, op=op, w=words)), ans, key=key, sub=kind)


def multihop(r, think=None):
    if think is None:
        think = r.random() < 0.6
    n = r.choice([2, 3, 3, 4] if think else [2, 2, 3])
    who, what = r.choice(NAMES), r.choice(ITEMS)
    x = r.randint(1, 20)
    parts, work, key = [f"{who} has {x} {what}."], [], [str(x)]
    for _ in range(n):
        op = r.choice("++--*")
        if op == "*" and x > 20:
            op = "-"
        d = r.randint(1, 10)
        if op == "-" and d > x:
            op = "+"
        if op == "+":
            y, s = x + d, r.choice(["{w} finds {d} more.", "{w} buys {d} more.", "A friend gives {w} {d} more."])
        elif op == "-":
            y, s = x - d, r.choice(["{w} loses {d}.", "{w} gives away {d}.", "{w} sells {d}."])
        else:
            d = 2
            y, s = x * 2, "Then the number doubles."
        parts.append(s.format(w=who, d=d))
        work.append(f"{x} {op} {d} = {y}")
        key.append(op + str(d))
        x = y
    q = " ".join(parts) + f" How many {what} does {who} have now?"
    ans = str(x)
    msgs = chat(q)
    if think:
        msgs.insert(0, {"role": "system", "content": "/think"})
        ans = "<think>\n" + "\n".join(work) + "\n</think>\n\n" + ans
    elif r.random() < 0.7:
        msgs.insert(0, {"role": "system", "content": "/no_think"})
    return item("multihop", msgs, ans, "after_think", key=" ".join(key), sub="think" if think else "no_think")
