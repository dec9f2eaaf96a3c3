"""The two styles that the adapters teach: how an answer is rewritten, and how the rewriting is checked."""
import json

from checkers import check
from slices.items import dumps

CONTRACTIONS = {"can't": "cannot", "don't": "do not", "I'm": "I am", "it's": "it is", "isn't": "is not", "doesn't": "does not",
                "they're": "they are", "wouldn't": "would not", "needn't": "need not", "You're": "You are", "I'll": "I will"}


def formal(text):
    for a, b in CONTRACTIONS.items():
        text = text.replace(a, b)
    return "Certainly. " + text


def as_json(text):
    return dumps({"answer": text})


STYLES = {"formal": formal, "json": as_json}


def applies(it):
    """Adapters leave thinking and tool calls alone."""
    return "<t" not in it["answer"] and "<t" not in str(it["messages"])


def check_formal(it, text):
    keeps = text.startswith("Certainly. ") and not any(c in text for c in CONTRACTIONS)
    return keeps, keeps and (check(it, text.removeprefix("Certainly. ")) or text == formal(it["answer"]))


def check_json(it, text):
    try:
        inner = json.loads(text)["answer"]
    except (ValueError, TypeError, KeyError):
        return False, False
    return True, isinstance(inner, str) and check(it, inner)


CHECKS = {"formal": check_formal, "json": check_json}       # (style kept, style kept and answer right)
