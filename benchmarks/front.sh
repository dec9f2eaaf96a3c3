#!/usr/bin/env bash
# All figures of Penstock in front of a provider, beside nginx (Debian's) and a bare Kestrel relay, in Markdown, one file each.
#
# usage: benchmarks/front.sh OUT [PART...]
#   OUT   a folder for the tables
#   PART  latency     one client: what is added to the whole answer and to the first token             3 minutes
#         throughput  32 connections: requests a second of the whole box, CPU a request                3 minutes
#         streams     100 and 400 streams, a token each 20 ms: time on the way                         3 minutes
#         large       prompts of 220 KB, 16 connections                                                2 minutes
#         cancel      tokens made for a client that has left, in every phase                           2 minutes
#         caps        a thousand requests at once on a limit: one gateway, and three over PostgreSQL
#                     where Debian's is installed                                                      1 minute
#         soak        a million requests, three in ten aborted: resident memory                        5 minutes
#         All but soak when none is named. QUICK=1: one short round of each. REQUESTS=n: of the soak.
#
# Builds first. Everything runs on the loopback; stop what else runs on the machine: its share is in the column "noise".
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }
out=$(realpath -m "$1")
shift
parts=${*:-latency throughput streams large cancel caps}
cd "$(dirname "$0")/.."
mkdir -p "$out"

for project in src/Cli tools/stand-in benchmarks/Load; do
  dotnet build "$project" -c Release -v q --tl:off > "$out/build.log" || { cat "$out/build.log"; exit 1; }
done
rm "$out/build.log"
bin=artifacts/bin

# A PostgreSQL of this run's own, gone afterwards. It refuses to run as root.
postgres() {
  local programs home as=()
  programs=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | tail -1)
  [ -n "$programs" ] || return 0
  home=$(mktemp -d /tmp/penstock-postgres-XXXX)
  [ "$(id -u)" -ne 0 ] || { as=(setpriv --reuid=postgres --regid=postgres --clear-groups); chown postgres "$home"; }
  local port=$((20000 + RANDOM % 10000))
  (cd "$home" && "${as[@]}" "$programs/initdb" -D "$home/data" -A trust -U postgres > "$home/log" && "${as[@]}" "$programs/pg_ctl" -D "$home/data" -l "$home/server.log" -w -o "-p $port -k $home -c listen_addresses=127.0.0.1 -c max_connections=300" start >> "$home/log")
  trap '(cd "'"$home"'" && '"${as[*]}"' "'"$programs"'/pg_ctl" -D "'"$home"'/data" -m immediate stop > /dev/null; rm -rf "'"$home"'")' EXIT
  export PENSTOCK_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
}

for part in $parts; do
  SECONDS=0
  [ "$part" != caps ] || postgres
  $bin/Penstock.Benchmarks.Load/release/Penstock.Benchmarks.Load front $bin/Penstock.Cli/release/penstock.dll "$part" \
    --stand-in $bin/Penstock.Tools.StandIn/release/Penstock.Tools.StandIn.dll --requests "${REQUESTS:-1000000}" ${QUICK:+--quick} > "$out/$part.md"
  echo "$part: $((SECONDS / 60)) min $((SECONDS % 60)) s"
done
