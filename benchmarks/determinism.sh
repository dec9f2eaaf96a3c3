#!/usr/bin/env bash
# How many different answers one prompt has in a crowd, and what determinism costs: a table in Markdown.
# usage: benchmarks/determinism.sh [runs a row] [model.gguf ...]     (default: 1000 pebble; llama.cpp's rows need native/'s libraries)
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-1000}; shift || true
models=("${@:-models/pebble.gguf}")
penstock=(dotnet artifacts/bin/Penstock.Cli/release/penstock.dll)
dotnet build src/Cli -c Release -v q >&2
data=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$data"' EXIT

field() { sed -nE "s/^ *\"$1\": ([^,]*),?$/\1/p" "$data/report.json" | head -n 1; }

# model, runner, deterministic, temperature, load
row() {
  : > "$data/serve.log"
  # The CPU engine holds determinism for every request; llama.cpp for a model that is served so.
  printf 'models:\n  - { path: "%s", runner: %s, deterministic: %s }\n' "$(realpath "$1")" "$2" "$3" > "$data/penstock.yaml"
  "${penstock[@]}" serve --config "$data/penstock.yaml" --kv-tokens 2048 --urls http://127.0.0.1:0 --data "$data/$RANDOM" > "$data/serve.log" 2>&1 &
  server=$!
  until url=$(sed -nE 's/^Penstock listens on //p' "$data/serve.log") && [ -n "$url" ]; do kill -0 $server; sleep 0.2; done
  until curl -fs "$url/health/ready" > /dev/null; do sleep 0.2; done
  "${penstock[@]}" lab determinism --url "$url" --n "$runs" --load "$5" --deterministic "$3" --temperature "$4" --seed 7 --cost-rounds 15 --json > "$data/report.json" 2> "$data/lab.log" || tail -n 1 "$data/lab.log" >&2
  echo "| $(basename "$1" .gguf) | $2 | $3 | $4 | $5 | $(field n) | **$(field distinct)** | $(field distinct_receipts) | $(field first_divergence_token) | $(field agreement) | $(field preemptions) | $(field left) | $(field output_tokens_per_s) | $(field plain_tokens_per_s) | $(field ratio) |"
  kill -TERM $server; wait $server || true
}

echo "| model | runner | deterministic | temperature | load | answers | distinct | receipts | first difference at | agreement | preemptions | left | tokens/s in the crowd | tokens/s without | with / without |"
echo "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
for model in "${models[@]}"; do
  for temperature in 0 0.8; do
    row "$model" cpu true $temperature mixed
    row "$model" cpu false $temperature mixed
  done
  if [ -d native/node_modules ] || [ -n "${PENSTOCK_LLAMA_LIBRARIES:-}" ]; then
    for temperature in 0 0.8; do
      row "$model" llama false $temperature mixed
      row "$model" llama true $temperature mixed
    done
  fi
done
