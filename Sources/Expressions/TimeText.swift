internal import Records

/// Times and lengths of time as text, to the nanosecond.
enum TimeText {
  /// The first nanosecond of the year 1.
  static let timestampMin = Int128(-62_135_596_800) * 1_000_000_000
  /// The last nanosecond of the year 9999.
  static let timestampMax = Int128(253_402_300_800) * 1_000_000_000 - 1

  /// Reads an RFC 3339 time with a zone, or gives `nil`.
  ///
  /// Of what that leaves open, a space for the `T` and the second 60, nothing is taken, as in the
  /// reference implementation: a timestamp of the language has no leap seconds.
  static func timestamp(_ text: [UInt8]) -> Int128? {
    guard let parsed = parseTime(text.span, from: 0, to: text.count), parsed.hasZone,
      parsed.end == text.count, text[10] != ASCII.space, text[17] < UInt8(ascii: "6")
    else { return nil }
    var nanoseconds = Int128(floorDivide(parsed.moment.milliseconds, 1000)) * 1_000_000_000
    if text[19] == ASCII.period {
      var scale: Int128 = 100_000_000
      for byte in text[20...] {
        guard ASCII.isDigit(byte) else { break }
        nanoseconds += Int128(byte - ASCII.zero) * scale
        scale /= 10
      }
    }
    return nanoseconds >= timestampMin && nanoseconds <= timestampMax ? nanoseconds : nil
  }

  /// A date, or a time with a space or without a zone, as it must be written; `nil` for any other text.
  ///
  ///     2026-03-14   2026-03-14T00:00:00Z        2026-03-14 09:26   2026-03-14T09:26:00Z
  static func written(_ text: [UInt8]) -> String? {
    guard text.count >= 10, text.count <= 40, parseDate(text.span, from: 0) != nil else {
      return nil
    }
    var words = String(decoding: text, as: UTF8.self)
    if text.count == 10 { words += "T00:00:00Z" }
    if words.utf8.count == 16 { words += ":00" }
    words = words.replacing(" ", with: "T", maxReplacements: 1)
    if timestamp(Array(words.utf8)) == nil { words += "Z" }
    return timestamp(Array(words.utf8)) == nil ? nil : words
  }

  /// Reads a length of time such as `1h30m`, `-2.5s`, `500ms`, or gives `nil`.
  ///
  /// - Parameter allowsDays: whether `d` and `w` are units too.
  static func duration(_ text: [UInt8], allowsDays: Bool) -> Int64? {
    var offset = 0
    var isNegative = false
    if text.first == ASCII.minus || text.first == UInt8(ascii: "+") {
      isNegative = text[0] == ASCII.minus
      offset = 1
    }
    if text.count == offset + 1, text[offset] == ASCII.zero { return 0 }
    guard offset < text.count, text.count <= 64 else { return nil }
    var total: Int128 = 0
    while offset < text.count {
      var value: Int128 = 0
      var scale: Int128 = 1
      var digitCount = 0
      var hasPoint = false
      while offset < text.count, ASCII.isDigit(text[offset]) || text[offset] == ASCII.period {
        if text[offset] == ASCII.period {
          guard !hasPoint else { return nil }
          hasPoint = true
        } else if digitCount < 20 {
          value = value * 10 + Int128(text[offset] - ASCII.zero)
          if hasPoint { scale *= 10 }
          digitCount += 1
        } else if !hasPoint {
          return nil
        }
        offset += 1
      }
      guard digitCount > 0, let unit = unit(text, at: &offset, allowsDays: allowsDays) else {
        return nil
      }
      total += value * unit / scale
    }
    return Int64(exactly: isNegative ? -total : total)
  }

  /// The nanoseconds of the unit at an offset.
  private static func unit(_ text: [UInt8], at offset: inout Int, allowsDays: Bool) -> Int128? {
    let start = offset
    while offset < text.count, !ASCII.isDigit(text[offset]), text[offset] != ASCII.period {
      offset += 1
    }
    switch String(decoding: text[start..<offset], as: UTF8.self) {
    case "ns": return 1
    case "us", "µs": return 1000
    case "ms": return 1_000_000
    case "s": return 1_000_000_000
    case "m": return 60_000_000_000
    case "h": return 3_600_000_000_000
    case "d" where allowsDays: return 86_400_000_000_000
    case "w" where allowsDays: return 604_800_000_000_000
    default: return nil
    }
  }

  /// Adds a time as RFC 3339 in UTC, with as much of a fraction as it has.
  static func append(timestamp: Int128, to output: inout [UInt8]) {
    var seconds = timestamp / 1_000_000_000
    var fraction = timestamp % 1_000_000_000
    if fraction < 0 {
      fraction += 1_000_000_000
      seconds -= 1
    }
    var text: [UInt8] = []
    Moment(milliseconds: Int64(truncatingIfNeeded: seconds) * 1000).append(to: &text)
    output.append(contentsOf: text[..<19])
    append(fraction: Int64(fraction), to: &output)
    output.append(UInt8(ascii: "Z"))
  }

  /// Adds a length of time in seconds: `1.5s`.
  static func append(duration: Int64, to output: inout [UInt8]) {
    if duration < 0 { output.append(ASCII.minus) }
    let magnitude = duration.magnitude
    output.append((magnitude / 1_000_000_000).description)
    append(fraction: Int64(magnitude % 1_000_000_000), to: &output)
    output.append(UInt8(ascii: "s"))
  }

  private static func append(fraction: Int64, to output: inout [UInt8]) {
    guard fraction != 0 else { return }
    output.append(ASCII.period)
    output.append(digits: fraction, count: 9)
    while output.last == ASCII.zero { output.removeLast() }
  }

  /// A length of time as an option takes it, in its largest whole unit: `7d`, `36h`, `500ms`.
  static func short(milliseconds: Int64) -> String {
    let units: [(String, Int64)] = [
      ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
    ]
    for (unit, length) in units where milliseconds % length == 0 {
      return "\(milliseconds / length)\(unit)"
    }
    return "\(milliseconds)ms"
  }

  /// Reads `UTC` or an offset such as `+05:45`, `-02:30`, `02:00` as seconds, or gives `nil`.
  static func zoneSeconds(_ text: [UInt8]) -> Int64? {
    let name = String(decoding: text, as: UTF8.self)
    if name == "UTC" || name == "Z" || name.isEmpty { return 0 }
    var digits = text[...]
    let isNegative = digits.first == ASCII.minus
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let parts = digits.split(separator: ASCII.colon, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(ASCII.isDigit) }),
      let hours = Int64(String(decoding: parts[0], as: UTF8.self)),
      let minutes = Int64(String(decoding: parts[1], as: UTF8.self)), hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isNegative ? -seconds : seconds
  }
}
