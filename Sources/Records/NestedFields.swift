/// A way into a record: the keys from the top level down, `properties.plan`.
public struct FieldPath: Equatable, Sendable {
  /// The slot of the top-level key.
  public let slot: Int
  /// The keys below it, as bytes.
  public let keys: [[UInt8]]

  /// A path whose top-level key is entered into a selection.
  public init(_ keys: [String], in selection: inout Selection) {
    slot = selection.slot(keys[0])
    self.keys = keys.dropFirst().map { Array($0.utf8) }
  }

  /// A path written with dots.
  public init(_ dotted: String, in selection: inout Selection) {
    self.init(dotted.split(separator: ".").map(String.init), in: &selection)
  }

  /// The field at the end of the path, or the absent one.
  ///
  /// What lies on the way is validated as far as it is read.
  @inlinable
  public func field(
    _ fields: [Field], at base: Int, in bytes: Span<UInt8>
  ) throws(ScanError) -> Field {
    try field(fields.span, at: base, in: bytes)
  }

  /// The same of fields in a span.
  @inlinable
  public func field(
    _ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>
  ) throws(ScanError) -> Field {
    var field = fields[base + slot]
    for key in keys {
      guard field.kind(in: bytes) == .object else { return .absent }
      field = try member(key, of: field, in: bytes)
    }
    return field
  }
}

/// The value of a key in an object, the last one where it is there twice, or the absent field.
public func member(
  _ key: [UInt8], of object: Field, in bytes: Span<UInt8>
) throws(ScanError) -> Field {
  var found = Field.absent
  try forEachMember(of: object, in: bytes) { (name, value) throws(ScanError) in
    if name.hasEscapes {
      if unescaped(bytes, from: name.start + 1, to: name.end - 1) == key { found = value }
    } else if bytes.equals(key, from: name.start + 1, to: name.end - 1) {
      found = value
    }
  }
  return found
}

/// Hands each key, with its quotes, and its value to a closure, in their order.
@inlinable
public func forEachMember(
  of object: Field, in bytes: Span<UInt8>, _ body: (Field, Field) throws(ScanError) -> Void
) throws(ScanError) {
  var offset = skipBlanks(bytes, from: object.start + 1)
  if bytes[offset] == ASCII.closeBrace { return }
  while true {
    guard bytes[offset] == ASCII.quote else { throw ScanError(.expectedKey, at: offset) }
    let key = try validatedString(bytes, from: offset)
    offset = skipBlanks(bytes, from: key.end)
    guard bytes[offset] == ASCII.colon else { throw ScanError(.expectedColon, at: offset) }
    let value = try nestedValue(bytes, from: skipBlanks(bytes, from: offset + 1))
    try body(key, value)
    offset = skipBlanks(bytes, from: value.end)
    if bytes[offset] == ASCII.closeBrace { return }
    guard bytes[offset] == ASCII.comma else { throw ScanError(.expectedCommaOrEnd, at: offset) }
    offset = skipBlanks(bytes, from: offset + 1)
  }
}

/// Hands each element of an array to a closure, in their order.
@inlinable
public func forEachElement(
  of array: Field, in bytes: Span<UInt8>, _ body: (Field) throws(ScanError) -> Void
) throws(ScanError) {
  var offset = skipBlanks(bytes, from: array.start + 1)
  if bytes[offset] == ASCII.closeBracket { return }
  while true {
    let value = try nestedValue(bytes, from: offset)
    try body(value)
    offset = skipBlanks(bytes, from: value.end)
    if bytes[offset] == ASCII.closeBracket { return }
    guard bytes[offset] == ASCII.comma else { throw ScanError(.expectedCommaOrEnd, at: offset) }
    offset = skipBlanks(bytes, from: offset + 1)
  }
}

/// The array that a line consists of, whose first byte, blanks aside, is a bracket.
public func arrayLine(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
  let first = skipBlanks(bytes, from: start)
  guard bytes[first] == ASCII.openBracket else { throw ScanError(.notAnObject, at: first) }
  let end = try nestedEnd(bytes, from: first)
  let lineEnd = skipBlanks(bytes, from: end)
  guard bytes[lineEnd] == ASCII.newline else { throw ScanError(.trailingBytes, at: lineEnd) }
  return Field(start: first, end: end)
}

/// The object or array at an offset, balanced but not validated.
public func nestedField(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
  guard bytes[start] == ASCII.openBrace || bytes[start] == ASCII.openBracket else {
    throw ScanError(.expectedValue, at: start)
  }
  return Field(start: start, end: try nestedEnd(bytes, from: start))
}

/// The value at an offset inside an object or array; what is nested in it is only balanced.
@usableFromInline
func nestedValue(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
  switch bytes[start] {
  case ASCII.quote:
    return try string(bytes, from: start)
  case ASCII.openBrace, ASCII.openBracket:
    return Field(start: start, end: try nestedEnd(bytes, from: start))
  default:
    return Field(start: start, end: try scalarEnd(bytes, from: start))
  }
}
