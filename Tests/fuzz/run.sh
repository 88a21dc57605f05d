#!/usr/bin/env bash
# Feeds the readers with mutated data until one of them crashes, hangs or takes too much memory:
# `make fuzz`. Each target is one file here with a main of libFuzzer's.
#
#   RUNS=10000000 make fuzz       so many inputs each (default 200000)
#   ONLY=State make fuzz          one target
#   ONLY=Parse PART=ga4 make fuzz one part of a target
#
# Parse is counted in lines, so many of each format: an input of libFuzzer's is some lines and changed
# ones beside them, $lines in all. What is found stays in .build/fuzz/TARGET/crash-…; it becomes a case
# of a test. For Parse, `PART=ga4 SHOW=1 .build/fuzz/Parse.fuzzer crash-…` in that folder shows the lines.
set -euo pipefail
cd "$(dirname "$0")/../.."

place=$PWD/.build/fuzz
modules=(Records Events Statistics Expressions Pipes funnel segment score cohort session kpi parse)
lines=64
language=(-swift-version 6 -O -parse-as-library -enable-testing -I "$place/modules"
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
  -enable-upcoming-feature InternalImportsByDefault -strict-memory-safety)
# libFuzzer sees which ways a library goes; a target's own code is none of its business.
flags=("${language[@]}" -sanitize=fuzzer)
mkdir -p "$place/modules"

# A module is compiled again when one of its sources, or of those before it, is newer.
stale=no
for module in "${modules[@]}"; do
  object="$place/modules/$module.o"
  mapfile -t sources < <(find "Sources/$module" -name '*.swift' ! -name main.swift)
  if [ "$module" = parse ]; then
    sources+=("$(find .build -path '*/parse.build/*' -name embedded_resources.swift | head -1)")
  fi
  if [ "$stale" = yes ] || [ ! -f "$object" ] ||
    [ -n "$(find "Sources/$module" -name '*.swift' -newer "$object" | head -1)" ]; then
    stale=yes
    echo "run.sh: compiling $module" >&2
    swiftc "${flags[@]}" -wmo -module-name "$module" -emit-module \
      -emit-module-path "$place/modules/$module.swiftmodule" -c -o "$object" "${sources[@]}"
  fi
done

# Runs a target on a corpus: fuzz NAME CORPUS INPUTS LOG.
fuzz() {
  # The runtime would show where it crashed before libFuzzer can keep the input.
  (cd "$place/$1" && SWIFT_BACKTRACE=enable=no "$place/$1.fuzzer" -runs="$3" -timeout=10 \
    -rss_limit_mb=2048 -malloc_limit_mb=1024 -max_len="${MAX_LENGTH:-4096}" -print_final_stats=1 \
    -close_fd_mask=1 "$2" 2> "$4") || { tail -40 "$place/$1/$4"; exit 1; }
}

for target in Tests/fuzz/*Fuzzer.swift; do
  name=$(basename "$target" Fuzzer.swift)
  [ -z "${ONLY:-}" ] || [ "$ONLY" = "$name" ] || continue
  # Programs that a target does not import would be counters to look through after each input.
  objects=()
  for module in "${modules[@]}"; do
    if [[ $module =~ ^[A-Z] ]] || grep -q "import $module\$" "$target"; then
      objects+=("$place/modules/$module.o")
    fi
  done
  helpers=(Tests/fuzz/Harness.swift)
  if [ "$name" = Parse ]; then
    helpers+=(Tests/fuzz/LineMutations.swift Tests/TestSupport/Randomness.swift)
  fi
  swiftc "${language[@]}" -wmo -module-name "${name}Fuzzer" -c -o "$place/$name.o" "$target" \
    "${helpers[@]}"
  swiftc -sanitize=fuzzer "$place/$name.o" "${objects[@]}" -o "$place/$name.fuzzer"
  mkdir -p "$place/$name/corpus"
  [ -n "$(ls "$place/$name/corpus")" ] ||
    python3 -B Tests/fuzz/seeds.py "$name" "$place/$name/corpus"
  echo "run.sh: $name" >&2
  runs=${RUNS:-200000}
  if [ "$name" != Parse ]; then
    fuzz "$name" corpus "$runs" log
    grep -E 'number_of_executed_units|peak_rss' "$place/$name/log" | sed "s/^/$name /"
    continue
  fi
  for folder in "$place/$name/corpus"/*/; do
    part=$(basename "$folder")
    [ -z "${PART:-}" ] || [ "$PART" = "$part" ] || continue
    # Longer lines are slower and find nothing more; mapping files are longer.
    longest=$([ "$part" = map ] && echo 16384 || echo 4096)
    MAX_LENGTH=${MAX_LENGTH:-$longest} PART=$part LINES=$lines \
      fuzz "$name" "corpus/$part" $(((runs + lines - 1) / lines)) "log-$part"
    grep -E ' lines in ' "$place/$name/log-$part" | sed "s/^/$name /"
  done
done
