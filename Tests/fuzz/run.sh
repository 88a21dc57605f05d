#!/usr/bin/env bash
# Feeds the readers with mutated data until one of them crashes, hangs or takes too much memory:
# `make fuzz`. Each target is one file here with a main of libFuzzer's.
#
#   RUNS=10000000 make fuzz       so many inputs each (default 200000)
#   ONLY=State make fuzz          one target
#
# What is found stays in .build/fuzz/TARGET/crash-…; it becomes a case of a test.
set -euo pipefail
cd "$(dirname "$0")/../.."

place=$PWD/.build/fuzz
modules=(Records Events Expressions Statistics Pipes funnel segment score parse)
flags=(-swift-version 6 -O -parse-as-library -sanitize=fuzzer -enable-testing -I "$place/modules"
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
  -enable-upcoming-feature InternalImportsByDefault -strict-memory-safety)
mkdir -p "$place/modules"

# A module is compiled again when one of its sources, or of those before it, is newer.
objects=()
stale=no
for module in "${modules[@]}"; do
  object="$place/modules/$module.o"
  objects+=("$object")
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

for target in Tests/fuzz/*Fuzzer.swift; do
  name=$(basename "$target" Fuzzer.swift)
  [ -z "${ONLY:-}" ] || [ "$ONLY" = "$name" ] || continue
  swiftc "${flags[@]}" -module-name "${name}Fuzzer" "$target" Tests/fuzz/Harness.swift \
    "${objects[@]}" -o "$place/$name.fuzzer"
  mkdir -p "$place/$name/corpus"
  [ -n "$(ls "$place/$name/corpus")" ] ||
    python3 -B Tests/fuzz/seeds.py "$name" "$place/$name/corpus"
  echo "run.sh: $name" >&2
  # The runtime would show where it crashed before libFuzzer can keep the input.
  (cd "$place/$name" && SWIFT_BACKTRACE=enable=no "$place/$name.fuzzer" -runs="${RUNS:-200000}" -timeout=10 \
    -rss_limit_mb=2048 -malloc_limit_mb=1024 -max_len="${MAX_LENGTH:-4096}" -print_final_stats=1 \
    -close_fd_mask=1 corpus 2> log) || { tail -40 "$place/$name/log"; exit 1; }
  grep -E 'number_of_executed_units|peak_rss' "$place/$name/log" | sed "s/^/$name /"
done
