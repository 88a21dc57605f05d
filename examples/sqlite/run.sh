#!/usr/bin/env bash
# Reports into a database with its stock client: a funnel by channel, loaded into SQLite and asked
# in SQL. For PostgreSQL: psql -c '\copy report from stdin csv quote e"\x01" delimiter e"\x02"'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

simulate --persons 2000 |
  parse --from segment --dedupe 24h --quiet |
  funnel --steps 'Product Viewed,Product Added,Order Completed' --by 'channel' > "$work/reports"

sqlite3 "$work/reports.db" <<SQL
create table report (record text);
.mode ascii
.separator "\001" "\n"
.import $work/reports report
.mode column
.headers on
select json_extract(record, '$.by.channel')   as channel,
       json_extract(record, '$.name')         as step,
       json_extract(record, '$.persons')      as persons,
       round(100 * json_extract(record, '$.overall.value'), 1) as percent
from report
where json_extract(record, '$.record') = 'funnel.step'
order by channel, json_extract(record, '$.step');
SQL
