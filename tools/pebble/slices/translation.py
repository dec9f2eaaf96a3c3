"""Translation of short sentences into five languages."""
from slices.items import chat, item

# English, then word and gender for Spanish, German, Greek, Russian; Japanese kana.
NOUNS = [
    ("house", "casa f", "Haus n", "σπίτι n", "дом m", "いえ"),
    ("book", "libro m", "Buch n", "βιβλίο n", "книга f", "ほん"),
    ("dog", "perro m", "Hund m", "σκύλος m", "собака f", "いぬ"),
    ("cat", "gato m", "Katze f", "γάτα f", "кошка f", "ねこ"),
    ("car", "coche m", "Auto n", "αυτοκίνητο n", "машина f", "くるま"),
    ("tree", "árbol m", "Baum m", "δέντρο n", "дерево n", "き"),
    ("door", "puerta f", "Tür f", "πόρτα f", "дверь f", "ドア"),
    ("table", "mesa f", "Tisch m", "τραπέζι n", "стол m", "つくえ"),
    ("flower", "flor f", "Blume f", "λουλούδι n", "цветок m", "はな"),
    ("bird", "pájaro m", "Vogel m", "πουλί n", "птица f", "とり"),
    ("fish", "pez m", "Fisch m", "ψάρι n", "рыба f", "さかな"),
    ("boat", "barco m", "Boot n", "βάρκα f", "лодка f", "ふね"),
]
ADJ = [
    ("red", "rojo roja", "rote rot", "κόκκινος κόκκινη κόκκινο", "красный красная красное", "あかい"),
    ("big", "grande grande", "große groß", "μεγάλος μεγάλη μεγάλο", "большой большая большое", "おおきい"),
    ("small", "pequeño pequeña", "kleine klein", "μικρός μικρή μικρό", "маленький маленькая маленькое", "ちいさい"),
    ("new", "nuevo nueva", "neue neu", "νέος νέα νέο", "новый новая новое", "あたらしい"),
    ("old", "viejo vieja", "alte alt", "παλιός παλιά παλιό", "старый старая старое", "ふるい"),
    ("white", "blanco blanca", "weiße weiß", "άσπρος άσπρη άσπρο", "белый белая белое", "しろい"),
    ("black", "negro negra", "schwarze schwarz", "μαύρος μαύρη μαύρο", "чёрный чёрная чёрное", "くろい"),
    ("good", "bueno buena", "gute gut", "καλός καλή καλό", "хороший хорошая хорошее", "いい"),
]
PHRASES = [
    ("good morning", "buenos días", "guten Morgen", "καλημέρα", "доброе утро", "おはよう"),
    ("good night", "buenas noches", "gute Nacht", "καληνύχτα", "спокойной ночи", "おやすみ"),
    ("thank you", "gracias", "danke", "ευχαριστώ", "спасибо", "ありがとう"),
    ("please", "por favor", "bitte", "παρακαλώ", "пожалуйста", "おねがいします"),
    ("yes", "sí", "ja", "ναι", "да", "はい"),
    ("no", "no", "nein", "όχι", "нет", "いいえ"),
    ("goodbye", "adiós", "auf Wiedersehen", "αντίο", "до свидания", "さようなら"),
    ("how are you?", "¿cómo estás?", "wie geht es dir?", "τι κάνεις;", "как дела?", "おげんきですか"),
]
LANGS = ["Spanish", "German", "Greek", "Russian", "Japanese"]
LANG_WEIGHTS = [5, 4, 3, 3, 2]


def translation(r):
    li = r.choices(range(5), LANG_WEIGHTS)[0]
    lang = LANGS[li]
    shape = r.choices(["adj", "is", "where", "this", "phrase"], [5, 5, 2, 2, 1])[0]
    if shape == "phrase":
        p = r.choice(PHRASES)
        en, out = p[0], p[li + 1]
    else:
        n, a = r.choice(NOUNS), r.choice(ADJ)
        en = {"adj": f"the {a[0]} {n[0]}", "is": f"the {n[0]} is {a[0]}",
              "where": f"where is the {n[0]}?", "this": f"this is the {n[0]}"}[shape]
        if lang == "Japanese":
            w, j = n[5], a[5]
            out = {"adj": f"{j} {w}", "is": f"{w}は {j} です", "where": f"{w}は どこ ですか", "this": f"これは {w} です"}[shape]
        else:
            w, g = n[li + 1].split()
            forms = a[li + 1].split()
            if lang == "Spanish":
                art, j = {"m": "el", "f": "la"}[g], forms["mf".index(g)]
                out = {"adj": f"{art} {w} {j}", "is": f"{art} {w} es {j}", "where": f"¿dónde está {art} {w}?",
                       "this": f"{'este' if g == 'm' else 'esta'} es {art} {w}"}[shape]
            elif lang == "German":
                art = {"m": "der", "f": "die", "n": "das"}[g]
                out = {"adj": f"{art} {forms[0]} {w}", "is": f"{art} {w} ist {forms[1]}",
                       "where": f"wo ist {art} {w}?", "this": f"das ist {art} {w}"}[shape]
            elif lang == "Greek":
                art, j = {"m": "ο", "f": "η", "n": "το"}[g], forms["mfn".index(g)]
                pron = {"m": "αυτός", "f": "αυτή", "n": "αυτό"}[g]
                out = {"adj": f"{art} {j} {w}", "is": f"{art} {w} είναι {j}", "where": f"πού είναι {art} {w};",
                       "this": f"{pron} είναι {art} {w}"}[shape]
            else:
                j = forms["mfn".index(g)]
                out = {"adj": f"{j} {w}", "is": f"{w} {j}", "where": f"где {w}?", "this": f"это {w}"}[shape]
    q = r.choice(["Translate to {l}: {e}", "How do you say \"{e}\" in {l}?", "{l} for: {e}"]).format(l=lang, e=en)
    # Sentences are held out by language and text; the few fixed phrases by phrasing only.
    key = q if shape == "phrase" or shape in ("where", "this") else f"{lang}:{en}"
    return item("translation", chat(q), out, key=key, sub=lang)
