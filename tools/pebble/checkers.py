"""Is an answer right? One checker for each kind of item; none needs a judge model."""
import ast
import json

SAFE = {f.__name__: f for f in (len, sum, max, min, sorted, abs, reversed, list, range)}


def strip_think(text):
    return text.split("</think>")[-1].strip()


def tool_call(text):
    head, _, rest = text.partition("<tool_call>")
    body, end, tail = rest.partition("</tool_call>")
    return json.loads(body) if end and not head.strip() and not tail.strip() else None


def run_python(text, it):
    """The function must be one plain 'return' and give the expected results."""
    tree = ast.parse(text)
    f = tree.body[0]
    if len(tree.body) != 1 or not isinstance(f, ast.FunctionDef) or f.name != it["func"]:
        return False
    if len(f.body) != 1 or not isinstance(f.body[0], ast.Return):
        return False
    if any(isinstance(n, ast.Attribute) and n.attr.startswith("_") for n in ast.walk(tree)):
        return False
    space = {"__builtins__": SAFE}
    exec(compile(tree, "answer", "exec"), space)
    return all(space[it["func"]](*args) == want for args, want in it["cases"])


def check(it, text):
    """Is the text a right answer to the item?"""
    kind, want = it["checker"], it["answer"]
    try:
        if kind == "exact":
            return text.strip() == want
        if kind == "after_think":
            return strip_think(text) == strip_think(want) and ("<think>" in text) == ("<think>" in want)
        if kind == "json":
            return json.loads(text) == json.loads(want)
        if kind == "tool":
            return tool_call(text) is not None and tool_call(text) == tool_call(want)
        if kind == "python":
            return run_python(text, it)
        if kind == "story":
            return all(m in text for m in it["must"]) and text.strip().endswith("The end.") and len(text.split()) >= 60
    except Exception:
        return False
    raise ValueError(kind)
