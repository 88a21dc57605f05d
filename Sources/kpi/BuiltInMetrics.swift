/// The metrics that everyone has names for, in the form that `--define` takes.
///
/// Source: the marketing handbooks that the project grew out of, for names, formulas and bands; Zendesk,
/// GA4 and Segment's specification for the events.
enum BuiltInMetrics {
  /// The file of definitions.
  static let text = #"""
    {
      "about": "The metrics that are built in; a file of this form for --define adds others, or takes their places.",
      "metrics": [
        {
          "name": "visitors", "unit": "count", "better": "higher",
          "about": "Unique visitors: different persons with an interaction.",
          "formula": "persons with an interaction",
          "numerator": { "persons": "interaction" },
          "source": "mission 3; GA4, total users"
        },
        {
          "name": "returningVisitors", "unit": "share", "better": "higher",
          "about": "The share of the visitors who had an interaction in an earlier period too.",
          "formula": "visitors seen in an earlier period / visitors",
          "numerator": { "personsReturning": "interaction" },
          "denominator": { "persons": "interaction" },
          "source": "mission 3; GA4, returning users"
        },
        {
          "name": "sessions", "unit": "count", "better": "higher",
          "about": "Visits: a person's interactions on the site or in the app, not more than 30 minutes apart, in the period of the first one.",
          "formula": "sessions", "sessions": "count",
          "source": "GA4, sessions"
        },
        {
          "name": "timeOnPlatformSeconds", "unit": "seconds", "better": "higher",
          "about": "Time on platform: how long a session is, from its first event to its last.",
          "formula": "seconds of sessions / sessions", "sessions": "seconds",
          "source": "mission 3: average session duration"
        },
        {
          "name": "pagesPerSession", "unit": "number", "better": "higher",
          "about": "Pages and screens seen in a session.",
          "formula": "pages and screens / sessions", "sessions": "pages",
          "source": "mission 3; GA4, views per session"
        },
        {
          "name": "bounceRate", "unit": "share", "better": "lower",
          "about": "The share of the sessions that are not engaged: not longer than 10 seconds, without a purchase, with one page at most.",
          "formula": "sessions not engaged / sessions", "sessions": "bounced",
          "source": "GA4, bounce rate"
        },
        {
          "name": "conversionRate", "unit": "share", "better": "higher",
          "about": "The share of the visitors who buy.",
          "formula": "persons with a purchase / visitors", "events": ["Order Completed"],
          "numerator": { "persons": "purchase" }, "denominator": { "persons": "interaction" },
          "source": "mission 13"
        },
        {
          "name": "ctr", "unit": "share", "better": "higher",
          "about": "Click-through rate: clicks of what was delivered or shown.",
          "formula": "clicks / deliveries and impressions",
          "events": ["Email Link Clicked", "Ad Clicked", "Promotion Clicked", "Email Delivered", "Ad Viewed", "Promotion Viewed"],
          "numerator": "event in [\"Email Link Clicked\", \"Ad Clicked\", \"Promotion Clicked\"]",
          "denominator": "event in [\"Email Delivered\", \"Ad Viewed\", \"Promotion Viewed\"]",
          "source": "mission, worked example: 100 clicks of 1,000 delivered are 10 %"
        },
        {
          "name": "emailOpenRate", "unit": "share", "better": "higher",
          "about": "E-mails opened of those delivered.",
          "formula": "opened / delivered", "events": ["Email Opened", "Email Delivered"],
          "numerator": "Email Opened", "denominator": "Email Delivered", "source": "mission 12"
        },
        {
          "name": "emailClickRate", "unit": "share", "better": "higher",
          "about": "Clicks in e-mails of those delivered.",
          "formula": "clicked / delivered", "events": ["Email Link Clicked", "Email Delivered"],
          "numerator": "Email Link Clicked", "denominator": "Email Delivered", "source": "mission 12"
        },
        {
          "name": "unsubscribeRate", "unit": "share", "better": "lower",
          "about": "Readers who want no more, of e-mails delivered.",
          "formula": "unsubscribed / delivered",
          "events": ["Unsubscribed", "Email Unsubscribed", "Email Delivered"],
          "numerator": "event in [\"Unsubscribed\", \"Email Unsubscribed\"]",
          "denominator": "Email Delivered", "source": "mission 12"
        },
        {
          "name": "revenue", "unit": "money", "better": "higher",
          "about": "What came in, less what was paid back.",
          "formula": "amounts of purchases - refunds", "events": ["Order Completed", "Order Refunded"],
          "numerator": { "money": "net" }, "source": "mission 19"
        },
        {
          "name": "averageOrderValue", "unit": "money", "better": "higher",
          "about": "What a purchase comes to, refunds left aside.",
          "formula": "amounts of purchases / purchases with an amount", "events": ["Order Completed"],
          "mean": { "money": "purchases" }, "source": "mission 12, a factor of CLV"
        },
        {
          "name": "purchaseFrequency", "unit": "number", "better": "higher",
          "about": "How often a buyer buys in the period.",
          "formula": "purchases / persons with a purchase", "events": ["Order Completed"],
          "numerator": { "events": "purchase" }, "denominator": { "persons": "purchase" },
          "source": "mission 12, a factor of CLV"
        },
        {
          "name": "clv", "unit": "money", "better": "higher",
          "about": "Customer lifetime value, the simple one: no discount, every buyer alike; score --value has the model.",
          "formula": "average order value x purchases a buyer and year x years (--lifespan)",
          "events": ["Order Completed"],
          "product": ["averageOrderValue", "purchaseFrequency"], "yearly": true,
          "source": "mission, worked example: 100 x 12 a year x 1 year = 1,200"
        },
        {
          "name": "nps", "unit": "points", "better": "higher",
          "about": "Net Promoter Score: answers 9 and 10 less answers 0 to 6, of a scale of 0 to 10.",
          "formula": "100 x (promoters - detractors) / answers", "events": ["Survey Answered"],
          "numerator": "event == \"Survey Answered\" && has(properties.score) && (!has(properties.scale) || properties.scale == 10 || properties.scale in [\"10\", \"0-10\"]) && double(properties.score) >= 9.0 && double(properties.score) <= 10.0",
          "minus": "event == \"Survey Answered\" && has(properties.score) && (!has(properties.scale) || properties.scale == 10 || properties.scale in [\"10\", \"0-10\"]) && double(properties.score) >= 0.0 && double(properties.score) < 7.0",
          "denominator": "event == \"Survey Answered\" && has(properties.score) && (!has(properties.scale) || properties.scale == 10 || properties.scale in [\"10\", \"0-10\"]) && double(properties.score) >= 0.0 && double(properties.score) <= 10.0",
          "source": "mission, worked example: 300, 100, 100 are 40; Reichheld 2003"
        },
        {
          "name": "csat", "unit": "share", "better": "higher",
          "about": "Customer satisfaction: answers 4 and 5 of 5, 6 and 7 of 7, good of good and bad.",
          "formula": "satisfied / answers", "events": ["Ticket Rated", "Survey Answered"],
          "numerator": "(event == \"Ticket Rated\" && !has(properties.scale) || event in [\"Ticket Rated\", \"Survey Answered\"] && has(properties.scale) && (properties.scale == 5 || properties.scale in [\"5\", \"1-5\"])) && has(properties.score) && (properties.score == \"good\" || properties.score != \"bad\" && double(properties.score) >= 4.0 && double(properties.score) <= 5.0) || event in [\"Ticket Rated\", \"Survey Answered\"] && has(properties.scale) && (properties.scale == 7 || properties.scale in [\"7\", \"1-7\"]) && has(properties.score) && double(properties.score) >= 6.0 && double(properties.score) <= 7.0",
          "denominator": "(event == \"Ticket Rated\" && !has(properties.scale) || event in [\"Ticket Rated\", \"Survey Answered\"] && has(properties.scale) && (properties.scale == 5 || properties.scale in [\"5\", \"1-5\"])) && has(properties.score) && (properties.score in [\"good\", \"bad\"] || double(properties.score) >= 1.0 && double(properties.score) <= 5.0) || event in [\"Ticket Rated\", \"Survey Answered\"] && has(properties.scale) && (properties.scale == 7 || properties.scale in [\"7\", \"1-7\"]) && has(properties.score) && double(properties.score) >= 1.0 && double(properties.score) <= 7.0",
          "source": "top-two box; 960 of 1,200 are 80 %"
        },
        {
          "name": "reviewAverage", "unit": "number", "better": "higher",
          "about": "The mean rating of products.",
          "formula": "sum of ratings / ratings", "events": ["Product Reviewed"],
          "mean": "double(properties.rating)",
          "when": "event == \"Product Reviewed\" && has(properties.rating)", "source": "mission 13"
        },
        {
          "name": "firstResponseSeconds", "unit": "seconds", "better": "lower",
          "about": "From a ticket to the first public answer of the staff, of tickets that have one.",
          "formula": "sum of seconds / tickets answered",
          "events": ["Ticket Opened", "Ticket Replied"],
          "from": "Ticket Opened", "key": "properties.ticket_id", "cases": "mean",
          "to": "event == \"Ticket Replied\" && (has(properties.by_staff) ? properties.by_staff == true : !has(properties.author_id) || string(properties.author_id) != userId) && (!has(properties.public) || properties.public != false)",
          "source": "mission 13; Zendesk, ticket metrics"
        },
        {
          "name": "firstResponseP90Seconds", "unit": "seconds", "better": "lower",
          "about": "Nine of ten tickets that are answered are so within this time.",
          "formula": "90th percentile of seconds",
          "events": ["Ticket Opened", "Ticket Replied"],
          "from": "Ticket Opened", "key": "properties.ticket_id", "cases": "p90",
          "to": "event == \"Ticket Replied\" && (has(properties.by_staff) ? properties.by_staff == true : !has(properties.author_id) || string(properties.author_id) != userId) && (!has(properties.public) || properties.public != false)",
          "source": "mission 13; Zendesk, ticket metrics"
        },
        {
          "name": "resolutionSeconds", "unit": "seconds", "better": "lower",
          "about": "From a ticket to its first solution, of tickets that have one.",
          "formula": "sum of seconds / tickets solved",
          "events": ["Ticket Opened", "Ticket Solved", "Ticket Resolved", "Ticket Closed"],
          "from": "Ticket Opened", "key": "properties.ticket_id", "cases": "mean",
          "to": "event in [\"Ticket Solved\", \"Ticket Resolved\", \"Ticket Closed\"]",
          "source": "mission 13; Zendesk, ticket metrics"
        },
        {
          "name": "resolutionP90Seconds", "unit": "seconds", "better": "lower",
          "about": "Nine of ten tickets that are solved are so within this time.",
          "formula": "90th percentile of seconds",
          "events": ["Ticket Opened", "Ticket Solved", "Ticket Resolved", "Ticket Closed"],
          "from": "Ticket Opened", "key": "properties.ticket_id", "cases": "p90",
          "to": "event in [\"Ticket Solved\", \"Ticket Resolved\", \"Ticket Closed\"]",
          "source": "mission 13; Zendesk, ticket metrics"
        },
        {
          "name": "resolvedShare", "unit": "share", "better": "higher",
          "about": "The share of the tickets opened in the period that are solved by now.",
          "formula": "tickets solved / tickets opened",
          "events": ["Ticket Opened", "Ticket Solved", "Ticket Resolved", "Ticket Closed"],
          "from": "Ticket Opened", "key": "properties.ticket_id", "cases": "share",
          "to": "event in [\"Ticket Solved\", \"Ticket Resolved\", \"Ticket Closed\"]",
          "source": "mission 13; Zendesk, ticket metrics"
        },
        {
          "name": "socialEngagementRate", "unit": "share", "better": "higher",
          "about": "What readers do with a post in its first 24 hours, by the followers of who posts. Impressions are reach, not engagement, and do not count.",
          "formula": "likes, shares and comments within 24 hours / followers",
          "events": ["Post Published", "Post Liked", "Post Shared", "Post Commented"],
          "from": "Post Published", "key": "properties.post_id", "size": "properties.followers",
          "within": "24h", "cases": "closings",
          "to": "event in [\"Post Liked\", \"Post Shared\", \"Post Commented\"]",
          "source": "mission, worked example: (500 + 200 + 50) / 10,000 are 7.5 %"
        },
        {
          "name": "retentionRate", "unit": "share", "better": "higher",
          "about": "The share of the customers of the period before who are still here: (end - acquired) / start. A customer is here with an interaction.",
          "formula": "persons active in this period and the one before / persons active in the one before",
          "numerator": { "personsKept": "interaction" },
          "denominator": { "personsBefore": "interaction" },
          "bands": [{ "from": 0.7, "name": "high" }, { "below": 0.5, "name": "low" }],
          "source": "mission, worked example: 10,000 at start, 5,000 acquired, 12,000 at end are 70 %; what the source computes as retention is netGrowthRate"
        },
        {
          "name": "netGrowthRate", "unit": "share", "better": "higher",
          "about": "How many more customers there are than in the period before: (end - start) / start.",
          "formula": "(persons active - persons active in the period before) / persons active in the period before",
          "growth": "interaction",
          "source": "mission, worked example: 10,000 at start and 12,000 at end are 20 %"
        },
        {
          "name": "churnRate", "unit": "share", "better": "lower",
          "about": "The share of the customers of the period before who are not here any more.",
          "formula": "persons active in the period before and not in this one / persons active in the one before",
          "numerator": { "personsLost": "interaction" },
          "denominator": { "personsBefore": "interaction" },
          "source": "mission, worked example: 100 of 1,000 are 10 %"
        }
      ]
    }
    """#
}
