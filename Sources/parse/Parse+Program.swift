import Pipes

extension Parse {
  static let program = Program(
    name: "parse", summary: "anything in, canonical events out, every line accounted for",
    discussion: """
      Reads raw lines and writes events: one JSON object a line, messages of the Segment spec \
      with event, userId and anonymousId, and timestamp (RFC 3339, UTC, milliseconds) first. \
      To each it adds channel (the touchpoint), trafficSource (GA4's default channel group, with \
      the number of the rule that fits) and bot. Everything else passes byte for byte, and what is \
      canonical already comes out as it went in.

      A line that cannot be used is rejected with its reason and column; the balance of all lines \
      goes to standard error at the end. Lines are checked in this order: JSON, time, ids, name.

      Source: the campaign of the URL (UTM parameters and click ids go into context.campaign), \
      else a referrer that is not the own site, else the source of the person's visit (30 minutes \
      idle, in arrival order), else (direct). Channels follow GA4's 18 rules; --channel-rules takes \
      others, conditions in CEL over source, medium, campaign and the category of the source.

      Persons: an event with userId and anonymousId, or an alias with userId and previousId, links \
      the two. From then on an event that has one of them is given the other: of the person's ids \
      the first in byte order, user ids apart from the others. An id that an event has stays. \
      --stitch completes earlier events too; then the order of the input changes no id.

      Privacy: --hash-ids hashes userId, anonymousId, previousId, context.ip, the ids of \
      context.device, and email and phone of properties, traits and context.traits, what a mapping \
      names under "hash", and the paths of --hash. Each becomes 32 hexadecimal digits of HMAC-SHA-256 \
      under the key, the same in every field, file and run, so that links and counts stay. Who has the \
      key can tell whose a hash is: one that everybody may read is warned of. Hashing and \
      --drop come before all else, so that no state keeps what they take away, but for a record that is \
      cut off at the end of a line. Rejected lines (--rejects) and reports of earlier stages stay as \
      they came; a URL is not looked into.

      A mapping file says how lines of other shapes become events: --map takes one's own, \
      --print-map shows that of a format. Lines that it leaves out are skipped, and the balance \
      says why.
      """,
    family: .annotate,
    options: [
      OptionDeclaration(
        "from", "FORMAT",
        "What the lines are. auto, the default, decides by the first line and says what it took it"
          + " for.",
        choices: ["auto"] + SourceFormat.all.map(\.name)),
      OptionDeclaration(
        "map", "FILE", "How lines of json or csv become events: a mapping file."),
      OptionDeclaration(
        "print-map", "NAME", "Write a built-in mapping file, to start one's own from.",
        choices: BuiltInMap.all.map(\.name)),
      OptionDeclaration(
        "time-zone", "NAME",
        "The zone of times that name none: Europe/Berlin, UTC, +02:00. Without it such times are"
          + " rejected. A time that the clocks show twice is the first of the two; one that they"
          + " skip is read as if they had not been put forward yet."),
      OptionDeclaration(
        "own-host", "HOST",
        "A host of the site itself: a referrer on it, or below it, is no source.",
        repeatable: true),
      OptionDeclaration(
        "channel-rules", "FILE",
        "Put traffic into channels by the rules of FILE in place of GA4's."),
      OptionDeclaration(
        "print-channel-rules", nil, "Write GA4's rules, to start one's own from."),
      OptionDeclaration(
        "visitor", "WORD",
        "Who a line of an access log belongs to: a hash of address and user agent (agent), of the"
          + " day too (day), or the quoted field behind the user agent (cookie).",
        choices: AccessLogReader.Visitor.allCases.map(\.rawValue)),
      OptionDeclaration(
        "stitch", nil,
        "Complete the ids of earlier events too: the files are read twice."),
      OptionDeclaration(
        "links", nil,
        "Write a parse.link record before each event that links two ids for the first time."),
      OptionDeclaration(
        "dedupe", "DURATION",
        "Leave out messages whose messageId, or whole line where there is none, came before within"
          + " DURATION of event time."),
      OptionDeclaration(
        "hash-ids", "KEYFILE",
        "Write keyed hashes in place of ids, e-mail addresses, phone numbers and IP addresses."),
      OptionDeclaration(
        "hash", "PATH",
        "With --hash-ids: hash what is at PATH of the event too, like properties.card.",
        repeatable: true),
      OptionDeclaration(
        "drop", "PATH", "Leave out what is at PATH of the event, like traits.address.",
        repeatable: true),
      OptionDeclaration(
        "not-before", "TIME", "Reject events before TIME. Default 1990-01-01."),
      OptionDeclaration(
        "not-after", "TIME|now", "Reject events after TIME, or after the present. Default: none."),
    ],
    examples: [
      Program.Example(
        "parse --from combined --own-host example.com access.log > events.ndjson",
        "Page views of an access log."),
      Program.Example(
        "parse --map shop.json orders.csv | funnel --steps 'Product Viewed,Order Completed'",
        "Lines of one's own shape through a mapping file."),
      Program.Example(
        "tail -F events.ndjson | parse --dedupe 24h --not-after now",
        "A live stream without repetitions and broken clocks."),
      Program.Example(
        "parse --stitch --hash-ids key --drop traits.address orders.ndjson > events.ndjson",
        "Pseudonyms in place of persons, the same for all ids of one of them."),
    ], omitting: ["reorder", "forget", "max-jump", "time-zone"])
}
