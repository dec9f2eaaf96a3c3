#!/usr/bin/env python3
"""What a burst of one tenant does to another, over HTTP.

usage: benchmarks/burst.py PENSTOCK MODEL [RATE] [REQUESTS]
  PENSTOCK  the command, for example "dotnet artifacts/bin/Penstock.Cli/release/penstock.dll"
  MODEL     a GGUF file, for example models/pebble.gguf

Tenant a sends RATE requests a second (default 4, REQUESTS of them, default 200): alone, and while tenant b sends ten times
as many. Prints a's latencies as a table, under fair order and under first come, first served.
"""
import hashlib, json, os, shlex, subprocess, sys, tempfile, time

KEYS = {"a": "key-of-a", "b": "key-of-b"}


def serve(penstock, model, folder, policy):
    keys = os.path.join(folder, "keys.txt")
    with open(keys, "w") as file:
        for tenant, key in KEYS.items():
            file.write(f"{tenant} {hashlib.sha256(key.encode()).hexdigest()} {tenant}\n")
    server = subprocess.Popen(
        penstock + ["serve", "--model", f"m={model}", "--urls", "http://127.0.0.1:0", "--policy", policy,
                    "--data", os.path.join(folder, policy), "--api-key-file", keys],
        stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if line.startswith("Penstock listens on "):
            return server, line.split()[-1]
    sys.exit("The server did not start.")


def load(penstock, url, tenant, rate, requests):
    return subprocess.Popen(
        penstock + ["bench", "load", "--url", url, "--model", "m", "--api-key-env", "BURST_KEY", "--rate", str(rate),
                    "--requests", str(requests), "--prompt-tokens", "64", "--output-tokens", "32", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "BURST_KEY": KEYS[tenant]})


def report(run):
    return json.loads(run.communicate()[0])


def row(name, result):
    ttft, gap = result["ttft_ms"], result["gap_ms"]
    print(f"| {name} | {result['ok']} of {result['requests']} | {ttft['p50']:.0f} / {ttft['p99']:.0f} | {gap['p99']:.1f} / {gap['max']:.0f} |", flush=True)


def main(command, model, rate="4", requests="200"):
    penstock, rate, requests = shlex.split(command), float(rate), int(requests)
    print(f"Tenant a at {rate:g} requests a second, b at {10 * rate:g}; {os.path.basename(model)}; {os.cpu_count()} processors\n")
    print("| | answered | first token ms, p50 / p99 | gap ms, p99 / max |\n|---|---:|---:|---:|")
    for policy in ("fair", "fcfs"):
        with tempfile.TemporaryDirectory() as folder:
            server, url = serve(penstock, model, folder, policy)
            try:
                load(penstock, url, "a", rate, 10).communicate()
                row(f"{policy}: a alone", report(load(penstock, url, "a", rate, requests)))
                burst = load(penstock, url, "b", 10 * rate, 12 * requests)
                time.sleep(0.1 * requests / rate)
                row(f"{policy}: a beside b", report(load(penstock, url, "a", rate, requests)))
                row(f"{policy}: b", report(burst))
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
