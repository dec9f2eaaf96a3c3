"""Sentiment of a sentence and type of a support ticket."""
from slices.items import a_, chat, item
from slices.words import NAMES

GOOD = "great wonderful excellent lovely fantastic good perfect delightful".split()
BAD = "terrible awful bad horrible poor broken boring useless".split()
PLAIN = "average ordinary usual plain standard normal".split()
THINGS = "film phone hotel meal service book laptop concert coffee trip".split()
TICKETS = {
    "billing": ["I was charged twice for {m}", "The invoice for {m} is wrong", "I want a refund for {m}",
                "My card was refused when I paid for {m}"],
    "login": ["I can't log in since {m}", "My password stopped working in {m}", "My account is locked since {m}",
              "The sign-in code never arrives since {m}"],
    "shipping": ["My parcel from {m} has not arrived", "The package sent in {m} is lost",
                 "When will you deliver my order from {m}", "The courier of {m} left the box outside"],
    "bug": ["The app crashes since {m}", "The page shows an error since {m}", "The search button does nothing since {m}",
            "The export froze twice in {m}"],
}
MONTHS = "January February March April May June July August September October November December".split()


def classification(r):
    if r.random() < 0.5:
        t, name = r.choice(THINGS), r.choice(NAMES)
        label = r.choice(["positive", "negative", "neutral"])
        pool = {"positive": GOOD, "negative": BAD, "neutral": PLAIN}[label]
        s = r.choice(["The {t} was {a}.", "{n} says the {t} is {a}.", "What {aa} {t}!", "I found the {t} {a} and {b}.",
                      "{n} thinks this {t} is {a}.", "NOT"])
        if s == "NOT":
            flip = r.random() < 0.5
            label, pool = ("negative", GOOD) if flip else ("positive", BAD)
            s = r.choice(["The {t} was not {a}.", "{n} says the {t} is not {a}."])
        a = r.choice(pool)
        s = s.format(t=t, n=name, a=a, aa=a_(a), b=r.choice(pool))
        q = r.choice(["Sentiment (positive, negative or neutral): ", "Classify the sentiment: "]) + s
        return item("classification", chat(q), label, key=s, sub="sentiment")
    label = r.choice(list(TICKETS))
    s = r.choice(TICKETS[label]).format(m=r.choice(MONTHS))
    s = r.choice(["", "Hello. ", f"{r.choice(NAMES)} here. ", "Please help. "]) + s + "."
    q = r.choice(["Ticket type (billing, login, shipping or bug): ", "Classify the ticket: "]) + s
    return item("classification", chat(q), label, key=s, sub="ticket")
