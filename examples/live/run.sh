#!/usr/bin/env bash
# A log that grows, looked at live: a snapshot every half second while lines come in, and the final
# reports when the log ends (here: when tail is ended). Only the last reports are shown.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/log"

tail -n +1 -F "$work/log" 2>/dev/null > >(
  parse --from segment --quiet |
    funnel --steps 'Product Viewed,Product Added,Order Completed' --live 500ms > "$work/reports"
) &
tail=$!

simulate --persons 300 --broken 0 --duplicates 0 > "$work/all"
head -n 500 "$work/all" >> "$work/log"
sleep 1
tail -n +501 "$work/all" >> "$work/log"
sleep 2
kill "$tail"

# The pipeline ends by itself when its input does.
for _ in $(seq 100); do
  grep -q '"final":true' "$work/reports" && break
  sleep 0.1
done
snapshots=$(grep -c '"final":false' "$work/reports")
[ "$snapshots" -ge 2 ] && echo "snapshots came while the log grew"
grep -A 3 '"final":true' "$work/reports" | jq -c '{name, persons} | select(.name)'
