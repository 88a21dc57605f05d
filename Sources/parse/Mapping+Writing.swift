import Expressions
import Records

extension Mapping {
  /// What is the same for all events of a line.
  struct Source {
    let place: EventPlace
    let shape: Int
  }

  /// Writes one event, unless its condition or its name leaves it out.
  ///
  /// - Parameter reason: takes why.
  mutating func write(
    _ event: Int, _ source: Source, _ bytes: Span<UInt8>, _ message: inout MessageBuffer,
    _ origins: inout Origins, _ reason: inout Int
  ) throws(ScanError) {
    if let condition = events[event].condition, !holds(condition, source.place, bytes) { return }
    let begin = message.count
    let sourceStart = events[event].scopes.last.map { elements[$0].element.start }
    origins.note(made: begin, source: sourceStart ?? source.place.start)
    message.append(ASCII.openBrace)
    if let name = events[event].name {
      message.append(Mapping.eventKey)
      let nameStart = message.count
      if try append(name, source, bytes, &message, &origins) {
        let meaning = events[event].names.meaning(
          message.bytes.span, from: nameStart, to: message.count)
        switch meaning {
        case .same: break
        case .json(let json):
          message.truncate(to: nameStart)
          message.append(json)
        case .nothing(let left):
          message.truncate(to: begin)
          reason = left
          return
        }
      } else {
        message.truncate(to: begin + 1)
      }
    }
    try writeMembers(
      of: events[event].object, source, bytes, &message, &origins, from: begin + 1)
    message.append(ASCII.closeBrace)
    endMessage(&message)
  }

  private static let eventKey = Array("\"event\":".utf8)

  /// Writes an object where it has a member.
  private mutating func write(
    object: Int, _ source: Source, _ bytes: Span<UInt8>, _ message: inout MessageBuffer,
    _ origins: inout Origins
  ) throws(ScanError) -> Bool {
    let begin = message.count
    message.append(ASCII.openBrace)
    try writeMembers(of: object, source, bytes, &message, &origins, from: begin + 1)
    return message.close(begin, with: ASCII.closeBrace)
  }

  /// Writes the members of the object whose content begins at an offset of the message.
  private mutating func writeMembers(
    of object: Int, _ source: Source, _ bytes: Span<UInt8>, _ message: inout MessageBuffer,
    _ origins: inout Origins, from contentStart: Int
  ) throws(ScanError) {
    let object = program.objects[object]
    for index in object.branches.start..<object.branches.end {
      let branch = program.branches[index]
      // A path that the line has not is the most frequent end of all: nothing is written for it.
      if case .value(let value) = branch.node, case .path(let path, _) = program.values[value],
        !hasContent(field(path), bytes)
      {
        continue
      }
      let begin = message.count
      if begin > contentStart { message.append(ASCII.comma) }
      message.append(program.pool.span, from: branch.key.start, to: branch.key.end)
      let isWritten =
        switch branch.node {
        case .value(let value): try append(value, source, bytes, &message, &origins)
        case .object(let inner): try write(object: inner, source, bytes, &message, &origins)
        }
      if !isWritten { message.truncate(to: begin) }
    }
    for index in object.spreads.start..<object.spreads.end {
      try write(
        program.spreads[index], beside: object.branches, source, bytes, &message,
        from: contentStart)
    }
  }

