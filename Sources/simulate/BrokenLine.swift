import Records

/// Lines that no reader can use, of every kind that is met in the field.
enum BrokenLine {
  /// How many kinds there are, of JSON records and of log lines.
  static let kinds = (records: 9, logs: 4)

  /// A broken line made of a good one.
  static func made(of line: [UInt8], isLog: Bool, _ stream: inout RandomStream) -> [UInt8] {
    if isLog { return damagedLog(line, kind: stream.below(kinds.logs), &stream) }
    return damagedRecord(line, kind: stream.below(kinds.records), &stream)
  }

  private static func damagedRecord(
    _ line: [UInt8], kind: Int, _ stream: inout RandomStream
  ) -> [UInt8] {
    switch kind {
    case 0: torn(line, &stream)
    case 1: Array("ERROR 2026-01-01 upstream timed out while reading response header".utf8)
    case 2: [ASCII.openBracket] + line + [ASCII.closeBracket]
    case 3: Array("{\"event\":\"Page Viewed\",\"anonymousId\":\"a\",\"type\":\"page\"}".utf8)
    case 4:
      Array(
        "{\"event\":\"Page Viewed\",\"anonymousId\":\"a\",\"timestamp\":\"2026-02-30T25:00:00Z\"}"
          .utf8)
    case 5: line + line
    case 6: replaced(ASCII.colon, by: [ASCII.space], in: line)
    // A byte that UTF-8 never has, and a control byte that a JSON string must escape.
    case 7: replaced(ASCII.colon, by: [ASCII.colon, 0xFF], in: line)
    default: replaced(ASCII.colon, by: [ASCII.colon, 0], in: line)
    }
  }

  private static func damagedLog(
    _ line: [UInt8], kind: Int, _ stream: inout RandomStream
  ) -> [UInt8] {
    switch kind {
    case 0: Array(line[..<(8 + stream.below(20))])
    case 1: Array("ERROR upstream timed out while reading response header".utf8)
    case 2: replaced(ASCII.openBracket, by: Array("[99/".utf8), in: line)
    default: replaced(ASCII.openBracket, by: [0xFF], in: line)
    }
  }

  /// The line cut off somewhere.
  private static func torn(_ line: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
    Array(line[..<(1 + stream.below(line.count - 1))])
  }

  /// The line with the first of these bytes replaced.
  private static func replaced(_ byte: UInt8, by bytes: [UInt8], in line: [UInt8]) -> [UInt8] {
    guard let index = line.firstIndex(of: byte) else { return bytes }
    return Array(line[..<index]) + bytes + line[(index + 1)...]
  }
}
