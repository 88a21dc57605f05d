#!/usr/bin/env bash
# The worked examples that handbooks of marketing give for their metrics, each as a stream of events and the
# command that tells the metric. The events are plain: a name, a person, a day, and what the metric needs.
set -euo pipefail

# events NAME DAY FIRST LAST [PROPERTIES]: one event each of the persons numbered from FIRST to LAST.
events() {
  awk -v name="$1" -v day="$2" -v first="$3" -v last="$4" -v properties="${5:-}" 'BEGIN {
    for (n = first; n <= last; n++)
      printf "{\"event\":\"%s\",\"userId\":\"u%d\",\"timestamp\":\"%sT12:00:00Z\",\"properties\":{%s}}\n",
        name, n, day, properties
  }'
}

echo "10,000 customers at the start, 5,000 acquired, 12,000 at the end: 70 % are retained. What some handbooks"
echo "call retention, (12,000 - 10,000) / 10,000 = 20 %, is the net growth rate."
{
  events "Signed In" 2026-01-15 1 10000
  events "Signed In" 2026-02-15 3001 15000
} | kpi --metrics retentionRate,netGrowthRate --format table

echo
echo "1,000 active at the start, 100 cancelled: a churn of 10 %."
{
  events "Signed In" 2026-01-15 1 1000
  events "Signed In" 2026-02-15 1 900
  events "Subscription Cancelled" 2026-02-03 901 1000
} | kpi --metrics churnRate --format table

echo
echo "100 dollars a purchase, 12 purchases a year, 1 year: a customer lifetime value of 1,200."
for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
  events "Order Completed" "2026-$month-15" 1 50 '"revenue":100,"currency":"USD"'
done | kpi --metrics averageOrderValue,purchaseFrequency,clv --period year --format table

echo
echo "300 promoters, 100 passives, 100 detractors: a Net Promoter Score of 40."
{
  events "Survey Answered" 2026-01-15 1 300 '"score":10,"scale":10'
  events "Survey Answered" 2026-01-15 301 400 '"score":7,"scale":10'
  events "Survey Answered" 2026-01-15 401 500 '"score":3,"scale":10'
} | kpi --metrics nps --format table

echo
echo "100 clicks of 1,000 e-mails delivered: a click-through rate of 10 %."
{
  events "Email Delivered" 2026-01-15 1 1000
  events "Email Link Clicked" 2026-01-15 1 100
} | kpi --metrics ctr --format table

echo
echo "500 likes, 200 shares and 50 comments within a day, 10,000 followers: 7.5 %. Impressions are reach."
{
  events "Post Published" 2026-01-15 0 0 '"post_id":"p1","followers":10000'
  events "Post Impression" 2026-01-15 1 4000 '"post_id":"p1"'
  events "Post Liked" 2026-01-15 1 500 '"post_id":"p1"'
  events "Post Shared" 2026-01-16 1 200 '"post_id":"p1"'
  events "Post Commented" 2026-01-16 1 50 '"post_id":"p1"'
  events "Post Liked" 2026-01-17 501 900 '"post_id":"p1"'
} | kpi --metrics socialEngagementRate --format table
