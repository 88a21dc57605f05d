import Records

/// The rejected lines and the late ones: for each kind the number and the first reasons for people,
/// all of them for `--rejects`.
struct RejectLog: Sendable {
  /// How many reasons the summary on standard error names.
  private static let reasonsShown = 3

  private let program: String
  private let isWanted: Bool
  private var rejected = Kind()
  private var late = Kind()
  /// What people are told of lines refused for reasons of one kind.
  private struct Kind {
    var count = 0
    var firstReasons: [String] = []

    /// Counts a line.
    mutating func add(_ line: RejectedLine) {
      count += 1
      guard firstReasons.count < RejectLog.reasonsShown else { return }
      let file = line.file == "-" ? "" : "\(line.file) "
      firstReasons.append("\(file)line \(line.number): \(line.reason)")
    }

    /// The first reasons in one line.
    var reasons: String {
      firstReasons.joined(separator: "; ") + (count > firstReasons.count ? "; …" : "")
    }
  }

  /// Records to be written to the file of `--rejects`.
  private(set) var pending: [UInt8] = []

  init(program: String, isWanted: Bool) {
    self.program = program
    self.isWanted = isWanted
  }

  /// Notes a rejected line, or one whose event comes too late.
  mutating func add(_ line: RejectedLine, isLate: Bool = false) {
    if isLate { late.add(line) } else { rejected.add(line) }
    guard isWanted else { return }
    var writer = RecordWriter()
    writer.open(record: "rejected")
    writer.field("program", program)
    writer.field("file", line.file)
    writer.field("line", line.number)
    writer.field("offset", line.offset)
    writer.field("column", line.column)
    writer.field("reason", line.reason)
    let text = line.text
    if firstInvalidUTF8(text.span, from: 0, to: text.count) == nil {
      writer.field("text", text: text)
    } else {
      writer.field("textBase64", text: base64(text))
    }
    writer.close()
    pending.append(contentsOf: writer.bytes)
  }

  /// Takes the records that are to be written.
  mutating func takePending() -> [UInt8] {
    defer { pending = [] }
    return pending
  }

  /// Writes what people will be told.
  func encode() -> [UInt8] {
    var state = StateWriter()
    for kind in [rejected, late] {
      state.write(kind.count)
      state.write(kind.firstReasons.count)
      for reason in kind.firstReasons { state.write(Array(reason.utf8)) }
    }
    return state.bytes
  }

  /// Takes over what the run before would have told.
  mutating func decode(_ bytes: [UInt8]) throws(StateError) {
    var state = StateReader(bytes)
    for kind in [\RejectLog.rejected, \RejectLog.late] {
      self[keyPath: kind].count += try state.count(upTo: 1 << 60)
      for _ in 0..<(try state.count(upTo: RejectLog.reasonsShown)) {
        let reason = String(decoding: try state.text(), as: UTF8.self)
        self[keyPath: kind].firstReasons.append(reason)
      }
    }
    try state.finish()
  }

  /// A line for people for each kind that there was.
  func summaries(of lines: Int) -> [String] {
    [(rejected, "lines rejected"), (late, "lines too late to count")].filter { $0.0.count > 0 }
      .map { kind, what in
        "\(kind.count) of \(lines) \(what): \(kind.reasons)"
          + (isWanted ? "" : " (--rejects FILE keeps them)")
      }
  }
}

/// A line that cannot be used: where it stands and what is wrong with it.
public struct RejectedLine: Sendable {
  /// The name of its file, `-` for standard input.
  public let file: String
  /// Counted from 1 in its file.
  public internal(set) var number: Int
  /// Offset of the line's first byte in its file.
  public let offset: Int
  /// The byte at fault, counted from 1 in the line.
  public let column: Int
  /// What is wrong.
  public let reason: String
  /// The line, cut where it is very long.
  public let text: [UInt8]

  /// Longest text of a rejected line that is kept.
  public static let textBytesMax = 64 << 10

  /// A rejected line by its parts.
  public init(
    file: String, number: Int, offset: Int, column: Int, reason: String, text: [UInt8]
  ) {
    self.file = file
    self.number = number
    self.offset = offset
    self.column = column
    self.reason = reason
    self.text = text
  }
}
