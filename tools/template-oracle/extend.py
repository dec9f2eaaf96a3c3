"""Asks Python's Jinja2, set up as transformers does, wherever the reference dialect has no answer; adds its answers as `python`.

python3 -m pip install -r requirements.txt
python3 extend.py <folder of real templates>
"""

import copy
import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import SandboxedEnvironment

FIXTURES = Path(__file__).parent / "../../tests/Models/Templates/Fixtures"
SETUP = json.loads((FIXTURES / "cases.json").read_text("utf8"))
NOW = datetime.fromisoformat(SETUP["now"])


class Raised(TemplateError):
    """What the template raises on purpose."""


class Generation(Extension):
    """The `generation` tag of transformers: its body, unmarked."""

    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def raise_exception(message):
    raise Raised(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment() -> Environment:
    env = SandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    env.filters["tojson"] = tojson
    env.filters["from_json"] = json.loads
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def arguments(text):
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    return parsed if isinstance(parsed, dict) else text


def variables(case):
    messages = copy.deepcopy(case["messages"])
    for message in messages:
        for call in message.get("tool_calls", []):
            call["function"]["arguments"] = arguments(call["function"]["arguments"])
    made = {
        "messages": messages,
        "add_generation_prompt": case.get("add_generation_prompt", True),
        "bos_token": SETUP["bos_token"],
        "eos_token": SETUP["eos_token"],
        **case.get("arguments", {}),
    }
    if "tools" in case:
        made["tools"] = [SETUP["tools"][name] for name in case["tools"]]
    return made


def ask(source, given):
    try:
        # Python prints True where the reference dialect prints true; that difference is known and wanted.
        text = environment().from_string(source).render(**given)
        return {"python": text.replace("True", "true").replace("False", "false")}
    except Raised as fault:
        return {"python_raises": str(fault)}
    except Exception as fault:  # whatever Python says: there is no answer
        return {"python_lacks": f"{type(fault).__name__}: {fault}"}


def digested(answer):
    if "python" not in answer:
        return answer
    text = answer["python"]
    characters = len(text.encode("utf-16-le")) // 2
    return {"python_sha256": hashlib.sha256(text.encode()).hexdigest(), "characters": characters}


def main(folder):
    cases = {case["name"]: case for case in SETUP["cases"]}
    real = json.loads((FIXTURES / "real.json").read_text("utf8"))
    for file, answers in real.items():
        source = (Path(folder) / file).read_text("utf8")
        for name, answer in answers.items():
            if "lacks" in answer:
                answer |= digested(ask(source, variables(cases[name])))
    language = json.loads((FIXTURES / "language.json").read_text("utf8"))
    for file, answer in language.items():
        if "lacks" in answer:
            answer |= ask((FIXTURES / "language" / file).read_text("utf8"), copy.deepcopy(SETUP["language"]))
    for name, answers in (("real.json", real), ("language.json", language)):
        text = json.dumps(answers, ensure_ascii=False, indent=1)
        (FIXTURES / name).write_text(text + "\n", "utf8")


main(sys.argv[1])
