#!/usr/bin/env bash
# An access log to a funnel: how many visitors come by the front page to a product, and how many of
# those look at a second one within the hour. Crawlers are left out; the header says how many.
set -euo pipefail

simulate --persons 2000 --format combined |
  parse --from combined --quiet |
  funnel --window 1h --format table \
    --step 'Category=event == "Page Viewed" && context.page.path.startsWith("/c/")' \
    --step 'Product=event == "Page Viewed" && context.page.path.startsWith("/p/")' \
    --step 'Second product=event == "Page Viewed" && context.page.path.startsWith("/p/")'
