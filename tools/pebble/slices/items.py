"""What an item is, and which side of the split it is on.

An item is a dict:
    slice     name of the skill
    sub       finer group inside the slice (for example the language)
    messages  chat messages up to the one that the model must answer
    answer    the expected assistant message
    checker   name of the check in checkers.py
    key       what makes the item unique; its hash decides train or test
    cases     only for code: calls and expected results

Train and test are disjoint by construction: an item belongs to the test split when the CRC of "slice|key" is divisible
by 10, and whoever asks for one split draws again until the key falls into it.
"""
import json
import zlib


def chat(*turns):
    """Alternating user and assistant turns, starting with the user."""
    return [{"role": ("user", "assistant")[i % 2], "content": t} for i, t in enumerate(turns)]


def item(slice_, messages, answer, checker="exact", key=None, sub="", **extra):
    if key is None:
        key = json.dumps([m["content"] for m in messages], ensure_ascii=False)
    return dict(slice=slice_, sub=sub, messages=messages, answer=answer, checker=checker, key=key, **extra)


def is_test(it):
    return not it.get("train_only") and zlib.crc32((it["slice"] + "|" + it["key"]).encode()) % 10 == 0


def a_(word):
    """The word with its indefinite article."""
    return ("an " if word[0] in "aeiou" else "a ") + word


def dumps(x):
    return json.dumps(x, ensure_ascii=False)
