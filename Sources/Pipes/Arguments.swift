public import Records

/// The command line of one run, checked against the declared options.
///
///     funnel --window 1h --step A --step B events.ndjson
///     arguments.duration("window")   3 600 000        arguments.values("step")   ["A", "B"]
public struct Arguments: Sendable {
  /// The files to read, in their order.
  public let operands: [String]
  private let given: [String: [String]]
  private let declared: Set<String>

  /// Reads the words behind the program's name.
  ///
  /// Options are `--name value` or `--name=value`; `--` ends them, `-` alone is standard input.
  init(_ words: [String], for program: Program) throws(Failure) {
    var operands: [String] = []
    var given: [String: [String]] = [:]
    var index = 0
    var optionsEnded = false
    while index < words.count {
      let word = words[index]
      index += 1
      if optionsEnded || word == "-" || !word.hasPrefix("-") {
        operands.append(word)
        continue
      }
      if word == "--" {
        optionsEnded = true
        continue
      }
      let (name, attached) = Arguments.split(word)
      guard let option = program.allOptions.first(where: { $0.name == name }) else {
        throw Arguments.unknown(word, name, in: program)
      }
      var value = ""
      if option.value != nil {
        if let attached {
          value = attached
        } else if index < words.count {
          value = words[index]
          index += 1
        } else {
          throw .usage("--\(name) needs a value: --\(name) \(option.value ?? "")")
        }
        guard option.choices.isEmpty || option.choices.contains(value) else {
          let hint = suggestion(for: value, among: option.choices)
          throw .usage(
            "--\(name) takes \(option.choices.joined(separator: ", ")), not '\(value)'\(hint)")
        }
      } else if attached != nil {
        throw .usage("--\(name) takes no value")
      }
      guard option.isRepeatable || given[name] == nil else {
        throw .usage("--\(name) is given twice")
      }
      given[name, default: []].append(value)
    }
    self.operands = operands
    self.given = given
    declared = Set(program.allOptions.map(\.name))
  }

  private static func split(_ word: String) -> (name: String, value: String?) {
    if word == "-h" { return ("help", nil) }
    // A word with one dash keeps it, and so is the name of no option.
    let bare = word.hasPrefix("--") ? word.dropFirst(2) : word[...]
    guard let equals = bare.firstIndex(of: "=") else { return (String(bare), nil) }
    return (String(bare[..<equals]), String(bare[bare.index(after: equals)...]))
  }

  private static func unknown(_ word: String, _ name: String, in program: Program) -> Failure {
    guard word.hasPrefix("--") else {
      return .usage("unknown option '\(word)'; options are words: --help lists them")
    }
    let hint = suggestion(for: name, among: program.allOptions.map(\.name), prefix: "--")
    return .usage("unknown option '--\(name)'\(hint)")
  }

  /// Whether a switch or an option is there.
  public func has(_ name: String) -> Bool {
    precondition(declared.contains(name), "option '\(name)' is not declared")
    return given[name] != nil
  }

  /// The value of an option that is given at most once.
  public func value(_ name: String) -> String? { values(name).first }

  /// All values of an option, in their order.
  public func values(_ name: String) -> [String] { has(name) ? given[name] ?? [] : [] }

  /// A whole number from a range.
  public func count(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "--\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound),"
          + " not '\(text)'")
    }
    return number
  }

  /// A duration in milliseconds.
  public func duration(_ name: String) throws(Failure) -> Int64? {
    guard let text = value(name) else { return nil }
    guard let milliseconds = parseDuration(text) else {
      throw .usage("--\(name) takes a duration like 500ms, 30s, 15m, 12h, 7d or 4w, not '\(text)'")
    }
    return milliseconds
  }

  /// A moment: RFC 3339, or a date for its first moment in UTC.
  public func time(_ name: String) throws(Failure) -> Moment? {
    guard let text = value(name) else { return nil }
    let bytes = Array(text.utf8)
    if let moment = Moment(rfc3339: bytes.span, from: 0, to: bytes.count) { return moment }
    if bytes.count == 10, let day = parseDate(bytes.span, from: 0) {
      return Moment(milliseconds: day * 86_400_000)
    }
    throw .usage(
      "--\(name) takes a time like 2026-03-01T12:00:00Z or a date like 2026-03-01, not '\(text)'")
  }

  /// A size in bytes: a number, perhaps with `K`, `M` or `G` for powers of 1024.
  public func size(_ name: String, upTo limit: Int = 1 << 30) throws(Failure) -> Int? {
    guard let text = value(name) else { return nil }
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard let number = Int(digits), number > 0, number <= limit,
      case let bytes = number.multipliedReportingOverflow(by: unit ?? 1), !bytes.overflow,
      bytes.partialValue <= limit
    else {
      throw .usage(
        "--\(name) takes a size like 65536, 64K or 16M, at most \(limit >> 30)G, not '\(text)'")
    }
    return number * (unit ?? 1)
  }
}

/// The milliseconds of a duration like `500ms` `30s` `15m` `12h` `7d` `4w`, or `nil`.
///
/// None is longer than the 10,000 years that a time can lie in, so that sums of them fit.
public func parseDuration(_ text: String) -> Int64? {
  let units: [(suffix: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ("w", 604_800_000),
  ]
  guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
  let digits = text.dropLast(unit.suffix.count)
  guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
    let number = Int64(digits)
  else { return nil }
  let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
  let longest = Moment.writableEnd.milliseconds - Moment.writableStart.milliseconds
  return overflow || milliseconds > longest ? nil : milliseconds
}
