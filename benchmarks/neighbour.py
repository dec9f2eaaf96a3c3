#!/usr/bin/env python3
"""A long prompt beside four streams, cut for the gap target and uncut, in turns.

usage: benchmarks/neighbour.py PENSTOCK MODEL [ROUNDS] [LONG_PROMPT_TOKENS]
  PENSTOCK  the command, for example "dotnet artifacts/bin/Penstock.Cli/release/penstock.dll"
  MODEL     a GGUF file, for example of: penstock models random --parameters 250M --type Q8_0 --out 250m.gguf

Serves the model under --policy fair and --policy unchunked in turns (default 3 rounds), runs "penstock bench neighbour" against each
and prints a table of all runs and the ratio of the first tokens.
"""
import json, os, shlex, statistics, subprocess, sys, tempfile


def measure(penstock, model, policy, tokens):
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            penstock + ["serve", "--model", f"m={model}", "--urls", "http://127.0.0.1:0", "--policy", policy, "--data", folder, "--kv-tokens", "40000"],
            stdout=subprocess.PIPE, text=True)
        try:
            url = next((line.split()[-1] for line in server.stdout if line.startswith("Penstock listens on ")), None)
            if url is None:
                sys.exit("The server did not start.")
            return json.loads(subprocess.check_output(
                penstock + ["bench", "neighbour", "--url", url, "--model", "m", "--streams", "4", "--long-prompt-tokens", tokens, "--json"],
                stderr=subprocess.DEVNULL))
        finally:
            server.terminate()
            server.wait()


def show(gaps):
    return f"{gaps['p50']:.0f} / {gaps['p99']:.0f} / {gaps['max']:.0f}"


def main(command, model, rounds="3", tokens="8000"):
    penstock, first = shlex.split(command), {"fair": [], "unchunked": []}
    print(f"{os.path.basename(model)}, {tokens} tokens beside 4 streams, {os.cpu_count()} processors; ms, p50 / p99 / max\n")
    print("| policy | gap before | gap during | from event to event | first token of the long prompt |\n|---|---:|---:|---:|---:|")
    for _ in range(int(rounds)):
        for policy in first:
            run = measure(penstock, model, policy, tokens)
            first[policy].append(run["long_ttft_ms"])
            print(f"| {policy} | {show(run['gap_ms_before'])} | {show(run['gap_ms_during'])} | {show(run['event_gap_ms_during'])} | {run['long_ttft_ms'] / 1000:.1f} s |", flush=True)
    print(f"\nFirst token, fair / unchunked: {statistics.median(first['fair']) / statistics.median(first['unchunked']):.2f} (medians)")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
