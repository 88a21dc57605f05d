import Events
import Pipes
import Records

/// Lines that are no messages yet: of access logs and tables, and JSON of other shapes.
extension Parse {
  /// Takes a line that has to become a message first, or that is to decide the format.
  mutating func takeForeign(
    _ bytes: Span<UInt8>, from start: Int, to lineEnd: Int, _ lines: LineBlock,
    _ output: inout Output
  ) throws(RecordError) {
    let end = bytes.textEnd(from: start, to: lineEnd)
    if lineEnd - start > lines.lineBytesMax { throw Parse.tooLong }
    if table.pendingLines == 0, bytes.isBlank(from: start, to: end) {
      return balance.count(.blank)
    }
    made.removeAll(keepingCapacity: true)
    mapped.removeAll()
    origins.removeAll()
    rowOrigins.removeAll()
    var lineCount = 1
    var notedEnd: Int?
    var isMapped = false
    var isRow = false
    switch format {
    case .segment:
      var offset = start
      return balance.count(try takeMessage(bytes, from: &offset, lines, &output))
    case .combined, .common:
      let isNoted = try accessLog.read(
        bytes, from: start, to: end, isCombined: format == .combined, into: &made,
        noting: &canonicalizer.message)
      if isNoted { notedEnd = made.count - 1 }
      made.append(addingCapacity: Scanner.paddingBytes) {
        $0.append(repeating: 0, count: Scanner.paddingBytes)
      }
    case .json, .csv, .mapped:
      isRow = isTable && !isObject(bytes, from: start, to: end)
      if isRow {
        lineCount = table.pendingLines + 1
        guard try readRow(bytes, from: start, to: end, lines) else { return }
      } else if let reason = try map(bytes, from: start, to: end) {
        return balance.skip(reason)
      }
      isMapped = true
      mapped.pad()
    }
    // A record of a table may lie on several lines.
    let line =
      isRow
      ? canonicalizer.lineKey(row.span, from: 0, to: row.count - Scanner.paddingBytes)
      : canonicalizer.lineKey(bytes, from: start, to: end)
    do throws(RecordError) {
      let outcome =
        isMapped
        ? try takeMapped(mapped.bytes, line: line, &output)
        : try takeMade(made, notedEnd: notedEnd, line: line, &output)
      balance.count(outcome, lines: lineCount)
    } catch {
      balance.moreRejected += lineCount - 1
      var source = origins.source(of: error.offset) ?? start
      if isRow { source = rowOrigins.source(of: source) ?? start }
      throw RecordError(error.reason, at: error.offset == 0 ? start : source)
    }
  }

  /// Whether a line of a source that is divided without a header is an object all the same.
  private func isObject(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    guard mapping.layout != nil else { return false }
    let first = bytes.textStart(from: start, to: end)
    return bytes[first] == ASCII.openBrace || bytes[first] == ASCII.openBracket
  }

  /// Takes the message of an access log's line.
  ///
  /// - Parameter notedEnd: where its newline stands if its parts have been noted, and need no reading.
  private mutating func takeMade(
    _ message: [UInt8], notedEnd: Int?, line: RecentTable.Key?, _ output: inout Output
  ) throws(RecordError) -> Outcome {
    let prepared =
      if let notedEnd {
        try canonicalizer.prepareNoted(message.span, from: 0, to: notedEnd)
      } else {
        try canonicalizer.prepare(message.span, from: 0)
      }
    return try take(prepared, message.span, line: line, &output)
  }

  /// Takes the messages that the mapping made, all of them or, where one is at fault, none.
  ///
  /// So the line can be sent again when it has been mended. Offsets of faults are those of the messages.
  private mutating func takeMapped(
    _ message: [UInt8], line: RecentTable.Key?, _ output: inout Output
  ) throws(RecordError) -> Outcome {
    let ends = mapping.messageEnds
    if ends.count <= 1 {
      let prepared = try canonicalizer.prepare(message.span, from: 0)
      return try take(prepared, message.span, line: line, &output)
    }
    var start = 0
    for end in ends {
      do throws(RecordError) {
        _ = try canonicalizer.prepare(message.span, from: start)
      } catch {
        throw RecordError("in a batch: \(error.reason)", at: error.offset)
      }
      start = end
    }
    start = 0
    var outcome = Outcome.skipped
    for end in ends {
      let prepared = try canonicalizer.prepare(message.span, from: start)
      // Repetitions are told by what was made: the source line is that of all.
      let other = try take(prepared, message.span, line: nil, &output)
      if outcome != .used { outcome = other }
      start = end
    }
    return outcome
  }

  /// Makes the messages of a JSON line, or of all elements of one that is a list.
  ///
  /// - Returns: why the mapping leaves it out; `nil` where it does not.
  private mutating func map(
    _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) throws(RecordError) -> String? {
    mapping.beginLine()
    let first = bytes.textStart(from: start, to: end)
    guard first < end, bytes[first] == ASCII.openBracket else {
      let reason = try mapping.map(bytes, from: start, into: &mapped, &origins)
      return reason.map { mapping.skipReasons[$0] }
    }
    var elements: [Field] = []
    do {
      let array = try arrayLine(bytes, from: start)
      try forEachElement(of: array, in: bytes) { elements.append($0) }
    } catch { throw RecordError(error) }
    var reason = Mapping.noEvent
    for element in elements {
      do throws(RecordError) {
        let other = try mapping.map(
          bytes, from: element.start, isElement: true, into: &mapped, &origins)
        if let other { reason = other }
      } catch {
        throw RecordError("in a batch: \(error.reason)", at: error.offset)
      }
    }
    return mapped.count == 0 ? mapping.skipReasons[reason] : nil
  }

  /// Makes the message of a table's line.
  ///
  /// - Returns: false for a header, a line within a record, and one that the mapping leaves out.
  private mutating func readRow(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, _ lines: LineBlock
  ) throws(RecordError) -> Bool {
    row.removeAll(keepingCapacity: true)
    let pendingLines = table.pendingLines
    let kind: TableReader.Line
    do throws(RecordError) {
      kind = try table.read(
        bytes, from: start, to: end, of: lines, into: &row, &rowOrigins)
    } catch {
      balance.moreRejected += pendingLines
      table.clearPending()
      throw error
    }
    switch kind {
    case .incomplete: return false
    case .header:
      if format == .csv, givenMapping == nil { mapping = Mapping(columns: table.columns) }
      balance.count(.skipped, lines: pendingLines + 1)
      table.clearPending()
      return false
    case .record:
      table.clearPending()
      row.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
      let record = row
      mapping.beginLine()
      let reason = try mapping.map(record.span, from: 0, into: &mapped, &origins)
      if let reason {
        balance.skip(mapping.skipReasons[reason], lines: pendingLines + 1)
        return false
      }
      return true
    }
  }
}
