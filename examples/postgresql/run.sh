#!/usr/bin/env bash
# Events out of a PostgreSQL table, through parse and funnel, and the reports back into a table: with psql
# alone. The server is one of its own, for the time of the script, without a network.
#
# Mind the way: COPY's text format doubles every backslash, which JSON has many of. So events leave with
# psql -XAtc, which prints a value as it is, and lines come in as CSV whose quote and delimiter are
# control characters, which JSON never has.
set -euo pipefail
work=$(mktemp -d)
PATH=$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin)
chmod 755 "$work"
mkdir "$work/db"

# The server refuses to run as root.
server=()
if [ "$(id -u)" = 0 ]; then
  server=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
  chown nobody "$work/db"
fi
stop() {
  (cd / && "${server[@]}" pg_ctl -D "$work/db" -m immediate stop > "$work/stopped" 2>&1) || true
  rm -rf "$work"
}
trap stop EXIT
(
  cd /
  "${server[@]}" initdb -D "$work/db" -U footfall -A trust -E UTF8 --locale=C --no-sync
  "${server[@]}" pg_ctl -D "$work/db" -l "$work/db/log" -w start \
    -o "-k $work/db -c listen_addresses='' -c fsync=off"
) > "$work/started"
sql() { psql -XAtq -v ON_ERROR_STOP=1 -h "$work/db" -U footfall -d postgres "$@"; }
lines="with (format csv, quote e'\\x01', delimiter e'\\x02')"

sql -c 'create table event (id bigint generated always as identity, body json)' \
  -c 'create table report (record jsonb)'
{
  simulate --persons 2000 --broken 0
  printf '%s\n' '{"event":"Note Written","userId":"u1","timestamp":"2026-02-01T00:00:00Z","properties":{"text":"C:\\new \"draft\"\n\u00e9 \\u00e9"}}'
} | sql -c "\\copy event (body) from pstdin $lines"

# There …
sql -c 'select body from event order by id' |
  parse --from segment --dedupe 24h --quiet > "$work/events"
funnel --steps 'Product Viewed,Product Added,Order Completed' --by 'channel' "$work/events" |
  # … and back again.
  sql -c "\\copy report from pstdin $lines"

sql -F ' ' <<'SQL'
select record->'by'->>'channel', record->>'name', record->'persons',
       round(100 * (record->'overall'->>'value')::numeric, 1) || ' %'
from report where record->>'record' = 'funnel.step'
order by 1, (record->>'step')::int;
SQL
echo "the text of a note, in the table and behind parse:"
sql -c "select body->'properties' from event where body->>'event' = 'Note Written'"
sed -n '/"Note Written"/s/.*"properties":\({[^}]*}\).*/\1/p' "$work/events"
