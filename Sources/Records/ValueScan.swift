/// Deepest nesting of objects and arrays that a record may have, the record itself included.
public let nestingDepthMax = 512

/// Finds the end of an object or array by its brackets alone: nothing inside is validated.
///
/// The kinds of the open brackets stand in one word, a bit a level; what is nested deeper than
/// that word is long is left to the validator.
@inlinable
func balancedEnd(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Int {
  var offset = start
  var openIsObject: UInt64 = 0
  var depth = 0
  while true {
    let byte = bytes[offset]
    switch byte {
    case ASCII.quote:
      offset = try stringEnd(bytes, from: offset + 1).offset
      continue
    case ASCII.openBrace, ASCII.openBracket:
      depth += 1
      if depth > 64 { return try validatedEnd(bytes, from: start) }
      openIsObject = openIsObject << 1 | (byte == ASCII.openBrace ? 1 : 0)
    case ASCII.closeBrace, ASCII.closeBracket:
      guard openIsObject & 1 == (byte == ASCII.closeBrace ? 1 : 0) else {
        throw ScanError(.mismatchedBracket, at: offset)
      }
      openIsObject >>= 1
      depth -= 1
      if depth == 0 { return offset + 1 }
    default:
      if byte < 0x20 && byte != ASCII.tab && byte != ASCII.carriageReturn {
        throw lineEndOrControl(bytes, at: offset)
      }
    }
    offset += 1
  }
}

/// Validates a value of any kind, nested ones with all they hold, and finds its end.
///
/// Iterative, so that hostile nesting costs no stack. Most JSON has no blanks between its parts, so
/// they are looked for only where something else than a part stands.
/// Cost: about three instructions a byte. Source: RFC 8259, UTF-8 included.
/// - Parameter depth: how many objects and arrays the value stands in.
@usableFromInline
func validatedEnd(
  _ bytes: Span<UInt8>, from start: Int, inside depth: Int = 1
) throws(ScanError) -> Int {
  var open = BracketStack(inside: depth)
  var offset = start
  while true {
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    let byte = bytes[offset]
    switch byte {
    case ASCII.quote:
      offset = try validatedString(bytes, from: offset).end
    case ASCII.openBrace, ASCII.openBracket:
      let isObject = byte == ASCII.openBrace
      try open.push(isObject, at: offset)
      offset += 1
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      if bytes[offset] == (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
        open.pop()
        offset += 1
      } else {
        if isObject { offset = try validatedKey(bytes, from: offset) }
        continue
      }
    default:
      offset = try scalarEnd(bytes, from: offset)
    }
    // A value is done: close what ends here, or go on to the next value.
    while !open.isEmpty {
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      let byte = bytes[offset]
      if byte == ASCII.comma {
        offset += 1
        if open.topIsObject {
          if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
          offset = try validatedKey(bytes, from: offset)
        }
        break
      }
      guard byte == (open.topIsObject ? ASCII.closeBrace : ASCII.closeBracket) else {
        throw missingEnd(bytes, at: offset)
      }
      open.pop()
      offset += 1
    }
    if open.isEmpty { return offset }
  }
}

/// The error where neither a comma nor the right bracket stands behind a value.
func missingEnd(_ bytes: Span<UInt8>, at offset: Int) -> ScanError {
  switch bytes[offset] {
  case ASCII.closeBrace, ASCII.closeBracket: ScanError(.mismatchedBracket, at: offset)
  case ASCII.newline: ScanError(.endsEarly, at: offset)
  default: ScanError(.expectedCommaOrEnd, at: offset)
  }
}

/// Validates a key with its colon and finds what is behind it.
@inline(__always)
private func validatedKey(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Int {
  guard bytes[start] == ASCII.quote else {
    throw ScanError(bytes[start] == ASCII.newline ? .endsEarly : .expectedKey, at: start)
  }
  var colon = try validatedString(bytes, from: start).end
  if bytes[colon] <= ASCII.space { colon = skipBlanks(bytes, from: colon) }
  guard bytes[colon] == ASCII.colon else { throw ScanError(.expectedColon, at: colon) }
  return colon + 1
}

/// Validates the string whose opening quote stands at an offset: escapes and UTF-8.
@inlinable @inline(__always)
func validatedString(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
  let end = plainEnd(bytes, from: start + 1)
  if bytes[end] == ASCII.quote { return Field(start: start, end: end + 1) }
  return try validatedUnusualString(bytes, from: start)
}

/// Validates a string that is more than plain ASCII.
@usableFromInline @inline(never)
func validatedUnusualString(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Field {
  let end = try unusualStringEnd(bytes, from: start + 1)
  if end.hasEscapes { try validateEscapes(bytes, from: start + 1, to: end.offset - 1) }
  if end.hasNonASCII {
    if let bad = firstInvalidUTF8(bytes, from: start + 1, to: end.offset - 1) {
      throw ScanError(.invalidUTF8, at: bad)
    }
  }
  return Field(
    start: start, end: end.offset, hasEscapes: end.hasEscapes, hasNonASCII: end.hasNonASCII)
}

/// Throws at the first escape that JSON does not know.
///
/// Lone surrogates are left as they are.
private func validateEscapes(
  _ bytes: Span<UInt8>, from start: Int, to end: Int
) throws(ScanError) {
  var offset = start
  while offset < end {
    guard bytes[offset] == ASCII.backslash else {
      offset += 1
      continue
    }
    switch bytes[offset + 1] {
    case ASCII.quote, ASCII.backslash, ASCII.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      offset += 2
    case UInt8(ascii: "u"):
      guard offset + 6 <= end, hexadecimal(bytes, at: offset + 2) != nil else {
        throw ScanError(.invalidEscape, at: offset)
      }
      offset += 6
    default:
      throw ScanError(.invalidEscape, at: offset)
    }
  }
}

/// The value of four hexadecimal digits, or `nil` where one is none.
func hexadecimal(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
  var value: UInt32 = 0
  for index in offset..<offset + 4 {
    let digit: UInt8
    switch bytes[index] {
    case let byte where ASCII.isDigit(byte): digit = byte - ASCII.zero
    case let byte where byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"):
      digit = (byte | 0x20) - UInt8(ascii: "a") + 10
    default: return nil
    }
    value = value << 4 | UInt32(digit)
  }
  return value
}

/// Validates a number, `true`, `false` or `null` and finds its end.
@usableFromInline
func scalarEnd(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Int {
  switch bytes[start] {
  case UInt8(ascii: "t"): return try literalEnd(0x6575_7274, 4, bytes, from: start)
  case UInt8(ascii: "f"): return try literalEnd(0x65_736C_6166, 5, bytes, from: start)
  case UInt8(ascii: "n"): return try literalEnd(0x6C6C_756E, 4, bytes, from: start)
  case ASCII.minus, ASCII.zero...ASCII.nine: return try numberEnd(bytes, from: start)
  case ASCII.newline: throw ScanError(.endsEarly, at: start)
  default: throw ScanError(.expectedValue, at: start)
  }
}

/// Compares with a literal given as a little-endian word.
private func literalEnd(
  _ literal: UInt64, _ count: Int, _ bytes: Span<UInt8>, from start: Int
) throws(ScanError) -> Int {
  guard bytes.word(at: start) & ((1 << UInt64(count * 8)) &- 1) == literal else {
    throw ScanError(.invalidLiteral, at: start)
  }
  return start + count
}

/// Validates a number by RFC 8259 §6 and finds its end.
@usableFromInline
func numberEnd(_ bytes: Span<UInt8>, from start: Int) throws(ScanError) -> Int {
  var offset = start
  if bytes[offset] == ASCII.minus { offset += 1 }
  if bytes[offset] == ASCII.zero {
    offset += 1
  } else {
    offset = try digitsEnd(bytes, from: offset, number: start)
  }
  if bytes[offset] == ASCII.period {
    offset = try digitsEnd(bytes, from: offset + 1, number: start)
  }
  if bytes[offset] | 0x20 == UInt8(ascii: "e") {
    offset += 1
    if bytes[offset] == ASCII.minus || bytes[offset] == UInt8(ascii: "+") { offset += 1 }
    offset = try digitsEnd(bytes, from: offset, number: start)
  }
  return offset
}

private func digitsEnd(
  _ bytes: Span<UInt8>, from start: Int, number: Int
) throws(ScanError) -> Int {
  var offset = start
  while ASCII.isDigit(bytes[offset]) { offset += 1 }
  guard offset > start else { throw ScanError(.invalidNumber, at: number) }
  return offset
}

/// The open brackets of a validation, a bit a level: the innermost 64 in one word, what is around
/// them in others.
private struct BracketStack {
  private var kinds: UInt64 = 0
  private var outerKinds = InlineArray<8, UInt64>(repeating: 0)
  private var depth = 0
  private let depthMax: Int

  /// No bracket of its own is open, but so many around it.
  init(inside depth: Int) { depthMax = nestingDepthMax - depth }

  var isEmpty: Bool { depth == 0 }
  var topIsObject: Bool { kinds & 1 == 1 }

  mutating func push(_ isObject: Bool, at offset: Int) throws(ScanError) {
    guard depth < depthMax else { throw ScanError(.tooDeep, at: offset) }
    if depth & 63 == 0 { outerKinds[depth >> 6] = kinds }
    kinds = kinds << 1 | (isObject ? 1 : 0)
    depth += 1
  }

  mutating func pop() {
    depth -= 1
    kinds = depth & 63 == 0 ? outerKinds[depth >> 6] : kinds >> 1
  }
}

/// The number that a text of the same form as a JSON number gives, or `nil`.
public func decimalText(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> DecimalNumber? {
  guard start < end, bytes[start] == ASCII.minus || ASCII.isDigit(bytes[start]),
    let numberEnd = try? numberEnd(bytes, from: start), numberEnd == end
  else { return nil }
  return DecimalNumber(bytes, from: start, to: end)
}
