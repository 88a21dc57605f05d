/// Writes JSON records, one a line, into a growing buffer.
///
///     var writer = RecordWriter()
///     writer.open(record: "funnel.step")
///     writer.field("step", 2)
///     writer.object("overall") { $0.field("value", 0.5) }
///     writer.close()                       // {"record":"funnel.step","step":2,"overall":{"value":0.5}}⏎
///
/// A double is written with the shortest digits that read back the same; what is no number is
/// `null`, never NaN.
public struct RecordWriter: Sendable {
  /// What has been written.
  public var bytes: [UInt8] = []
  /// Whether the next field or element follows another one.
  private var needsComma = false

  /// An empty writer.
  public init() {}

  /// Opens a report record.
  public mutating func open(record name: String) {
    openObject()
    key(static: "record")
    bytes.append(jsonString: name)
  }

  /// Opens a record without a first field: an event.
  public mutating func openObject() {
    bytes.append(ASCII.openBrace)
    needsComma = false
  }

  /// Ends the record and its line.
  public mutating func close() {
    bytes.append(ASCII.closeBrace)
    bytes.append(ASCII.newline)
    needsComma = false
  }

  /// Writes a key, for a value that follows.
  public mutating func key(_ name: String) {
    separate()
    bytes.append(jsonString: name)
    bytes.append(ASCII.colon)
  }

  /// Writes a text.
  public mutating func field(_ name: String, _ value: String) {
    key(name)
    bytes.append(jsonString: value)
  }

  /// Writes a text or `null`.
  public mutating func field(_ name: String, _ value: String?) {
    if let value { field(name, value) } else { null(name) }
  }

  /// Writes a text given by its bytes.
  public mutating func field(_ name: String, text: [UInt8]) {
    key(name)
    bytes.append(jsonString: text.span, from: 0, to: text.count)
  }

  /// Writes a whole number.
  public mutating func field(_ name: String, _ value: Int) {
    key(name)
    bytes.append(integer: value)
  }

  /// Writes a double, or `null` for none, NaN and the infinities.
  public mutating func field(_ name: String, _ value: Double?) {
    key(name)
    bytes.append(jsonNumber: value)
  }

  /// Writes `true` or `false`.
  public mutating func field(_ name: String, _ value: Bool) {
    key(name)
    bytes.append(value ? "true" : "false")
  }

  /// Writes a time, or `null` for none.
  public mutating func field(_ name: String, _ value: Moment?) {
    guard let value else { return null(name) }
    key(name)
    bytes.append(ASCII.quote)
    value.append(to: &bytes)
    bytes.append(ASCII.quote)
  }

  /// Writes an exact sum.
  public mutating func field(_ name: String, _ value: DecimalSum) {
    key(name)
    value.append(to: &bytes)
  }

  /// Writes a value that is JSON text already.
  public mutating func field(_ name: String, json: [UInt8]) {
    key(name)
    bytes.append(contentsOf: json)
  }

  /// Writes fields that together take at most so many bytes, behind another field of the record.
  ///
  /// The closure writes each with the comma in front of it.
  @inlinable @inline(__always)
  public mutating func fields(bytesMax: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    bytes.append(addingCapacity: bytesMax, initializingWith: body)
  }

  /// Writes a key of the program, whose text needs no escape, for a value that follows.
  ///
  ///     ,"userId":
  public mutating func key(static name: StaticString) {
    let needsComma = needsComma
    self.needsComma = true
    bytes.append(addingCapacity: name.utf8CodeUnitCount + 4) { text in
      if needsComma { text.append(ASCII.comma) }
      text.append(ASCII.quote)
      text.append(static: name)
      text.append(static: "\":")
    }
  }

  /// Writes `null`.
  public mutating func null(_ name: String) {
    key(name)
    bytes.append("null")
  }

  /// Writes an object whose fields the closure gives.
  public mutating func object(_ name: String, _ body: (inout RecordWriter) -> Void) {
    key(name)
    openObject()
    body(&self)
    bytes.append(ASCII.closeBrace)
    needsComma = true
  }

  /// Writes an array whose elements the closure adds with ``element(_:)`` and the like.
  public mutating func array(_ name: String, _ body: (inout RecordWriter) -> Void) {
    key(name)
    bytes.append(ASCII.openBracket)
    needsComma = false
    body(&self)
    bytes.append(ASCII.closeBracket)
    needsComma = true
  }

  /// Writes a text as an element of an array.
  public mutating func element(_ value: String) {
    separate()
    bytes.append(jsonString: value)
  }

  /// Writes a double, or `null` for none, as an element of an array.
  public mutating func element(number value: Double?) {
    separate()
    bytes.append(jsonNumber: value)
  }

  /// Writes a time, or `null` for none, as an element of an array.
  public mutating func element(_ value: Moment?) {
    separate()
    guard let value else { return bytes.append("null") }
    bytes.append(ASCII.quote)
    value.append(to: &bytes)
    bytes.append(ASCII.quote)
  }

