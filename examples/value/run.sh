#!/usr/bin/env bash
# What customers are worth: who will buy again within 90 days, how often, and for how much. The orders of
# simulate come from the very process that is looked for, so that the truth stands beside what is found.
set -euo pipefail

simulate --seed 2 --persons 6000 --days 360 --repeat 0.8,30,0.8,2.5 --spend 6,4,15 |
  score --where 'event == "Order Completed"' --value bg-nbd --horizon 90d --quiet |
  jq -r -s '
    def cents: . * 100 | round / 100;
    def line: "\(.key)\t\(.value.value | cents)\t\(.value.low | cents) to \(.value.high | cents)";
    (map(select(.record == "score.value"))[0] |
      "\(.customers) customers, \(.repeatCustomers) of them more than once",
      "parameter\tfound\t95 %",
      (.parameters, .spend.parameters | to_entries[] | line),
      "all of them in the next 90 days: \(.curve[-1].customers | round) purchases"),
    "customer\talive\tpurchases\tclv",
    (map(select(.clv != null)) | sort_by(-.clv, .userId)[:5][] |
      "\(.userId)\t\(.pAlive | cents)\t\(.expectedPurchases | cents)\t\(.clv | cents)")'
