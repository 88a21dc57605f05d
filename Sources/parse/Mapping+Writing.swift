import Expressions
import Records

extension Mapping {
  /// What is the same for all events of a line.
  struct Source {
    let place: EventPlace
    let readSlots: [Bool]
  }

  /// Writes one event, unless its condition or its name leaves it out.
  ///
  /// - Parameter reason: takes why.
  mutating func write(
    _ event: EventTemplate, _ source: Source, _ bytes: Span<UInt8>, _ message: inout [UInt8],
    _ origins: inout Origins, _ reason: inout Int
  ) throws(ScanError) {
    if let condition = event.condition, !holds(condition, source.place, bytes) { return }
    let begin = message.count
    let sourceStart = event.scopes.last.map { elements[$0].element.start } ?? source.place.start
    origins.note(made: begin, source: sourceStart)
    message.append(ASCII.openBrace)
    if let name = event.name {
      message.append("\"event\":")
      let nameStart = message.count
      if try append(name, source, bytes, &message, &origins) {
        switch event.names.meaning(message.span, from: nameStart, to: message.count) {
        case .same: break
        case .json(let json):
          message.removeLast(message.count - nameStart)
          message.append(contentsOf: json)
        case .nothing(let left):
          message.removeLast(message.count - begin)
          reason = left
          return
        }
      } else {
        message.removeLast(message.count - begin - 1)
      }
    }
    try writeMembers(event.object, source, bytes, &message, &origins, from: begin + 1)
    message.append(ASCII.closeBrace)
    endMessage(&message)
  }

  /// Writes an object where it has a member.
  private mutating func write(
    _ object: ObjectTemplate, _ source: Source, _ bytes: Span<UInt8>, _ message: inout [UInt8],
    _ origins: inout Origins
  ) throws(ScanError) -> Bool {
    let begin = message.count
    message.append(ASCII.openBrace)
    try writeMembers(object, source, bytes, &message, &origins, from: begin + 1)
    if message.count == begin + 1 {
      message.removeLast()
      return false
    }
    message.append(ASCII.closeBrace)
    return true
  }

  /// Writes the members of the object whose content begins at an offset of the message.
  private mutating func writeMembers(
    _ object: ObjectTemplate, _ source: Source, _ bytes: Span<UInt8>, _ message: inout [UInt8],
    _ origins: inout Origins, from contentStart: Int
  ) throws(ScanError) {
    for branch in object.branches {
      let begin = message.count
      if begin > contentStart { message.append(ASCII.comma) }
      message.append(contentsOf: branch.keyText)
      let isWritten =
        switch branch.node {
        case .value(let value): try append(value, source, bytes, &message, &origins)
        case .object(let inner): try write(inner, source, bytes, &message, &origins)
        }
      if !isWritten { message.removeLast(message.count - begin) }
    }
    for spread in object.spreads {
      try write(spread, beside: object.branches, source, bytes, &message, from: contentStart)
    }
  }

