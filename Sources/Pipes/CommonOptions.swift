/// The options that every program of a family takes, declared once.
enum CommonOptions {
  private static let readers: [Program.Family] = [.annotate, .aggregate]
  private static let everyone: [Program.Family] = [.annotate, .aggregate, .make]

  static let all: [OptionDeclaration] = [
    OptionDeclaration(
      "output", "FILE", "Write to FILE in place of standard output.", families: everyone),
    OptionDeclaration(
      "format", "FORMAT", "Reports for programs (json, the default) or for people.",
      choices: ["json", "table", "csv", "markdown"], families: [.aggregate]),
    OptionDeclaration(
      "where", "EXPR",
      "Only events for which the CEL expression is true; --help-expr tells what it may say.",
      families: readers),
    OptionDeclaration(
      "since", "TIME", "Only events at or after TIME (RFC 3339 or a date, UTC).",
      families: readers),
    OptionDeclaration("until", "TIME", "Only events before TIME.", families: readers),
    OptionDeclaration(
      "as-of", "TIME",
      "The moment that the reports speak of; later events do not count. Default: the newest event.",
      families: [.aggregate]),
    OptionDeclaration(
      "by", "EXPR", "One report for each value of the expression; several make combinations.",
      repeatable: true, families: [.aggregate]),
    OptionDeclaration(
      "by-limit", "N", "Fold the values past the N largest into \"(other)\". Default 1000.",
      families: [.aggregate]),
    OptionDeclaration(
      "time-zone", "NAME",
      "The zone of calendar days: Europe/Berlin, +02:00. Default UTC.", families: readers),
    OptionDeclaration(
      "key", "PATH", "The person is the value at PATH, in place of userId, else anonymousId.",
      families: readers),
    OptionDeclaration(
      "no-link", nil, "Do not join a person's ids where an event carries both.",
      families: readers),
    OptionDeclaration(
      "bots", "WORD", "Count the events that parse marked as a crawler's.", choices: ["include"],
      families: [.aggregate]),
    OptionDeclaration(
      "currency", "CODE", "Only money in this currency.", families: [.aggregate]),
    OptionDeclaration(
      "lateness", "DURATION",
      "Refuse events older than the newest by more than DURATION, counted and kept by --rejects, and"
        + " need memory for persons only, not for events. Default: none is too late.",
      families: [.aggregate]),
    OptionDeclaration(
      "reorder", "DURATION",
      "Hold events back for DURATION of event time and pass them sorted; later ones are refused,"
        + " counted and kept by --rejects.",
      families: [.annotate]),
    OptionDeclaration(
      "forget", "DURATION",
      "Persons who have not been seen for DURATION leave what is known, and are counted.",
      families: readers),
    OptionDeclaration(
      "max-jump", "DURATION",
      "How far one event may move the clock that decides what is late or forgotten. Default 1d.",
      families: readers),
    OptionDeclaration(
      "every", "N|DURATION", "Snapshot reports every N events, or every DURATION of event time.",
      families: [.aggregate]),
    OptionDeclaration(
      "live", "DURATION", "Snapshot reports every DURATION on the wall.",
      families: [.aggregate]),
    OptionDeclaration(
      "partial", nil,
      "Write what is known in place of reports; the same program merges such lines on its input. Where"
        + " expressions look back, all events of a person must be in one part.",
      families: [.aggregate]),
    OptionDeclaration(
      "state", "FILE",
      "Go on where the run before ended: FILE keeps what is known, and how far input and output are.",
      families: readers),
    OptionDeclaration(
      "checkpoint-every", "DURATION|N",
      "How often --state is written: each DURATION on the wall or N lines. Default 30s, and at the end.",
      families: readers),
    OptionDeclaration(
      "inspect", nil, "Show what is in the file of --state, in place of a run.",
      families: readers),
    OptionDeclaration("pass", nil, "Forward the events too.", families: [.aggregate]),
    OptionDeclaration(
      "threads", "N",
      "How many threads look at the lines of a file; never with --pass. Default: one a processor.",
      families: [.aggregate]),
    OptionDeclaration(
      "check", "LEVEL",
      "How closely lines are looked at: full (JSON and UTF-8), structure, or none.",
      choices: ["full", "structure", "none"], families: readers),
    OptionDeclaration(
      "rejects", "FILE", "Write rejected lines to FILE, each as a record with its reason.",
      families: readers),
    OptionDeclaration(
      "strict", nil, "End with status 65 at the first rejected line.", families: readers),
    OptionDeclaration(
      "max-rejects", "N|P%",
      "End with status 65 when more than N lines, or P percent, are rejected.",
      families: readers),
    OptionDeclaration(
      "max-line", "SIZE", "Longest line, in bytes or with K, M, G. Default 16M.",
      families: readers),
    OptionDeclaration(
      "max-memory", "SIZE",
      "Stop with status 74 before more memory is taken. Default 80 % of what the system allows.",
      families: readers),
    OptionDeclaration(
      "grace", "DURATION",
      "How long to go on reading after an interrupt before the final reports. Default 5s.",
      families: readers),
    OptionDeclaration(
      "progress", "WHEN", "Show progress on standard error. Default auto: on a terminal.",
      choices: ["auto", "always", "never"], families: everyone),
    OptionDeclaration("quiet", nil, "Nothing but errors on standard error.", families: everyone),
    OptionDeclaration("help-expr", nil, "Show what expressions may say.", families: readers),
    OptionDeclaration(
      "explain-expr", nil,
      "Show what the expressions of the command are, read, keep of each person and cost, in place of"
        + " a run.", families: readers),
    OptionDeclaration("help", nil, "Show this text.", families: everyone),
    OptionDeclaration("version", nil, "Show the version.", families: everyone),
    OptionDeclaration("man", nil, "Write the manual page, for man -l.", families: everyone),
    OptionDeclaration(
      "completions", "SHELL", "Write completions for a shell.",
      choices: ["bash", "zsh", "fish"], families: everyone),
  ]
}
