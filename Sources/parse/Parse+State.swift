import Pipes
import Records

/// What parse knows as lines, each of one kind.
///
///     head      tally, balance, format, table, seeds of all hashes, windows
///     sources   the JSON of traffic sources, by number
///     found     own sources found before, by hash
///     visits    the visits that go on, those of the window before first
///     messages  what --dedupe remembers, likewise
///     persons   the ids that are linked
///
/// A line has at most about 1 MB; its items go on to its end. What only spares work, as the day that
/// was read last, is left out. Reading takes the place of what is known: parse has no partial results.
extension Parse {
  /// What a line is about: its first byte.
  private enum Kind: Int {
    case head
    case sources
    case found
    case visits
    case messages
    case persons
  }

  func encode(options: String, into output: inout Output) {
    var lines = Lines(options: options)
    lines.begin(Kind.head.rawValue)
    output.tally.encode(into: &lines.state)
    encodeHead(into: &lines.state)
    lines.end(into: &output)
    canonicalizer.sources.encodeTexts(into: &lines, Kind.sources.rawValue, &output)
    canonicalizer.sources.encodeFound(into: &lines, Kind.found.rawValue, &output)
    canonicalizer.sources.visits.encode(into: &lines, Kind.visits.rawValue, &output)
    canonicalizer.recent?.table.encode(into: &lines, Kind.messages.rawValue, &output)
    canonicalizer.identities.encode(into: &lines, Kind.persons.rawValue, &output)
  }

  mutating func decode(_ line: StateLine, into output: inout Output) throws(StateError) {
    guard line.part == .run else { return }
    var state = StateReader(line.state)
    switch Kind(rawValue: try state.count()) {
    case .head:
      output.tally = try Tally(&state)
      try decodeHead(&state)
      try state.finish()
    case .sources: try canonicalizer.sources.decodeTexts(&state)
    case .found: try canonicalizer.sources.decodeFound(&state)
    case .visits:
      try canonicalizer.sources.visits.decode(
        &state, numbersBelow: canonicalizer.sources.textEnds.count)
    case .messages:
      guard canonicalizer.recent != nil else { throw StateError("it has other options") }
      try canonicalizer.recent?.table.decode(&state, numbersBelow: 1)
    case .persons:
      try canonicalizer.identities.decode(&state)
      hasRestoredLinks = true
    case nil: throw StateError("a line of a kind that is not known")
    }
  }

  private func encodeHead(into state: inout StateWriter) {
    balance.encode(into: &state)
    state.write(canonicalizer.botCount)
    state.write(isDecided)
    state.write(Array(format.name.utf8))
    state.write(isTable)
    state.write(file != nil)
    if let file { state.write(Array(file.utf8)) }
    table.encode(into: &state)
    canonicalizer.sources.encodeHead(into: &state)
    state.write(canonicalizer.recent != nil)
    canonicalizer.recent?.encodeHead(into: &state)
  }

  private mutating func decodeHead(_ state: inout StateReader) throws(StateError) {
    balance = try Balance(&state)
    canonicalizer.botCount = try state.count(upTo: Balance.stateMax)
    isDecided = try state.flag()
    let name = String(decoding: try state.text(), as: UTF8.self)
    guard let known = SourceFormat(name: name) else {
      throw StateError("a format that is not known")
    }
    let isTable = try state.flag()
    do { try begin(known, isTable: isTable) } catch { throw StateError(error.message) }
    file = try state.flag() ? String(decoding: try state.text(), as: UTF8.self) : nil
    try table.decode(&state)
    if format == .csv, givenMapping == nil, !table.columns.isEmpty {
      mapping = Mapping(columns: table.columns)
    }
    try canonicalizer.sources.decodeHead(&state)
    canonicalizer.identities = Identities(hashSeed: canonicalizer.sources.seeds.0)
    let isRemembering = try state.flag()
    guard isRemembering == (canonicalizer.recent != nil) else {
      throw StateError("it has other options")
    }
    try canonicalizer.recent?.decodeHead(&state)
  }

  /// Lines on their way to an output, each ended where it is long enough.
  struct Lines {
    private static let lineBytes = 768 << 10

    var state = StateWriter()
    private let options: String
    private var kind = 0

    init(options: String) { self.options = options }

    /// Begins a line.
    mutating func begin(_ kind: Int) {
      self.kind = kind
      state.removeAll()
      state.write(kind)
    }

    /// Whether the line is long enough.
    var isFull: Bool { state.bytes.count >= Lines.lineBytes }

    /// Ends a line.
    mutating func end(into output: inout Output) {
      output.state(.run, of: Parse.program.name, options: options, state.bytes)
    }
  }
}

extension Balance {
  /// More lines than any run has: far from where counts overflow.
  static let stateMax = 1 << 60

  private static var counts: [WritableKeyPath<Balance, Int>] {
    [\.used, \.duplicates, \.filtered, \.skipped, \.blank, \.moreRejected, \.events, \.reports]
  }

  func encode(into state: inout StateWriter) {
    for count in Balance.counts { state.write(self[keyPath: count]) }
    state.write(skipReasons.count)
    for reason in skipReasons {
      state.write(Array(reason.text.utf8))
      state.write(reason.count)
    }
  }

  /// Reads a balance.
  init(_ state: inout StateReader) throws(StateError) {
    self.init()
    for count in Balance.counts {
      self[keyPath: count] = try state.count(upTo: Balance.stateMax)
    }
    for _ in 0..<(try state.count()) {
      let text = String(decoding: try state.text(), as: UTF8.self)
      skipReasons.append((text, try state.count(upTo: Balance.stateMax)))
    }
  }
}

extension TableReader {
  /// Writes the columns and the record that is not complete.
  func encode(into state: inout StateWriter) {
    state.write(columns.count)
    for column in columns { state.write(column) }
    state.write(Int(delimiter))
    state.write(pending)
    state.write(pendingNumber)
    state.write(pendingOffset)
  }

  /// Reads the columns and the record that is not complete.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    var names: [[UInt8]] = []
    var known: Set<[UInt8]> = []
    for _ in 0..<(try state.count()) {
      let name = try Self.text(&state)
      guard !name.isEmpty, known.insert(name).inserted else {
        throw StateError("a column without a name of its own")
      }
      names.append(name)
    }
    setColumns(names)
    let byte = UInt8(try state.count(upTo: 255))
    guard Self.delimiters.contains(byte) else { throw StateError("a delimiter is none") }
    delimiter = byte
    pending = try Self.text(&state)
    guard pending.isEmpty || pending.last == ASCII.newline else {
      throw StateError("a record is not cut off at the end of a line")
    }
    pendingLines = pending.count { $0 == ASCII.newline }
    pendingNumber = try state.count()
    pendingOffset = try state.count()
  }

  /// Reads a text that is UTF-8, as all that is read of a table.
  private static func text(_ state: inout StateReader) throws(StateError) -> [UInt8] {
    let text = try state.text()
    guard firstInvalidUTF8(text.span, from: 0, to: text.count) == nil else {
      throw StateError("a text is not UTF-8")
    }
    return text
  }
}
