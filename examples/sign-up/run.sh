#!/usr/bin/env bash
# From the first visit to the sign-up, by the traffic source of the first visit. Visitors are
# anonymous until they sign up: the sign-up carries both ids, and so joins the two halves.
set -euo pipefail

simulate --persons 2000 |
  parse --from segment --dedupe 24h --quiet |
  funnel --by trafficSource.channel --by-limit 4 --window 30d --format table --quiet \
    --step 'Visit=event == "Page Viewed"' --step 'Signed Up'
