#!/usr/bin/env bash
# Four stages in one pipe, and the same four one after the other through files: the same bytes. So a
# stage can be looked at, kept, or run again by itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
steps='Product Viewed,Product Added,Order Completed'
rules=$(dirname "$0")/../demo/segments.json

simulate --persons 300 --broken 0 > "$work/raw"

parse --quiet "$work/raw" | segment --rules "$rules" |
  funnel --steps "$steps" --pass | score > "$work/one-pipe"

parse --quiet "$work/raw" > "$work/1"
segment --rules "$rules" "$work/1" > "$work/2"
funnel --steps "$steps" --pass "$work/2" > "$work/3"
score "$work/3" > "$work/through-files"

cmp "$work/one-pipe" "$work/through-files"
echo "the same reports"
