#!/usr/bin/env bash
# All tables of the CPU engine's speed, in Markdown, one file each.
#
# usage: benchmarks/compute.sh MODELS OUT [PART...]
#   MODELS  a folder with 250m-TYPE.gguf and 1b-TYPE.gguf for q8_0, q4_0, q4_k_m and f16; what is missing is made there first (5 GB in all)
#   OUT     a folder for the tables
#   PART    compare   decode, prefill and mixed steps beside llama.cpp, one thread, four types, both sizes      19 minutes
#           threads   the same of the 250M models with Q8_0 and Q4_K_M and two threads                           4 minutes
#           neighbour the 95th percentile of a step beside a busy process, both engines, two threads             2 minutes
#           kernels   what part of the machine each step reaches: Q8_0 and Q4_0, one and two threads, each path  4 minutes
#           load      from start to ready, with and without the file in the cache, and what is resident then     2 minutes
#           adapters  what adapters cost in a step                                                               1 minute
#           All when none is named; the minutes are those of two cores of a Zen 5 that does nothing else.
#
# Builds first. llama.cpp's libraries: (cd native && npm ci), or PENSTOCK_LLAMA_LIBRARIES.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }
models=$1 out=$2
shift 2
parts=${*:-compare threads neighbour kernels load adapters}
cd "$(dirname "$0")/.."
mkdir -p "$models" "$out"

for project in src/Cli tools/oracle benchmarks/Adapters; do
  dotnet build "$project" -c Release -v q --tl:off > "$out/build.log" || { cat "$out/build.log"; exit 1; }
done
bin=artifacts/bin
penstock="dotnet $bin/Penstock.Cli/release/penstock.dll"
oracle="dotnet $bin/Penstock.Tools.Oracle/release/Penstock.Tools.Oracle.dll"
lora="dotnet $bin/Penstock.Benchmarks.Adapters/release/Penstock.Benchmarks.Adapters.dll"

for size in 250m 1b; do
  for type in q8_0 q4_0 q4_k_m f16; do
    [ -e "$models/$size-$type.gguf" ] || $penstock models random --parameters "${size^^}" --type "${type^^}" --out "$models/$size-$type.gguf"
  done
done

compare() {
  # Of each type the smaller model comes first: what was best for llama.cpp there is tried first with the larger.
  for type in q8_0 q4_0 q4_k_m f16; do
    $oracle compare "$models/250m-$type.gguf" "$models/1b-$type.gguf" --threads 1 --steps 12,6 --rounds 3 --search-seconds 6 > "$out/compare-$type.md"
  done
}

threads() {
  $oracle compare "$models/250m-q8_0.gguf" "$models/250m-q4_k_m.gguf" --threads 2 --steps 12 --rounds 3 --search-seconds 6 > "$out/threads.md"
}

neighbour() {
  $oracle compare "$models/250m-q8_0.gguf" --threads 2 --batches "" --chunks "" --mixed "" --neighbour 1,4 --rounds 3 --search-seconds 10 > "$out/neighbour.md"
}

kernels() {
  for type in q8_0 q4_0; do
    for count in 1 2; do
      $penstock bench kernels --model "$models/250m-$type.gguf" --threads $count
    done
  done > "$out/kernels.txt"
  for path in avxvnni avx2; do
    $penstock bench kernels --model "$models/250m-q8_0.gguf" --threads 1 --path $path
  done > "$out/paths.txt"
}

load() {
  benchmarks/load.py "$penstock" 3 models/pebble.gguf "$models/250m-q8_0.gguf" "$models"/1b-{q8_0,q4_0,q4_k_m,f16}.gguf > "$out/load.md"
}

adapters() {
  $lora "$models/250m-q8_0.gguf" 8 16 2 60 > "$out/adapters.md"
}

for part in $parts; do
  SECONDS=0
  $part
  echo "$part: $((SECONDS / 60)) min $((SECONDS % 60)) s"
done
