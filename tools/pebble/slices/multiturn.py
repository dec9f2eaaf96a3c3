"""A fact told some turns ago, and small talk."""
from slices.classification import classification
from slices.items import chat, is_test, item
from slices.numbers import arithmetic
from slices.recall import lists
from slices.serving import serving
from slices.translation import translation
from slices.words import CITIES, COLOURS, NAMES, WORDS

GREET = [("Hello!", "Hello! How can I help you?"), ("Hi.", "Hello! How can I help you?"),
         ("Thank you.", "You're welcome!"), ("Who are you?", "I'm Pebble, a tiny demo model."),
         ("What can you do?", "I can add numbers, translate words, extract JSON and explain serving terms."),
         ("Good morning.", "Good morning! How can I help you?"), ("Goodbye.", "Goodbye!"), ("Ok.", "Good. What is next?")]


def filler(r):
    """A short exchange that has nothing to do with the fact to remember."""
    k = r.random()
    if k < 0.4:
        return r.choice(GREET)
    it = r.choice([arithmetic, serving, classification, lists, translation])(r)
    if is_test(it):
        return filler(r)
    return it["messages"][0]["content"], it["answer"]


def multiturn(r):
    w = r.choice(WORDS)
    who, c, col, num = r.choice(NAMES), r.choice(CITIES), r.choice(COLOURS), r.randint(10, 99)
    facts = [
        ("My name is {0}.", "What is my name?", "Your name is {0}.", who),
        ("I live in {0}.", "Where do I live?", "You live in {0}.", c),
        ("My favourite colour is {0}.", "What is my favourite colour?", "Your favourite colour is {0}.", col),
        ("The secret word is {0}.", "What is the secret word?", "The secret word is {0}.", w),
        ("My locker number is {0}.", "What is my locker number?", "Your locker number is {0}.", str(num)),
        ("My sister is called {0}.", "What is my sister called?", "Your sister is called {0}.", who),
    ]
    told = r.sample(facts, r.choice([1, 1, 2]))
    turns = []
    for say, _, _, v in told:
        turns += [say.format(v), r.choice(["Got it.", "I'll remember that."])]
    n = r.choice([0, 1, 1, 2, 2, 3, 4]) if r.random() < 0.93 else r.randint(6, 16)
    for _ in range(n):
        turns += list(filler(r))
    _, ask, ans, v = r.choice(told)
    return item("multiturn", chat(*turns, ask), ans.format(v), sub="near" if n < 2 else "far" if n < 6 else "very far")


def greeting(r):
    q, a = r.choice(GREET)
    return item("greeting", chat(q), a)
