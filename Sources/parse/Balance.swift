/// What became of every line, and what came out.
///
///     9999 used + 1 rejected + 0 duplicates + 0 filtered + 0 skipped + 0 blank = 10000 lines read
struct Balance {
  /// Lines that became at least one event, or are reports passed on.
  var used = 0
  /// Lines all of whose events had come before.
  var duplicates = 0
  /// Lines all of whose events `--where`, `--since` or `--until` left out.
  var filtered = 0
  /// Lines that a mapping leaves out, headers, and batches without a message.
  var skipped = 0
  var blank = 0
  /// How many lines a mapping leaves out for each reason, in the order in which they came up.
  var skipReasons: [(text: String, count: Int)] = []
  /// Lines of rejected records beside the first one of each.
  var moreRejected = 0

  /// Events written.
  var events = 0
  /// Those of them that are a crawler's.
  var bots = 0
  /// Reports of an earlier stage among the lines used.
  var reports = 0

  /// Counts lines that had the same end.
  mutating func count(_ outcome: Outcome, lines: Int = 1) {
    switch outcome {
    case .used: used += lines
    case .duplicate: duplicates += lines
    case .filtered: filtered += lines
    case .skipped: skipped += lines
    case .blank: blank += lines
    }
  }

  /// Counts lines that a mapping leaves out.
  mutating func skip(_ reason: String, lines: Int = 1) {
    skipped += lines
    if let index = skipReasons.firstIndex(where: { $0.text == reason }) {
      skipReasons[index].count += lines
    } else {
      skipReasons.append((reason, lines))
    }
  }

  /// Most reasons to skip that are told.
  private static let reasonsShownMax = 5

  /// The most frequent reasons to skip.
  private var skippedText: String {
    let ranked = skipReasons.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }
    var parts = ranked.prefix(Balance.reasonsShownMax).map {
      "\($0.element.text): \($0.element.count)"
    }
    if ranked.count > parts.count { parts.append("…") }
    return parts.joined(separator: ", ")
  }

  /// The balance as one line for people.
  func text(lines: Int, rejected: Int) -> String {
    var text =
      "\(lines) lines read = \(used) used + \(rejected + moreRejected) rejected"
      + " + \(duplicates) duplicates + \(filtered) filtered + \(skipped) skipped + \(blank) blank;"
      + " \(events) events written, \(bots) of them by bots"
    if !skipReasons.isEmpty { text += "; skipped: \(skippedText)" }
    if reports > 0 { text += "; \(reports) reports passed on" }
    return text
  }
}

/// What became of a line that is not rejected.
enum Outcome {
  case used
  case duplicate
  case filtered
  case skipped
  case blank
}
