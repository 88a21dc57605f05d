/// How far the clocks of a place are from UTC, at any moment: the content of a zone file.
///
///     Europe/Berlin   … │ 2026-03-29T01:00Z: +02:00 │ 2026-10-25T01:00Z: +01:00 │ rule for ever after
///
/// A clock time that occurs twice (clocks go back) is the first of the two moments. One that never
/// occurs (clocks go forward) is read as if they had not gone forward yet, which gives a moment
/// behind the gap: 02:30 on the night of the change is 03:30. Both are what RFC 5545 asks of
/// calendars and ECMAScript's Temporal calls "compatible".
/// Source: RFC 8536 (TZif), POSIX.1-2017 §8.3 (the rule behind the last change).
public struct TimeZoneRules: Equatable, Sendable {
  /// Seconds since the epoch at which the clocks change, ascending.
  private var changes: [Int64] = []
  /// Seconds east of UTC from each change on.
  private var offsets: [Int64] = []
  /// Seconds east of UTC before the first change.
  private var firstOffset: Int64
  /// What holds behind the last change.
  private var rule: PosixTimeZone?

  /// The zone without any offset.
  public static let utc = TimeZoneRules(offsetSeconds: 0)

  /// A zone whose clocks never change.
  public init(offsetSeconds: Int64) { firstOffset = offsetSeconds }

  /// The zone that a text names without a file: `UTC`, `Z`, `+02:00`, `-0330`; else `nil`.
  public init?(fixed name: String) {
    if ["UTC", "Z", "GMT", "Etc/UTC"].contains(name) {
      self = .utc
      return
    }
    let bytes = Array(name.utf8)
    guard let seconds = zoneOffset(bytes.span, from: 0, to: bytes.count) else { return nil }
    self.init(offsetSeconds: seconds)
  }

  /// Reads the bytes of a zone file, or gives `nil` where they are none.
  ///
  /// Files that count leap seconds are refused: moments here do not.
  public init?(file bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0) else { return nil }
    firstOffset = 0
    if first.version >= 2 {
      let start = Header.count + first.bodyCount(timeBytes: 4)
      guard let second = Header(bytes, at: start) else { return nil }
      let body = start + Header.count
      guard read(bytes, second, from: body, timeBytes: 8) else { return nil }
      let footer = body + second.bodyCount(timeBytes: 8)
      guard footer < bytes.count, bytes[footer] == ASCII.newline else { return nil }
      let text = bytes[(footer + 1)...].prefix { $0 != ASCII.newline }
      if !text.isEmpty {
        guard let rule = PosixTimeZone(Array(text)) else { return nil }
        self.rule = rule
      }
    } else {
      guard read(bytes, first, from: Header.count, timeBytes: 4) else { return nil }
    }
  }

  /// Reads the changes and their offsets.
  private mutating func read(
    _ bytes: [UInt8], _ header: Header, from start: Int, timeBytes: Int
  ) -> Bool {
    guard header.leaps == 0, header.types > 0,
      start + header.bodyCount(timeBytes: timeBytes) <= bytes.count
    else { return false }
    let indexes = start + header.times * timeBytes
    let types = indexes + header.times
    func offset(ofType type: Int) -> Int64 { bigEndian(bytes, at: types + type * 6, count: 4) }
    firstOffset = offset(ofType: 0)
    for index in 0..<header.times {
      let type = Int(bytes[indexes + index])
      let change = bigEndian(bytes, at: start + index * timeBytes, count: timeBytes)
      guard type < header.types, changes.last.map({ $0 < change }) ?? true else { return false }
      changes.append(change)
      offsets.append(offset(ofType: type))
    }
    return true
  }

  /// The six counts at the head of a block of a zone file.
  private struct Header {
    static let count = 44
    let version: Int
    let times: Int
    let types: Int
    let leaps: Int
    private let rest: Int

    init?(_ bytes: [UInt8], at start: Int) {
      guard start >= 0, start + Header.count <= bytes.count,
        Array(bytes[start..<start + 4]) == Array("TZif".utf8)
      else { return nil }
      version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - Int(ASCII.zero)
      let counts = (0..<6).map { Int(bigEndian(bytes, at: start + 20 + $0 * 4, count: 4)) }
      guard counts.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else { return nil }
      leaps = counts[2]
      times = counts[3]
      types = counts[4]
      rest = counts[0] + counts[1] + counts[5]
    }

    func bodyCount(timeBytes: Int) -> Int {
      times * (timeBytes + 1) + types * 6 + leaps * (timeBytes + 4) + rest
    }
  }

  /// Seconds east of UTC where clocks never change, else `nil`.
  var fixedOffsetSeconds: Int64? { changes.isEmpty && rule == nil ? firstOffset : nil }

  /// Seconds east of UTC at a moment given in seconds since the epoch.
  public func offsetSeconds(at seconds: Int64) -> Int64 {
    guard let last = changes.last else { return rule?.offset(at: seconds) ?? firstOffset }
    if seconds >= last {
      return rule?.offset(at: seconds) ?? offsets[offsets.count - 1]
    }
    // The number of changes at or before the moment.
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : offsets[low - 1]
  }

  /// The moment at which the clocks of the place show a time, given as if it were UTC.
  public func moment(ofLocal local: Moment) -> Moment {
    let seconds = floorDivide(local.milliseconds, 1000)
    // The offsets a day before and a day behind are those on both sides of a change.
    let before = offsetSeconds(at: seconds - 86_400)
    let behind = offsetSeconds(at: seconds + 86_400)
    let isFirst = offsetSeconds(at: seconds - before) == before
    let isSecond = offsetSeconds(at: seconds - behind) == behind
    let offset = isFirst || !isSecond ? before : behind
    return Moment(milliseconds: local.milliseconds - offset * 1000)
  }
}

/// Reads a signed big-endian number of four or eight bytes.
private func bigEndian(_ bytes: [UInt8], at start: Int, count: Int) -> Int64 {
  var value: UInt64 = 0
  for index in start..<start + count { value = value << 8 | UInt64(bytes[index]) }
  return count == 8
    ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
}

/// The seconds east of UTC that `Z`, `+02`, `+0200` or `+02:00` gives, or `nil`.
public func zoneOffset(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int64? {
  if end - start == 1, bytes[start] | 0x20 == UInt8(ascii: "z") { return 0 }
  guard end - start >= 3, bytes[start] == UInt8(ascii: "+") || bytes[start] == ASCII.minus else {
    return nil
  }
  var value: Int64 = 0
  var digitCount = 0
  for offset in start + 1..<end {
    if bytes[offset] == ASCII.colon, digitCount == 2, offset + 1 < end { continue }
    guard ASCII.isDigit(bytes[offset]), digitCount < 4 else { return nil }
    value = value * 10 + Int64(bytes[offset] - ASCII.zero)
    digitCount += 1
  }
  guard digitCount == 2 || digitCount == 4 else { return nil }
  let (hours, minutes) = digitCount == 4 ? (value / 100, value % 100) : (value, 0)
  guard hours < 24, minutes < 60 else { return nil }
  let seconds = hours * 3600 + minutes * 60
  return bytes[start] == ASCII.minus ? -seconds : seconds
}
