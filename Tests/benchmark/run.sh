#!/usr/bin/env bash
# Times the programs and their peers on the same data: `make bench` builds the programs first.
#
#   EVENTS=200000 make bench      a tenth of the data, for a try
#   RUNS=5 make bench             more runs for each median
#   ONLY=parse make bench         only the jobs whose name contains the word
#   INSTALL=no make bench         install nothing; only the peers that are there
set -euo pipefail
cd "$(dirname "$0")/../.."

place=.build/benchmark
peers="$place/peers/bin/python"
mkdir -p "$place"

if [ ! -x "$peers" ] && [ "${INSTALL:-yes}" = yes ]; then
  echo "run.sh: making a virtual environment for the peers in $place/peers" >&2
  python3 -m venv "$place/peers" || echo "run.sh: no virtual environment (python3-venv missing?)" >&2
fi
if [ -x "$peers" ] && [ "${INSTALL:-yes}" = yes ]; then
  # One by one: what cannot be had must not keep the others away.
  for package in duckdb polars orjson chdb==4.4.0; do
    "$peers" -c "import ${package%%=*}" 2>/dev/null ||
      "$peers" -m pip install --quiet --disable-pip-version-check "$package" ||
      echo "run.sh: $package cannot be had; its rows are left out" >&2
  done
fi

python3 -B Tests/benchmark/bench.py
python3 -B Tests/benchmark/formats.py
