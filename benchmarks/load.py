#!/usr/bin/env python3
"""From starting the server to being ready, with the file in the system's cache and not, beside reading the file.

usage: benchmarks/load.py PENSTOCK ROUNDS MODEL...
  PENSTOCK  the command, for example "dotnet artifacts/bin/Penstock.Cli/release/penstock.dll"
  ROUNDS    of which the medians are shown; 5 is a good number
  MODEL     GGUF files

"Ready" is the line in which "penstock serve" says where it listens: the model is loaded, packed and warmed up. Cold runs and cold
readings drop the file from the cache first (posix_fadvise), as far as the system does that. Prints a table in Markdown.
"""
import os, shlex, statistics, subprocess, sys, tempfile, time


def drop(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read(path):
    start, buffer = time.monotonic(), bytearray(4 << 20)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    return time.monotonic() - start


def ready(penstock, path):
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        server = subprocess.Popen(
            penstock + ["serve", "--model", f"m={path}", "--urls", "http://127.0.0.1:0", "--data", folder, "--kv-tokens", "4096"],
            stdout=subprocess.PIPE, text=True)
        try:
            if not any(line.startswith("Penstock listens on ") for line in server.stdout):
                sys.exit("The server did not start.")
            return time.monotonic() - start
        finally:
            server.terminate()
            server.wait()


def main(command, rounds, *models):
    penstock = shlex.split(command)
    print("| file | GB | ready, warm | ready, cold | reading the file, cold | cold / reading |\n|---|---:|---:|---:|---:|---:|")
    for path in models:
        warm, cold, reading = [], [], []
        read(path)
        for _ in range(int(rounds)):
            warm.append(ready(penstock, path))
            drop(path)
            reading.append(read(path))
            drop(path)
            cold.append(ready(penstock, path))
        w, c, r = (statistics.median(times) for times in (warm, cold, reading))
        print(f"| {os.path.basename(path)} | {os.path.getsize(path) / 1e9:.2f} | {w:.2f} s | {c:.2f} s | {r:.2f} s | {c / r:.2f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
