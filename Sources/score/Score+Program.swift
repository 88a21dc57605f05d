import Pipes

extension Score {
  static let program = Program(
    name: "score", summary: "who is engaged, how well the relation is, who is worth how much",
    discussion: """
      Writes one record a person, in the order of the ids; --top the highest ones only.

      engagement, 0 to 100, is the weighted mean of recency (40: 100 today, half every 7 days), \
      active days (30: full at 14 of the last 28), different events (20: full at 5) and channels \
      (10: full at 3; left out where no event names one). Only interactions count: deliveries, \
      impressions and the like are passiveContacts and nothing else. engagementByChannel is the \
      same within each channel.

      health is red from 0 to 50, yellow over 50 to 75, green over 75 to 100 (50 is red, 75 is \
      yellow). Its score is the weighted mean of usage (30: active days in 28 against the 28 \
      before), engagement (30), support (15: less 20 for each open ticket), sentiment (15: the \
      latest rating) and finance (10: 100 at a payment, gone after 180 days, 0 when it failed). \
      What has no data is left out and the weights renormalised; healthOf lists what is in.

      --health FILE makes health of other components: {"components":[{"name":"usage","weight":8},{"name":"csm", \
      "weight":3,"when":"event == \\"Account Reviewed\\"","value":"properties.score","best":10},…],"bands":{"yellow":50, \
      "green":75}}. A name of the five above without a "value" is that one; a "value" is what the latest event \
      says (of those of "when") for which it is a number, from "worst" (0) to "best" (100), which may be the \
      smaller one; "components" in place of a value is a group, the weighted mean of its own. Weights are 0 to \
      999999. What has no value is left out and the weights renormalised within its group; a person \
      without any has no health. "bands" say where yellow and green begin, those scores not in them.

      --changes POINTS writes in each snapshot of --every or --live, and at the end, who moved since the one \
      that wrote the person last; at first everybody. Behind a person whose health is in another band than \
      then stands a record score.crossed, which says from where to where. Where --where looks back, \
      snapshots compare with the beginning of the run.

      --backtest EXPR --origin DATE writes one record, score.backtest, and no persons: health of each as \
      of the start of that day against whether an event of EXPR came within --horizon from then on. auc with \
      its interval after DeLong is over 0.5 where the outcome goes with high health, as a renewal should, and under \
      it where it goes with low health, as churn should; the outcome's rate is given for each band, the auc for \
      each component. No event from --origin on is in what is judged.

      idleDays is the days since the last interaction, recencyDays since the last purchase. rfm \
      is the quintile (1 to 5, 5 best) of recency, frequency and monetary among those who bought, \
      each by itself; equal values are in the same one, that of their middle. --rfm-ties, --rfm-nested and \
      the cuts change that: with cuts a code says the same in every stream. rfmGroup: \
      R = 5 and F + M at least 9: Champions; R at least 4: Loyal (F + M from 7), Potential \
      loyalist (from 4), New; R = 3: Need attention (from 7), About to sleep; R up to 2: At risk \
      (from 7), Hibernating.

      Money is exact. Amounts in two currencies are never added: the currency with most purchases \
      is reported, or that of --currency; the record score.weights counts the others. Negative \
      amounts and Order Refunded reduce monetary and are no purchase.

      --value fits a model of when customers buy again and when they leave (BG/NBD or Pareto/NBD) and \
      one of what they pay (gamma-gamma), both by maximum likelihood: the record score.value has \
      their parameters with standard errors, and the purchases to come of a newcomer and of all \
      customers together, month by month. Each person gets pAlive, churnRisk (1 - pAlive), \
      expectedPurchases within --horizon, expectedSpend of a purchase, and clv: the purchases of \
      each 30 days times expectedSpend, the first divided by 1 + --discount, the second by its \
      square, and so on. What cannot be said is null, and valueReason says why. Purchases of one \
      day are one; the first day counts in none of it; time is in days up to --as-of. Under BG/NBD \
      who bought on one day only has pAlive 1: there was no purchase to leave after. Refunds after \
      the first day lower the spend. With --by each value has models of its own.

      --contract EXPR tells churn where it can be seen: the record score.contract has the share of contracts \
      that run on after each 30 days with its interval, and the median (Kaplan and Meier; those that run count \
      as longer than they ran so far, not as ended). Each person gets contractDays, and churnRisk: of \
      contracts that ran so long the share that ends within --horizon. A begin while one runs renews it; \
      who comes back begins another one. What is beyond the longest contract is null, and churnReason says so.

      --goal EXPR --fit learns who will reach a goal, and writes one record, score.model, and no \
      persons. At several times, a horizon apart, it takes what each person had done until then, \
      and whether the goal came within --horizon; an L2 logistic regression learns from all times \
      but the latest, at which it is judged: auc with its interval after DeLong, lift by decile, \
      Brier score against that of the base rate, calibration, reliability. No event after a time \
      is in what is known at it, and what is judged by lies behind all that was learned from. \
      Features are recency (ln of 1 + idle days), activeDays, trend (active days less those of \
      the window before), channels (different ones), sessions (half hours in a row with an \
      interaction), money (ln of 1 + what was paid), stages (steps of funnel --pass ever reached), ln of \
      1 + the count of purchases and of each of the 30 other events of most persons, and otherEvents \
      (different ones among the rest), all but recency and stages in a window as long as the horizon; \
      weight is for one standard deviation. An event is in one feature only. \
      vanity is true where a feature's own auc may well be 0.5 (at 5 %, with Holm's correction for \
      their number): by itself it says nothing of the goal. predicts says whether the score does.

      --model FILE takes what --fit wrote and tells the goal of persons: goalChance, that they reach it \
      within the model's horizon from the end of the day of --as-of on, and goalDrivers, the features that \
      raise and lower it most, those of vanity left out. engagement is then how many percent of the \
      cases learned from had a lower chance (of equal ones half), and takes part in health; \
      engagementByChannel stays as it is. The model names the options that its features depend on \
      (--where, --purchase, --passive, --key, --no-link, --bots, --time-zone): a run with others is refused. \
      chancePercentiles, features, intercept and these are all that counts in the file, which may be \
      laid out and changed by hand.

      What is kept for that: --value and money take 48 bytes for each day with a purchase, --goal and --model \
      16 for each person, day and kind of event, channel, stage or half of the day. Under --lateness \
      these days are kept all the same, so that memory grows with them.

      The default weights are tied to no goal; score.weights says so in every report. Days are \
      calendar days in UTC up to --as-of. The report is the same for any order of the events.
      """,
    family: .aggregate,
    options: [
      OptionDeclaration(
        "top", "N", "Only the N persons highest by engagement, ties by id; of each --by value."),
      OptionDeclaration(
        "purchase", "NAME",
        "The event that is a purchase, in place of 'Order Completed'; several may be given.",
        repeatable: true),
      OptionDeclaration(
        "passive", "NAME",
        "An event that reaches a person without an act, as deliveries and impressions do.",
        repeatable: true),
      OptionDeclaration(
        "health", "FILE", "The components of health, their weights, and its bands."),
      OptionDeclaration(
        "changes", "POINTS",
        "Write only persons whose engagement or health moved by so much, or into another band, since the"
          + " snapshot that wrote them last."),
      OptionDeclaration(
        "profile", "NAME=EXPR",
        "What the latest event says for which EXPR is not null, as plan=traits.plan; several may be given.",
        repeatable: true),
      OptionDeclaration(
        "backtest", "EXPR",
        "Whether health told this outcome, churn or a renewal, in advance; needs --origin."),
      OptionDeclaration(
        "origin", "DATE", "The day that --backtest looks from: health knows what was before it."),
      OptionDeclaration(
        "value", "MODEL",
        "Who will buy again, how often, and for how much: bg-nbd, or pareto-nbd.",
        choices: ValueSetting.models),
      OptionDeclaration(
        "horizon", "DURATION",
        "How far --value, --goal, --backtest and --contract look ahead, in whole days. Default 360d, 30d,"
          + " 90d, 30d."
      ),
      OptionDeclaration(
        "goal", "EXPR", "The event that the score is to tell in advance; needs --fit."),
      OptionDeclaration(
        "model", "FILE", "Tell of persons what --goal EXPR --fit wrote to FILE, in place of --goal."
      ),
      OptionDeclaration(
        "fit", nil, "Learn who will reach --goal, and say how far that can be told."),
      OptionDeclaration(
        "contract", "EXPR",
        "The event that begins a contract; how long contracts last is told by Kaplan and Meier."),
      OptionDeclaration(
        "contract-end", "EXPR",
        "The event that ends it. Default 'event == \"Subscription Cancelled\"'."),
      OptionDeclaration(
        "discount", "RATE",
        "By how much money of 30 days later is worth less, for clv. Default 0.01."),
    ] + RFMScale.declarations(),
    examples: [
      Program.Example("score events.ndjson", "Every person with engagement, health and value."),
      Program.Example(
        "parse < access.log | score --top 10 --format table", "The ten most engaged visitors."),
      Program.Example(
        "score --as-of 2026-07-01 --currency EUR --by properties.plan events.ndjson",
        "As of the first of July, money in euro, plan by plan."),
      Program.Example(
        "score --rfm-nested --rfm-ties split orders.ndjson",
        "RFM by fifths of a fifth each, as textbooks sort customers."),
      Program.Example(
        "score --as-of 2026-07-01 --recency-cuts 7,30,90,180 --frequency-cuts 2,3,5,10 "
          + "--monetary-cuts 20,50,100,500 orders.ndjson",
        "RFM by cuts of one's own, as of a day."),
      Program.Example(
        "score --value bg-nbd --horizon 90d --discount 0.02 orders.ndjson",
        "What each customer will be worth in the next three months."),
      Program.Example(
        "score --health health.json --top 20 events.ndjson",
        "Health by components and weights of one's own."),
      Program.Example(
        "tail -F events.ndjson | score --live 1m --changes 5 | grep '\"score.crossed\"'",
        "Whose health has just become another one."),
      Program.Example(
        "score --profile plan=traits.plan --profile balance=properties.balance events.ndjson",
        "Each person with plan and balance, beside open tickets and the day last seen."),
      Program.Example(
        "score --backtest 'event == \"Subscription Cancelled\"' --origin 2026-03-01 events.ndjson",
        "Whether health of the first of March told who cancelled in the 90 days from then on."),
      Program.Example(
        "score --contract 'event == \"Subscription Started\"' --horizon 60d events.ndjson",
        "How long subscriptions last, and who will likely cancel in the next 60 days."),
      Program.Example(
        "score --goal 'event == \"Order Completed\"' --horizon 14d --fit events.ndjson",
        "What tells who will buy within two weeks, and what does not."),
      Program.Example(
        "score --goal 'event == \"Order Completed\"' --fit may.ndjson > model.ndjson &&\n"
          + "    score --model model.ndjson --top 50 june.ndjson",
        "The fifty who will most likely buy in the next 30 days, and why."),
    ])
}
