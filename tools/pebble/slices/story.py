"""Short stories with given names and places."""
from slices.items import a_, chat, item
from slices.words import ANIMALS, COLOURS, FRUIT, NAMES, OBJECTS, PLACES


def story(r):
    n, n2 = r.sample(NAMES, 2)
    a, p, o, f, c = r.choice(ANIMALS), r.choice(PLACES), r.choice(OBJECTS), r.choice(FRUIT), r.choice(COLOURS)
    p2 = r.choice([x for x in PLACES if x != p])
    a2 = r.choice([x for x in ANIMALS if x != a])
    s = [f"Once upon a time, {a_(a)} named {n} lived in {a_(p)}.",
         r.choice([f"{n} loved to eat {f} jam and to watch the stars.", f"Every morning {n} had {a_(f)} for breakfast.",
                   f"{n} was small, but very brave."]),
         r.choice([f"One day {n} found {a_(c)} {o} near the old tree.", f"One day it rained, and {n} saw {a_(c)} {o} in the water.",
                   f"One night {n} heard a sound and found {a_(c)} {o}."]),
         r.choice([f"\"Whose {o} is this?\" asked {n}.", f"\"I must find the owner of this {o},\" said {n}."]),
         f"So {n} walked to the {p2}.",
         r.choice([f"There {n} met {a_(a2)} named {n2}, who looked sad.", f"{a_(a2).capitalize()} named {n2} was sitting there."]),
         r.choice([f"\"I lost my {o},\" said {n2}.", f"\"Have you seen my {o}?\" asked {n2}."]),
         r.choice([f"{n} smiled and gave the {c} {o} to {n2}.", f"\"Here it is,\" said {n}, and gave {n2} the {c} {o}."])]
    more = [f"{n2} was so happy that they danced until the moon came up.", f"They shared {a_(f)} and told each other stories.",
            f"{n2} showed {n} a secret path through the {p2}.", f"It was cold, but they did not mind.",
            f"A bird sang for them the whole evening.", f"They built a little boat and sailed it on the water."]
    r.shuffle(more)
    s += more[:r.randint(1, 5)]
    s += [r.choice([f"From that day on, {n} and {n2} were friends.", f"Then {n} went home to the {p} and slept well."]), "The end."]
    q = r.choice(["Write a story about {n} the {a} in the {p}.", "Tell me a story about {aa} named {n} who lives in {ap}."])
    return item("story", chat(q.format(n=n, a=a, aa=a_(a), p=p, ap=a_(p))), " ".join(s), "story", key=f"{n} {a} {p}", must=[n, a, p])
