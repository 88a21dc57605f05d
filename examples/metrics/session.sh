#!/usr/bin/env bash
# A news site: how long its readers stay (5 minutes on average), how many pages they read, how many bounce.
# Six visits of 4, 6, 8, 2, 10 and 0 minutes.
set -euo pipefail

views() {
  while read -r reader time path; do
    printf '{"event":"Page Viewed","anonymousId":"%s","timestamp":"2026-03-%sZ","context":{"page":{"path":"%s"}}}\n' \
      "$reader" "$time" "$path"
  done <<'END'
ada 02T08:00:00 /
ada 02T08:01:30 /politics
ada 02T08:04:00 /politics/budget
ada 02T18:00:00 /sport
ada 02T18:06:00 /sport/derby
ben 02T12:00:00 /
ben 02T12:08:00 /weather
cem 03T09:00:00 /
cem 03T09:02:00 /politics
eva 03T20:00:00 /politics/budget
eva 03T20:10:00 /
fay 03T21:00:00 /sport
END
}

views | session --summary --format table --quiet
echo
views | session --summary --by context.page.path --format table --quiet
echo
views | session --report --quiet |
  grep -o '"anonymousId":"[a-z]*"\|"seconds":[0-9]*\|"landingPage":"[^"]*","exitPage":"[^"]*"'
