#!/usr/bin/env bash
# Each behavioural criterion of a cohort as a rule (segments.json), built-in segments by month, and
# groups that are found in what persons do.
set -euo pipefail
cd "$(dirname "$0")"

events() { simulate --persons 2000 --visits 6 --days 120 --groups | parse --from segment --dedupe 24h --quiet; }

events | segment --rules segments.json --populations --format table --quiet
echo
events | segment --builtin lifecycle,value --populations --period month --quiet |
  grep -E '"period":"2026-04","segment":"(lifecycle:resurrected|value:high)"'
echo
events | segment --discover 4 --quiet | grep -o '"group":[0-9]*,"persons":[0-9]*\|"description":"[^"]*"'
