#!/usr/bin/env python3
"""From starting the server to being ready, with the file in the system's cache and not, beside reading the file; and the memory that it then has.

usage: benchmarks/load.py PENSTOCK ROUNDS MODEL...
  PENSTOCK  the command, for example "dotnet artifacts/bin/Penstock.Cli/release/penstock.dll"
  ROUNDS    of which the medians are shown; 5 is a good number
  MODEL     GGUF files

A virtual machine may give free memory back to its host and pay dearly to get it again, which has nothing to do with the server: as much memory as the
file has is touched once before each start. The table says what that costs, and what it costs again: no loader can take less time for its copy of the weights.

"Ready" is the line in which "penstock serve" says where it listens: the model is loaded, packed and warmed up. Cold runs and cold
readings drop the file from the cache first (posix_fadvise), as far as the system does that.

Memory is read from /proc after an answer to a prompt of some hundred tokens: what the process has resident, all of it and without mapped files (the code
of .NET and of the program), over the file and the KV of that answer. Name a tiny model first: its line is the process itself. Prints two tables in Markdown.
"""
import contextlib, json, mmap, os, re, shlex, statistics, subprocess, sys, tempfile, time, urllib.request


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


def touch(size):
    """Seconds of writing to so many bytes of new memory, a thread."""
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        memory.madvise(mmap.MADV_HUGEPAGE)
    start = time.monotonic()
    for at in range(0, size, mmap.PAGESIZE):
        memory[at] = 1
    seconds = time.monotonic() - start
    memory.close()
    return seconds


@contextlib.contextmanager
def serving(penstock, path):
    """A server of the model, ready; its process and address."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            penstock + ["serve", "--model", f"m={path}", "--urls", "http://127.0.0.1:0", "--data", folder, "--kv-tokens", "4096"],
            stdout=subprocess.PIPE, text=True)
        try:
            for line in server.stdout:
                if line.startswith("Penstock listens on "):
                    yield server, line.split()[-1]
                    break
            else:
                sys.exit("The server did not start.")
        finally:
            server.terminate()
            server.wait()


def ready(penstock, path):
    start = time.monotonic()
    with serving(penstock, path):
        return time.monotonic() - start


def resident(penstock, path):
    """Bytes resident after an answer, those that are no mapped files, the most until then, and of the KV that the answer took."""
    model = json.loads(subprocess.run(penstock + ["models", "inspect", path, "--json"], check=True, capture_output=True, text=True).stdout)
    with serving(penstock, path) as (server, address):
        body = json.dumps({"model": "m", "prompt": "one two three four five six " * 40, "max_tokens": 16}).encode()
        request = urllib.request.Request(address + "/v1/completions", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as response:
            tokens = json.load(response)["usage"]["total_tokens"]
        with open(f"/proc/{server.pid}/status") as status:
            text = status.read()
    now, own, most = (int(re.search(rf"{name}:\s+(\d+) kB", text).group(1)) << 10 for name in ("VmRSS", "RssAnon", "VmHWM"))
    return now, own, most, tokens * model["kv_bytes_per_token_f16"]


def load(penstock, rounds, models):
    print("| file | GB | ready, warm | ready, cold | reading the file, cold | cold / reading | new memory of that size | again |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    for path in models:
        warm, cold, reading, first, again = [], [], [], [], []
        size = os.path.getsize(path)
        read(path)
        for _ in range(rounds):
            first.append(touch(size))
            again.append(touch(size))
            warm.append(ready(penstock, path))
            drop(path)
            reading.append(read(path))
            drop(path)
            touch(size)
            cold.append(ready(penstock, path))
        w, c, r, f, a = (statistics.median(times) for times in (warm, cold, reading, first, again))
        print(f"| {os.path.basename(path)} | {size / 1e9:.2f} | {w:.2f} s | {c:.2f} s | {r:.2f} s | {c / r:.2f} | {f:.2f} s | {a:.2f} s |", flush=True)


def memory(penstock, models):
    print("\n| file | file, MB | KV of the answer, MB | resident, MB | at most | of it no mapped files | resident / (file + KV) | without mapped files |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    for path in models:
        now, own, most, kv = resident(penstock, path)
        size = os.path.getsize(path)
        print(f"| {os.path.basename(path)} | {size / 1e6:.0f} | {kv / 1e6:.0f} | {now / 1e6:.0f} | {most / 1e6:.0f} | {own / 1e6:.0f} | {now / (size + kv):.3f} | {own / (size + kv):.3f} |", flush=True)


def main(command, rounds, *models):
    penstock = shlex.split(command)
    load(penstock, int(rounds), models)
    memory(penstock, models)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