  /// Writes members that are taken over, but those whose key a branch has.
  ///
  /// Mutating though it changes nothing: its closures would be handed a copy of all.
  private mutating func write(
    _ spread: MappingProgram.Spread, beside branches: MappingProgram.Stretch, _ source: Source,
    _ bytes: Span<UInt8>, _ message: inout MessageBuffer, from contentStart: Int
  ) throws(ScanError) {
    func isTaken(_ key: Field, _ value: Field, _ besides: MappingProgram.Stretch) -> Bool {
      for index in besides.start..<besides.end
      where field(program.besides[index]).start == value.start { return true }
      for index in branches.start..<branches.end {
        let name = program.branches[index].key
        // The key in the pool has a colon behind it.
        if name.end - name.start == key.count + 1, hasKey(name, bytes, at: key) { return true }
      }
      return false
    }
    func separate() { if message.count > contentStart { message.append(ASCII.comma) } }
    switch spread {
    case .rest:
      for member in reader.members
      where member.slot < 0 || !shapes[source.shape].readSlots[Int(member.slot)] {
        let key = Field(start: member.start, end: keyEnd(bytes, from: member.start))
        if isTaken(key, member.value, MappingProgram.Stretch()) { continue }
        separate()
        message.append(bytes, from: member.start, to: member.value.end)
      }
    case .object(let path, let besides):
      let object = field(path)
      guard object.kind(in: bytes) == .object else { return }
      try forEachMember(of: object, in: bytes) { key, value in
        if isTaken(key, value, besides) { return }
        separate()
        message.append(bytes, from: key.start, to: value.end)
      }
    case .pairs(let list, let besides):
      for (key, value) in pairLists[list].pairs where !isTaken(key, value, besides) {
        separate()
        message.append(bytes, from: key.start, to: key.end)
        message.append(ASCII.colon)
        message.append(bytes, from: value.start, to: value.end)
      }
    }
  }

  /// Whether a key of the pool stands in the line, both with their quotes.
  private func hasKey(
    _ name: MappingProgram.Stretch, _ bytes: Span<UInt8>, at key: Field
  ) -> Bool {
    for index in 0..<key.count where program.pool[name.start + index] != bytes[key.start + index] {
      return false
    }
    return true
  }

