"""One-line Python functions."""
from slices.items import chat, item
from slices.words import WORDS


def code(r):
    n = r.randint(2, 20)
    c = r.choice("abcdeorst")
    name = r.choice(WORDS) + r.choice(["", "_" + r.choice(WORDS)])
    lists = [[3, 1, 2], [10, 25, 4, 7], [5]]
    words = ["hello", "Tree", "abcabc"]
    kinds = [
        (f"adds {n} to x", "x", f"x + {n}", [1, 10, 0]),
        (f"subtracts {n} from x", "x", f"x - {n}", [30, 5, 0]),
        (f"multiplies x by {n}", "x", f"x * {n}", [2, 7, 0]),
        (f"returns the remainder of x divided by {n}", "x", f"x % {n}", [21, 8, 3]),
        (f"checks whether x is divisible by {n}", "x", f"x % {n} == 0", [n, n + 1, 60]),
        (f"checks whether x is greater than {n}", "x", f"x > {n}", [1, 12, 40]),
        (f"returns x to the power of {n}", "x", f"x ** {n}", [1, 2, 3]),
        ("returns the length of a list", "items", "len(items)", lists),
        ("returns the sum of a list", "items", "sum(items)", lists),
        ("returns the largest item of a list", "items", "max(items)", lists),
        ("returns the smallest item of a list", "items", "min(items)", lists),
        ("returns the first item of a list", "items", "items[0]", lists),
        ("returns the last item of a list", "items", "items[-1]", lists),
        ("returns a sorted list", "items", "sorted(items)", lists),
        ("reverses a text", "text", "text[::-1]", words),
        ("makes a text upper case", "text", "text.upper()", words),
        ("makes a text lower case", "text", "text.lower()", words),
        (f"counts the letter {c} in a text", "text", f"text.count(\"{c}\")", words),
        (f"checks whether a text starts with {c}", "text", f"text.startswith(\"{c}\")", words),
        (f"adds {n} to each item of a list", "items", f"[i + {n} for i in items]", lists),
        (f"multiplies each item of a list by {n}", "items", f"[i * {n} for i in items]", lists),
        (f"keeps the items of a list above {n}", "items", f"[i for i in items if i > {n}]", lists),
    ]
    desc, arg, expr, inputs = r.choice(kinds)
    q = r.choice(["Write a Python function {f} that {d}.", "Python: write {f}, which {d}."]).format(f=name, d=desc)
    fn = eval(f"lambda {arg}: {expr}")
    cases = [[[x], fn(x)] for x in inputs]
    return item("code", chat(q), f"def {name}({arg}):\n    return {expr}", "python", key=name + "|" + desc,
                cases=cases, func=name)
