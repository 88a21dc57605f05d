import Events
import Records

/// One line of an access log: where its fields lie.
///
///     1.2.3.4 - ada [17/May/2015:10:05:03 +0000] "GET /a?b=1 HTTP/1.1" 200 512 "https://x.org/" "Mozilla/5.0 …"
///     address   user  time                          request                status bytes referrer    userAgent
///
/// What follows the user agent may be a quoted field more, a cookie say; the rest is left alone.
/// Source: Apache HTTP Server, mod_log_config, "common" and "combined"; nginx writes the same.
struct AccessLogEntry {
  var address = 0..<0
  /// The name that the visitor logged in with, empty for none.
  var user = 0..<0
  var time = 0..<0
  /// The request line without quotes.
  var request = 0..<0
  var status = 0
  /// Where its three digits stand.
  private(set) var statusDigits = 0..<0
  /// The size of the answer, empty for `-`.
  var byteCount = 0..<0
  var referrer = 0..<0
  var userAgent = 0..<0
  /// The quoted field behind the user agent, empty for none.
  var cookie = 0..<0
  /// Whether every field is plain ASCII, which can stand in a JSON string as it is.
  private(set) var isPlain = true

  /// Reads a line.
  ///
  /// - Throws: what was expected, at the byte where it is not.
  init(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, isCombined: Bool
  ) throws(RecordError) {
    var reader = Reader(end: end, offset: start)
    address = try reader.word(bytes, "the visitor's address")
    _ = try reader.word(bytes, "the identity, mostly '-'")
    user = try reader.word(bytes, "the user, mostly '-'")
    if AccessLogEntry.isNone(user, in: bytes) { user = user.lowerBound..<user.lowerBound }
    isPlain = isPlain(address, bytes) && isPlain(user, bytes)
    time = try reader.enclosed(
      bytes, by: ASCII.openBracket, ASCII.closeBracket, "the time in brackets")
    request = try reader.enclosed(bytes, by: ASCII.quote, ASCII.quote, "the request in quotes")
    let statusRange = try reader.word(bytes, "the status")
    var number = 0
    // Three bytes at most: a longer number is none, whatever it is.
    for offset in statusRange.prefix(3) where ASCII.isDigit(bytes[offset]) {
      number = number * 10 + Int(bytes[offset] - ASCII.zero)
    }
    guard statusRange.count == 3, number >= 100 else {
      throw RecordError(
        "bad log line: the status is no number of three digits", at: statusRange.lowerBound)
    }
    status = number
    statusDigits = statusRange
    byteCount = try reader.word(bytes, "the size of the answer")
    if AccessLogEntry.isNone(byteCount, in: bytes) {
      byteCount = byteCount.lowerBound..<byteCount.lowerBound
    }
    for offset in byteCount where !ASCII.isDigit(bytes[offset]) {
      throw RecordError("bad log line: the size is no number", at: byteCount.lowerBound)
    }
    guard isCombined else {
      isPlain = isPlain && reader.isPlain
      return
    }
    referrer = try reader.enclosed(bytes, by: ASCII.quote, ASCII.quote, "the referrer in quotes")
    userAgent = try reader.enclosed(
      bytes, by: ASCII.quote, ASCII.quote, "the user agent in quotes")
    if reader.offset < end {
      cookie = try reader.enclosed(bytes, by: ASCII.quote, ASCII.quote, "a quoted field or the end")
    }
    isPlain = isPlain && reader.isPlain
  }

  private func isPlain(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    plainEnd(bytes, from: range.lowerBound) >= range.upperBound
  }

  /// Whether a field holds nothing: it is empty or `-`.
  static func isNone(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    range.isEmpty || range.count == 1 && bytes[range.lowerBound] == ASCII.minus
  }

  /// Reads one field after the other, each with the space behind it.
  private struct Reader {
    let end: Int
    var offset: Int
    /// Whether the quoted fields were plain ASCII.
    var isPlain = true

    mutating func word(
      _ bytes: Span<UInt8>, _ meaning: StaticString
    ) throws(RecordError) -> Range<Int> {
      let start = offset
      offset = bytes.firstOffset(of: ASCII.space, from: start, to: end)
      guard offset > start, bytes[start] != ASCII.quote, bytes[start] != ASCII.openBracket else {
        throw RecordError("bad log line: expected \(meaning)", at: start)
      }
      defer { offset = min(offset + 1, end) }
      return start..<offset
    }

    /// Reads a field between two bytes; a backslash takes the next byte along.
    mutating func enclosed(
      _ bytes: Span<UInt8>, by first: UInt8, _ last: UInt8, _ meaning: StaticString
    ) throws(RecordError) -> Range<Int> {
      let start = offset
      guard start < end, bytes[start] == first else {
        throw RecordError("bad log line: expected \(meaning)", at: start)
      }
      if last == ASCII.quote {
        offset = plainEnd(bytes, from: start + 1)
        if offset < end, bytes[offset] != last { isPlain = false }
      } else {
        offset = bytes.firstOffset(of: ASCII.backslash, from: start + 1, to: end)
        offset = bytes.firstOffset(of: last, from: start + 1, to: offset)
      }
      if offset < end, bytes[offset] != last {
        while offset < end, bytes[offset] != last {
          offset += bytes[offset] == ASCII.backslash ? 2 : 1
        }
      }
      guard offset < end else {
        throw RecordError("bad log line: \(meaning) begins here and does not end", at: start)
      }
      let range = start + 1..<offset
      offset += 1
      if offset < end {
        guard bytes[offset] == ASCII.space else {
          throw RecordError("bad log line: expected a space behind \(meaning)", at: offset)
        }
        offset += 1
      }
      return range
    }
  }
}