  /// Where a key that begins at an offset ends, quotes included.
  private func keyEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var end = start + 1
    while bytes[end] != ASCII.quote { end += bytes[end] == ASCII.backslash ? 2 : 1 }
    return end + 1
  }

  // MARK: Values

  /// Adds a value as JSON.
  ///
  /// - Returns: false where there is none, and nothing has been added.
  private mutating func append(
    _ value: Int, _ source: Source, _ bytes: Span<UInt8>, _ message: inout MessageBuffer,
    _ origins: inout Origins
  ) throws(ScanError) -> Bool {
    let begin = message.count
    switch program.values[value] {
    case .path(let path, let conversion):
      let field = field(path)
      guard hasContent(field, bytes) else { return false }
      origins.note(made: begin, source: field.start)
      return append(field, conversion, bytes, &message)
    case .constant(let json):
      message.append(program.pool.span, from: json.start, to: json.end)
      return true
    case .text(let pieces): return append(pieces, bytes, &message, &origins)
    case .expression(let expression):
      computed.removeAll(keepingCapacity: true)
      program.expressions[expression].expression.appendJSON(
        source.place, fields: reader.fields, in: bytes, to: &computed, failures: &failures)
      if computed.elementsEqual("null".utf8) { return false }
      message.append(computed)
      return true
    case .list(let scope, let condition, let object):
      return try append(
        list: scope, condition, object, source, bytes, &message, &origins)
    case .sum(let scope, let condition, let path, let isNegative):
      return try append(
        sumOf: path, scope, condition, isNegative: isNegative, source, bytes, &message)
    case .named(let inner, let table):
      guard try append(inner, source, bytes, &message, &origins) else { return false }
      switch program.tables[table].meaning(message.bytes.span, from: begin, to: message.count) {
      case .same: break
      case .json(let json):
        message.truncate(to: begin)
        message.append(json)
      case .nothing:
        message.truncate(to: begin)
        return false
      }
      return true
    case .first(let values):
      for index in values.start..<values.end
      where try append(index, source, bytes, &message, &origins) { return true }
      return false
    }
  }

  /// Whether a field is there, and neither `null` nor an empty text.
  @inline(__always)
  private func hasContent(_ field: Field, _ bytes: Span<UInt8>) -> Bool {
    guard field.isPresent else { return false }
    let first = bytes[field.start]
    return first != UInt8(ascii: "n") && !(first == ASCII.quote && field.count == 2)
  }

  private mutating func append(
    _ field: Field, _ conversion: MappedValue.Conversion?, _ bytes: Span<UInt8>,
    _ message: inout MessageBuffer
  ) -> Bool {
    let isText = bytes[field.start] == ASCII.quote
    let (start, end) =
      isText ? (field.start + 1, field.end - 1) : (field.start, field.end)
    switch conversion {
    case .number where isText && decimalText(bytes, from: start, to: end) != nil:
      message.append(bytes, from: start, to: end)
    case .string where field.kind(in: bytes) == .number:
      message.append(ASCII.quote)
      message.append(bytes, from: start, to: end)
      message.append(ASCII.quote)
    case .negative:
      guard let number = decimalText(bytes, from: start, to: end) else { return false }
      if number.coefficient > 0 { message.append(ASCII.minus) }
      message.append(bytes, from: start, to: end)
    case .cents:
      guard let number = decimalText(bytes, from: start, to: end) else { return false }
      computed.removeAll(keepingCapacity: true)
      DecimalNumber(coefficient: number.coefficient, exponent: number.exponent - 2)
        .append(to: &computed)
      message.append(computed)
    default:
      message.append(bytes, from: field.start, to: field.end)
    }
    return true
  }

  /// Adds a made text, unless one of its fields is missing.
  private func append(
    _ pieces: MappingProgram.Stretch, _ bytes: Span<UInt8>, _ message: inout MessageBuffer,
    _ origins: inout Origins
  ) -> Bool {
    let begin = message.count
    message.append(ASCII.quote)
    for index in pieces.start..<pieces.end {
      switch program.pieces[index] {
      case .literal(let text):
        message.append(program.pool.span, from: text.start, to: text.end)
      case .field(let path):
        let field = field(path)
        let kind = field.kind(in: bytes)
        guard hasContent(field, bytes), kind != .object, kind != .array else {
          message.truncate(to: begin)
          return false
        }
        origins.note(made: begin, source: field.start)
        let quote = kind == .string ? 1 : 0
        message.append(bytes, from: field.start + quote, to: field.end - quote)
      }
    }
    message.append(ASCII.quote)
    return true
  }

  /// Adds a list with an object for each element that has something to tell.
  private mutating func append(
    list scope: Int, _ condition: Int?, _ object: Int, _ source: Source, _ bytes: Span<UInt8>,
    _ message: inout MessageBuffer, _ origins: inout Origins
  ) throws(ScanError) -> Bool {
    let begin = message.count
    message.append(ASCII.openBracket)
    for element in try elements(of: scope, bytes) {
      try bind(scope, element, bytes)
      if let condition, !holds(condition, source.place, bytes) { continue }
      let elementStart = message.count
      if elementStart > begin + 1 { message.append(ASCII.comma) }
      if !(try write(object: object, source, bytes, &message, &origins)) {
        message.truncate(to: elementStart)
      }
    }
    return message.close(begin, with: ASCII.closeBracket)
  }

  /// Adds an exact sum, unless there is nothing to add up.
  private mutating func append(
    sumOf path: SourcePath, _ scope: Int, _ condition: Int?, isNegative: Bool, _ source: Source,
    _ bytes: Span<UInt8>, _ message: inout MessageBuffer
  ) throws(ScanError) -> Bool {
    var total = DecimalSum()
    var count = 0
    for element in try elements(of: scope, bytes) {
      try bind(scope, element, bytes)
      if let condition, !holds(condition, source.place, bytes) { continue }
      let field = field(path)
      let quote = field.kind(in: bytes) == .string ? 1 : 0
      guard field.isPresent,
        let number = decimalText(bytes, from: field.start + quote, to: field.end - quote),
        total.add(number)
      else { continue }
      count += 1
    }
    guard count > 0 else { return false }
    let begin = message.count
    computed.removeAll(keepingCapacity: true)
    total.append(to: &computed)
    message.append(computed)
    if isNegative, !total.isZero, computed[0] != ASCII.minus {
      message.insert(ASCII.minus, at: begin)
    }
    return true
  }
}
