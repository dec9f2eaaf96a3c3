#!/usr/bin/env python3
"""What constraints cost: 8 streams with 8 different schemas beside the same 8 streams without.

usage: benchmarks/constrained.py PENSTOCK ROUNDS MODEL...
  PENSTOCK  the command, for example "dotnet artifacts/bin/Penstock.Cli/release/penstock.dll"
  ROUNDS    of which the medians are shown; 5 is a good number
  MODEL     GGUF files; the honest figure is that of a model whose step takes as long as a real one's

Each round asks for 8 JSON documents at once, then for as many tokens a stream without a constraint (ignore_eos), in turns which comes first; a document
ends where its schema does, so both have the same batches at the same time. The ratio is that of the two wall times, and that of the server's CPU times, which
says more on a machine that does other things; requests, prompts and compiling are in both. The server computes with one thread, so that none waits for another.
  warm      schemas that were asked for before: compiled, their masks partly known
  cold      schemas that were never asked for
  sampled   warm, with log-probabilities on both sides: every token is sampled, and nothing is won by tokens that must come
Prints a table in Markdown.
"""
import http.client, itertools, json, os, re, shlex, statistics, subprocess, sys, tempfile, threading, time

STREAMS = 8
TEXT = {"type": "string", "maxLength": 24}


def record(properties, items=1):
    entry = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "object", "properties": {"items": {"type": "array", "items": entry, "minItems": items, "maxItems": items}}, "required": ["items"], "additionalProperties": False}


def schemas(tag):
    """Eight schemas as applications have them; the tag makes them new ones."""
    return [
        record({f"name{tag}": TEXT, "age": {"type": "integer", "minimum": 0, "maximum": 120}, "email": {"type": "string", "pattern": "^[a-z]{2,9}@[a-z]{2,9}\\.(com|org)$"}}),
        record({f"id{tag}": {"type": "integer", "minimum": 1}, "price": {"type": "number", "minimum": 0, "maximum": 10000}, "currency": {"enum": ["EUR", "USD", "NOK"]}, "note": TEXT}),
        record({f"title{tag}": TEXT, "start": {"type": "string", "format": "date-time"}, "allDay": {"type": "boolean"}, "guests": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 2}}),
        record({f"sku{tag}": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}, "colour": {"enum": ["red", "dark red", "green", "blue"]}, "description": TEXT}),
        record({f"lat{tag}": {"type": "number", "minimum": -90, "maximum": 90}, "lon": {"type": "number", "minimum": -180, "maximum": 180}, "label": TEXT, "kind": {"const": "place"}}),
        record({f"query{tag}": TEXT, "filter": {"anyOf": [{"type": "null"}, TEXT, {"type": "array", "items": {"type": "integer"}, "maxItems": 3}]}, "limit": {"type": "integer", "multipleOf": 5}}),
        record({f"from{tag}": TEXT, "to": TEXT, "body": {"type": "string", "maxLength": 60}, "urgent": {"type": "boolean"}}),
        record({f"step{tag}": {"oneOf": [{"type": "object", "properties": {"do": {"const": "wait"}, "seconds": {"type": "integer"}}, "required": ["do", "seconds"], "additionalProperties": False},
                                         {"type": "object", "properties": {"do": {"const": "say"}, "text": TEXT}, "required": ["do", "text"], "additionalProperties": False}]}, "why": TEXT}),
    ]


def ask(host, body, answers, index):
    connection = http.client.HTTPConnection(host, timeout=600)
    connection.request("POST", "/v1/completions", json.dumps(body), {"content-type": "application/json"})
    answers[index] = json.loads(connection.getresponse().read())
    connection.close()


def together(host, bodies):
    answers = [None] * len(bodies)
    threads = [threading.Thread(target=ask, args=(host, body, answers, i)) for i, body in enumerate(bodies)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.monotonic() - start
    if any("usage" not in answer for answer in answers):
        sys.exit(f"An answer failed: {next(answer for answer in answers if 'usage' not in answer)}")
    return wall, [answer["usage"]["completion_tokens"] for answer in answers], answers


def documents(host, tag, seed, sampled):
    bodies = [{"model": "m", "prompt": f"Number {i}: ", "max_tokens": 400, "seed": seed + i, "guided_json": schema} for i, schema in enumerate(schemas(tag))]
    wall, tokens, answers = together(host, [{**body, **({"logprobs": 0} if sampled else {})} for body in bodies])
    for answer in answers:
        json.loads(answer["choices"][0]["text"])
    return wall, tokens


def processor(server):
    with open(f"/proc/{server.pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free(host, tokens, seed, sampled=False):
    return together(host, [{"model": "m", "prompt": f"Number {i}: ", "max_tokens": count, "seed": seed + i, "ignore_eos": True, **({"logprobs": 0} if sampled else {})}
                           for i, count in enumerate(tokens)])[0]


def forced(host):
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/engine/status")
    models = json.loads(connection.getresponse().read())
    found = re.search(r'"forced_tokens":\s*([0-9]+)', json.dumps(models))
    return int(found.group(1)) if found else 0


def measure(host, server, rounds):
    fresh = itertools.count()
    for tag in ("", "", "", "_warm"):
        free(host, documents(host, tag, 0, False)[1], 0)
    rows = {"warm": [], "cold": [], "sampled": []}
    for round in range(rounds):
        for kind, found in rows.items():
            seed, tag = 1000 * (round + 1), f"_{next(fresh)}" if kind == "cold" else ""
            # The counts come from the documents; where these come second, from a run that is not measured.
            if round % 2 and kind != "cold":
                tokens = documents(host, tag, seed, kind == "sampled")[1]
                start = processor(server)
                alone = free(host, tokens, seed, kind == "sampled")
                middle, before = processor(server), forced(host)
                wall, tokens = documents(host, tag, seed, kind == "sampled")
                spent = (middle - start) / (processor(server) - middle)
            else:
                start, before = processor(server), forced(host)
                wall, tokens = documents(host, tag, seed, kind == "sampled")
                middle = processor(server)
                alone = free(host, tokens, seed, kind == "sampled")
                spent = (processor(server) - middle) / (middle - start)
            found.append((sum(tokens) / alone, sum(tokens) / wall, alone / wall, spent, sum(tokens), (forced(host) - before) / sum(tokens)))
    return rows


def main(command, rounds, *models):
    print("| model | schemas | free, tokens/s | constrained, tokens/s | ratio | least to most | ratio by CPU time | least to most | tokens a round | of them not sampled |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            server = subprocess.Popen(
                shlex.split(command) + ["serve", "--model", f"m={model}", "--urls", "http://127.0.0.1:0", "--data", folder, "--kv-tokens", "8192", "--threads", "1"], stdout=subprocess.PIPE, text=True)
            try:
                line = next((line for line in server.stdout if line.startswith("Penstock listens on ")), None) or sys.exit("The server did not start.")
                rows = measure(line.split("//")[1].strip().rstrip("/"), server, int(rounds))
            finally:
                server.terminate()
                server.wait()
        for kind, found in rows.items():
            alone, constrained, ratio, spent, tokens, taken = (statistics.median(column) for column in zip(*found))
            walls, spents = [row[2] for row in found], [row[3] for row in found]
            print(f"| {os.path.basename(model)} | {kind} | {alone:.0f} | {constrained:.0f} | {ratio:.2f} | {min(walls):.2f} to {max(walls):.2f} | **{spent:.2f}** | "
                  f"{min(spents):.2f} to {max(spents):.2f} | {tokens:.0f} | {taken:.0%} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