  /// Writes members that are taken over, but those whose key a branch has.
  private func write(
    _ spread: ObjectTemplate.Spread, beside branches: [ObjectTemplate.Branch], _ source: Source,
    _ bytes: Span<UInt8>, _ message: inout [UInt8], from contentStart: Int
  ) throws(ScanError) {
    func isTaken(_ key: Field, _ value: Field, _ besides: [SourcePath]) -> Bool {
      besides.contains { field($0).start == value.start }
        || branches.contains { bytes.equals($0.key, from: key.start + 1, to: key.end - 1) }
    }
    func separate() { if message.count > contentStart { message.append(ASCII.comma) } }
    switch spread {
    case .rest:
      for member in reader.members
      where member.slot < 0 || !source.readSlots[Int(member.slot)] {
        let key = Field(start: member.start, end: keyEnd(bytes, from: member.start))
        if isTaken(key, member.value, []) { continue }
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
    _ value: MappedValue, _ source: Source, _ bytes: Span<UInt8>, _ message: inout [UInt8],
    _ origins: inout Origins
  ) throws(ScanError) -> Bool {
    let begin = message.count
    switch value {
    case .path(let path, let conversion):
      let field = field(path)
      guard hasContent(field, bytes) else { return false }
      origins.note(made: begin, source: field.start)
      return append(field, conversion, bytes, &message)
    case .constant(let json):
      message.append(contentsOf: json)
      return true
    case .text(let pieces): return append(pieces, bytes, &message, &origins)
    case .expression(let expression):
      expression.appendJSON(
        source.place, fields: reader.fields, in: bytes, to: &message, failures: &failures)
      guard message[begin...].elementsEqual("null".utf8) else { return true }
    case .list(let list): return try append(list, source, bytes, &message, &origins)
    case .sum(let sum): return try append(sum, source, bytes, &message)
    case .named(let inner, let table):
      guard try append(inner, source, bytes, &message, &origins) else { return false }
      switch table.meaning(message.span, from: begin, to: message.count) {
      case .same: return true
      case .json(let json):
        message.removeLast(message.count - begin)
        message.append(contentsOf: json)
        return true
      case .nothing: break
      }
    case .first(let values):
      for value in values where try append(value, source, bytes, &message, &origins) {
        return true
      }
    }
    message.removeLast(message.count - begin)
    return false
  }

  /// Whether a field is there, and neither `null` nor an empty text.
  @inline(__always)
  private func hasContent(_ field: Field, _ bytes: Span<UInt8>) -> Bool {
    guard field.isPresent else { return false }
    let first = bytes[field.start]
    return first != UInt8(ascii: "n") && !(first == ASCII.quote && field.count == 2)
  }

  private func append(
    _ field: Field, _ conversion: MappedValue.Conversion?, _ bytes: Span<UInt8>,
    _ message: inout [UInt8]
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
      DecimalNumber(coefficient: number.coefficient, exponent: number.exponent - 2)
        .append(to: &message)
    default:
      message.append(bytes, from: field.start, to: field.end)
    }
    return true
  }

  /// Adds a made text, unless one of its fields is missing.
  private func append(
    _ pieces: [TextPiece], _ bytes: Span<UInt8>, _ message: inout [UInt8],
    _ origins: inout Origins
  ) -> Bool {
    let begin = message.count
    message.append(ASCII.quote)
    for piece in pieces {
      switch piece {
      case .literal(let text): message.append(contentsOf: text)
      case .field(let path):
        let field = field(path)
        let kind = field.kind(in: bytes)
        guard hasContent(field, bytes), kind != .object, kind != .array else {
          message.removeLast(message.count - begin)
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
    _ list: ListTemplate, _ source: Source, _ bytes: Span<UInt8>, _ message: inout [UInt8],
    _ origins: inout Origins
  ) throws(ScanError) -> Bool {
    let begin = message.count
    message.append(ASCII.openBracket)
    for element in try elements(of: list.scope, bytes) {
      try bind(list.scope, element, bytes)
      if let condition = list.condition, !holds(condition, source.place, bytes) { continue }
      let elementStart = message.count
      if elementStart > begin + 1 { message.append(ASCII.comma) }
      if !(try write(list.object, source, bytes, &message, &origins)) {
        message.removeLast(message.count - elementStart)
      }
    }
    if message.count == begin + 1 {
      message.removeLast()
      return false
    }
    message.append(ASCII.closeBracket)
    return true
  }

  /// Adds an exact sum, unless there is nothing to add up.
  private mutating func append(
    _ sum: SumTemplate, _ source: Source, _ bytes: Span<UInt8>, _ message: inout [UInt8]
  ) throws(ScanError) -> Bool {
    var total = DecimalSum()
    var count = 0
    for element in try elements(of: sum.scope, bytes) {
      try bind(sum.scope, element, bytes)
      if let condition = sum.condition, !holds(condition, source.place, bytes) { continue }
      let field = field(sum.value)
      let quote = field.kind(in: bytes) == .string ? 1 : 0
      guard field.isPresent,
        let number = decimalText(bytes, from: field.start + quote, to: field.end - quote),
        total.add(number)
      else { continue }
      count += 1
    }
    guard count > 0 else { return false }
    let begin = message.count
    total.append(to: &message)
    if sum.isNegative, !total.isZero, message[begin] != ASCII.minus {
      message.insert(ASCII.minus, at: begin)
    }
    return true
  }
}