  /// Writes an object as an element of an array.
  public mutating func element(_ body: (inout RecordWriter) -> Void) {
    separate()
    openObject()
    body(&self)
    bytes.append(ASCII.closeBrace)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(ASCII.comma) }
    needsComma = true
  }
}

extension Array where Element == UInt8 {
  /// Adds a whole number in decimal digits.
  public mutating func append(integer value: Int) {
    append(addingCapacity: OutputSpan<UInt8>.integerBytesMax) { $0.append(integer: value) }
  }

  /// Adds a double as JSON, `null` where there is no finite one; whole numbers without a fraction.
  public mutating func append(jsonNumber value: Double?) {
    guard let value, value.isFinite else { return append("null") }
    if value == value.rounded(), abs(value) < 1e15 {
      append(value == 0 ? "0" : Int(value).description)
    } else {
      append(value.description)
    }
  }

  /// Adds a text as a JSON string.
  public mutating func append(jsonString text: String) {
    let bytes = text.utf8
    append(jsonString: bytes.span, from: 0, to: bytes.count)
  }

  /// Adds decoded bytes as a JSON string; surrogates of ``unescaped(_:from:to:)`` are escaped again.
  public mutating func append(jsonString bytes: Span<UInt8>, from start: Int, to end: Int) {
    if bytes.plainEnd(from: start, to: end) == end {
      return append(addingCapacity: end - start + 2 + OutputSpan<UInt8>.slackBytes) { text in
        text.append(ASCII.quote)
        text.append(bytes, from: start, to: end)
        text.append(ASCII.quote)
      }
    }
    append(ASCII.quote)
    var offset = start
    while offset < end {
      let plainEnd = bytes.plainEnd(from: offset, to: end)
      if plainEnd > offset {
        append(bytes, from: offset, to: plainEnd)
        offset = plainEnd
        continue
      }
      let byte = bytes[offset]
      if byte == ASCII.quote || byte == ASCII.backslash {
        append(ASCII.backslash)
        append(byte)
      } else if byte < 0x20 {
        append(controlEscape: byte)
      } else if byte == 0xED, offset + 2 < end, bytes[offset + 1] >= 0xA0 {
        let code =
          0xD000 | UInt32(bytes[offset + 1] & 0x3F) << 6 | UInt32(bytes[offset + 2] & 0x3F)
        append("\\u")
        append(String(code, radix: 16))
        offset += 2
      } else {
        append(byte)
      }
      offset += 1
    }
    append(ASCII.quote)
  }

  private mutating func append(controlEscape byte: UInt8) {
    switch byte {
    case ASCII.newline: append("\\n")
    case ASCII.carriageReturn: append("\\r")
    case ASCII.tab: append("\\t")
    default:
      append(byte < 0x10 ? "\\u000" : "\\u00")
      append(String(byte, radix: 16))
    }
  }

  /// Adds a record with one top-level field added to it or replaced: everything else byte for byte.
  ///
  ///     {"event":"A"}  +  "segments"  →  {"event":"A","segments":["new"]}
  ///
  /// - Parameters:
  ///   - end: the offset behind the record's last byte, its newline left out.
  ///   - existing: where the field's value stands if the record has it.
  ///   - value: the JSON text of the value.
  public mutating func append(
    record bytes: Span<UInt8>, from start: Int, to end: Int,
    with key: String, existing: Field, value: [UInt8]
  ) {
    if existing.isPresent {
      append(bytes, from: start, to: existing.start)
      append(contentsOf: value)
      append(bytes, from: existing.end, to: end)
    } else {
      var brace = end - 1
      while bytes[brace] != ASCII.closeBrace { brace -= 1 }
      append(bytes, from: start, to: brace)
      var last = brace - 1
      while bytes[last] <= ASCII.space { last -= 1 }
      if bytes[last] != ASCII.openBrace { append(ASCII.comma) }
      append(jsonString: key)
      append(ASCII.colon)
      append(contentsOf: value)
      append(ASCII.closeBrace)
    }
    append(ASCII.newline)
  }
}

extension Span where Element == UInt8 {
  /// Where the bytes end that stand for themselves in a JSON string, eight tried at a time.
  fileprivate func plainEnd(from start: Int, to end: Int) -> Int {
    var offset = start
    while offset + 8 <= end, word(at: offset).isPlainASCII { offset += 8 }
    while offset < end, self[offset].isPlain { offset += 1 }
    return offset
  }
}

extension UInt64 {
  /// Whether its eight bytes are ASCII that needs no escape.
  @inline(__always)
  fileprivate var isPlainASCII: Bool {
    let quotes = zeroBytes(self ^ repeated(ASCII.quote))
    let backslashes = zeroBytes(self ^ repeated(ASCII.backslash))
    let controls = (self &- repeated(ASCII.space)) & ~self
    return (quotes | backslashes | controls | self) & repeated(0x80) == 0
  }
}

extension UInt8 {
  /// Whether a byte stands for itself in a JSON string and begins no surrogate.
  @inline(__always)
  fileprivate var isPlain: Bool {
    self >= 0x20 && self != ASCII.quote && self != ASCII.backslash && self != 0xED
  }
}
