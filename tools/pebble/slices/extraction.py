"""JSON with given keys from a sentence."""
from slices.items import chat, dumps, item
from slices.words import CITIES, DAYS, ITEMS, JOBS, NAMES


def extraction(r):
    kind = r.choice(["person", "order", "trip", "job"])
    n, c, a = r.choice(NAMES), r.choice(CITIES), r.randint(18, 89)
    if kind == "person":
        s = r.choice(["{n} is {a} years old and lives in {c}.", "{n}, aged {a}, comes from {c}.",
                      "In {c} lives {n}, who is {a}.", "My friend {n} turned {a} and moved to {c}."])
        s, out = s.format(n=n, a=a, c=c), {"name": n, "age": a, "city": c}
    elif kind == "order":
        q, w, p = r.randint(2, 40), r.choice(ITEMS), r.randint(1, 99)
        s = r.choice(["{n} ordered {q} {w} for {p} euros.", "An order of {q} {w} by {n} costs {p} euros.",
                      "For {p} euros, {n} bought {q} {w}."])
        s, out = s.format(n=n, q=q, w=w, p=p), {"customer": n, "product": w, "quantity": q, "price": p}
    elif kind == "trip":
        c2, d = r.choice([x for x in CITIES if x != c]), r.choice(DAYS)
        s = r.choice(["{n} flies from {c} to {c2} on {d}.", "On {d}, {n} travels to {c2} from {c}.",
                      "{d} is the day when {n} leaves {c} for {c2}."])
        s, out = s.format(n=n, c=c, c2=c2, d=d), {"name": n, "from": c, "to": c2, "day": d}
    else:
        j = r.choice(JOBS)
        s = r.choice(["{n} works as a {j} in {c}.", "The {j} {n} has an office in {c}.",
                      "In {c}, {n} found a job as a {j}."])
        s, out = s.format(n=n, j=j, c=c), {"name": n, "job": j, "city": c}
    ask = r.choice(["Extract {k} as JSON: ", "Give JSON with {k}. "])
    q = ask.format(k=", ".join(out)) + s
    return item("extraction", chat(q), dumps(out), "json", sub=kind)
