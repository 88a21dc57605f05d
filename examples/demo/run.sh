#!/usr/bin/env bash
# The whole pipeline on a simulated shop: who is in which segment, where people stop on their way to
# an order, and the ten most engaged of them. `make demo` builds the programs first.
set -euo pipefail
cd "$(dirname "$0")"

simulate --persons 5000 --start 2026-01-01 --days 90 |
  parse --from segment --dedupe 24h --quiet |
  segment --rules segments.json --populations --pass |
  funnel --steps 'Product Viewed,Product Added,Checkout Started,Payment Info Entered,Order Completed' \
    --window 7d --pass |
  score --top 10 --format table
