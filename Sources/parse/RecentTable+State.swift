import Pipes
import Records

/// Keys are hashes, and a resumed run asks for the same ones since their seeds are written too.
extension RecentTable {
  /// Writes where the window begins and whether it was too small.
  func encodeHead(into state: inout StateWriter) {
    state.write(windowStart)
    state.write(isOverfull)
  }

  /// Reads where the window begins; its keys come in lines of their own.
  mutating func decodeHead(_ state: inout StateReader) throws(StateError) {
    removeAll()
    windowStart = try state.momentIfAny()
    if let windowStart, !windowStart.isWritable { throw StateError("a time is out of range") }
    isOverfull = try state.flag()
  }

  /// Writes all keys: those of the window before, then those of the current one.
  ///
  ///     line = [whether a new window begins] ([key][time][number])…
  func encode(into lines: inout Parse.Lines, _ kind: Int, _ output: inout Output) {
    for (isCurrent, entries) in [(false, previous), (true, current)] {
      lines.begin(kind)
      lines.state.write(isCurrent)
      for entry in entries where entry.isUsed {
        if lines.isFull {
          lines.end(into: &output)
          lines.begin(kind)
          lines.state.write(false)
        }
        lines.state.write(word: entry.key.low)
        lines.state.write(word: entry.key.high)
        lines.state.write(entry.time)
        lines.state.write(UInt64(entry.number))
      }
      lines.end(into: &output)
    }
  }

  /// Reads the keys of a line.
  mutating func decode(
    _ state: inout StateReader, numbersBelow numberCount: Int
  ) throws(StateError) {
    if try state.flag() { moveOn() }
    while !state.isAtEnd {
      let key = Key(low: try state.word(), high: try state.word())
      let time = try state.moment()
      let number = try state.short()
      guard time.isWritable, number < numberCount else {
        throw StateError("a visit is out of range")
      }
      put(key, time: time, number: number)
    }
  }
}

extension RecentMessages {
  /// Writes the seeds of the keys and what the table's head says.
  func encodeHead(into state: inout StateWriter) {
    state.write(word: seeds.0)
    state.write(word: seeds.1)
    table.encodeHead(into: &state)
  }

  /// Reads the seeds of the keys, which come in lines of their own.
  mutating func decodeHead(_ state: inout StateReader) throws(StateError) {
    seeds = (try state.word(), try state.word())
    try table.decodeHead(&state)
  }
}

extension TrafficSources {
  /// Writes the seeds of the keys and what the head of the visits says.
  func encodeHead(into state: inout StateWriter) {
    state.write(word: seeds.0)
    state.write(word: seeds.1)
    visits.encodeHead(into: &state)
    // The direct source is always there.
    state.write(Array(texts[textRange(0)]))
  }

  /// Reads the seeds of the keys, which come in lines of their own, and the direct source.
  mutating func decodeHead(_ state: inout StateReader) throws(StateError) {
    let seeds = (try state.word(), try state.word())
    var visits = visits
    try visits.decodeHead(&state)
    let direct = try state.text()
    removeAll()
    self.seeds = seeds
    self.visits = visits
    _ = number(of: direct)
  }

  /// Writes the other sources by number.
  func encodeTexts(into lines: inout Parse.Lines, _ kind: Int, _ output: inout Output) {
    lines.begin(kind)
    for number in textEnds.indices.dropFirst() {
      if lines.isFull {
        lines.end(into: &output)
        lines.begin(kind)
      }
      lines.state.write(Array(texts[textRange(UInt32(number))]))
    }
    lines.end(into: &output)
  }

  /// Reads sources, whose numbers go on behind those that are known.
  mutating func decodeTexts(_ state: inout StateReader) throws(StateError) {
    while !state.isAtEnd {
      let next = textEnds.count
      guard next < TrafficSources.textsMax, Int(number(of: try state.text())) == next else {
        throw StateError("a source is there twice")
      }
    }
  }

  /// Writes the own sources found before, which are not looked for again.
  func encodeFound(into lines: inout Parse.Lines, _ kind: Int, _ output: inout Output) {
    lines.begin(kind)
    for found in known where found.hash != 0 {
      lines.state.write(word: found.hash)
      lines.state.write(found.number != nil)
      if let number = found.number { lines.state.write(UInt64(number)) }
    }
    lines.end(into: &output)
  }

  /// Reads own sources found before.
  mutating func decodeFound(_ state: inout StateReader) throws(StateError) {
    while !state.isAtEnd {
      let hash = try state.word()
      let number: UInt32? = try state.flag() ? try state.short() : nil
      guard number ?? 0 < textEnds.count else { throw StateError("a source is not known") }
      known[Int(truncatingIfNeeded: hash) & (TrafficSources.knownCount - 1)] = Known(
        hash: hash, number: number)
    }
  }
}
