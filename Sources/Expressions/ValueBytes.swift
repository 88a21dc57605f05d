internal import Records

/// Values as bytes, to be kept and read back.
///
///     kind: 1 byte | bool: 1 | int, uint, double, duration: 8 | timestamp: 16
///     | number: coefficient 16, exponent 8 | text, bytes, digits: count 8, then they
///     | list: count 8, then its values | map: count 8, then keys and values in turn
///
/// All numbers are little-endian.
enum ValueBytes {
  enum Kind: UInt8 {
    case null
    case bool
    case int
    case uint
    case double
    case number
    case digits
    case text
    case bytes
    case list
    case map
    case timestamp
    case duration
    case type
  }

  /// Adds a value, which must lie in no record.
  static func append(_ value: Value, to output: inout [UInt8]) {
    switch value {
    case .null, .json: output.append(Kind.null.rawValue)
    case .bool(let answer): output.append(contentsOf: [Kind.bool.rawValue, answer ? 1 : 0])
    case .int(let whole): append(.int, UInt64(bitPattern: whole), to: &output)
    case .uint(let whole): append(.uint, whole, to: &output)
    case .double(let double): append(.double, double.bitPattern, to: &output)
    case .duration(let length): append(.duration, UInt64(bitPattern: length), to: &output)
    case .timestamp(let time):
      output.append(Kind.timestamp.rawValue)
      append(time, to: &output)
    case .number(let number):
      output.append(Kind.number.rawValue)
      append(number.coefficient, to: &output)
      append(UInt64(bitPattern: Int64(number.exponent)), to: &output)
    case .digits(let content): append(.digits, content, to: &output)
    case .text(let content): append(.text, content, to: &output)
    case .bytes(let content): append(.bytes, content, to: &output)
    case .type(let type): append(.type, Array(type.rawValue.utf8), to: &output)
    case .list(let elements):
      append(.list, UInt64(elements.count), to: &output)
      for element in elements { append(element, to: &output) }
    case .map(let entries):
      append(.map, UInt64(entries.count), to: &output)
      for entry in entries {
        append(entry.key, to: &output)
        append(entry.value, to: &output)
      }
    }
  }

  private static func append(_ kind: Kind, _ word: UInt64, to output: inout [UInt8]) {
    output.append(kind.rawValue)
    append(word, to: &output)
  }

  private static func append(_ kind: Kind, _ content: [UInt8], to output: inout [UInt8]) {
    append(kind, UInt64(content.count), to: &output)
    output.append(contentsOf: content)
  }

  private static func append(_ wide: Int128, to output: inout [UInt8]) {
    append(UInt64(truncatingIfNeeded: wide), to: &output)
    append(UInt64(truncatingIfNeeded: wide >> 64), to: &output)
  }

  private static func append(_ word: UInt64, to output: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      output.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  /// Reads the value at an offset, which moves behind it.
  static func value(_ bytes: [UInt8], at offset: inout Int) -> Value {
    let kind = Kind(rawValue: bytes[offset]) ?? .null
    offset += 1
    switch kind {
    case .null: return .null
    case .bool:
      offset += 1
      return .bool(bytes[offset - 1] == 1)
    case .int: return .int(Int64(bitPattern: word(bytes, at: &offset)))
    case .uint: return .uint(word(bytes, at: &offset))
    case .double: return .double(Double(bitPattern: word(bytes, at: &offset)))
    case .duration: return .duration(Int64(bitPattern: word(bytes, at: &offset)))
    case .timestamp: return .timestamp(wide(bytes, at: &offset))
    case .number:
      let coefficient = wide(bytes, at: &offset)
      let exponent = Int(Int64(bitPattern: word(bytes, at: &offset)))
      return .number(DecimalNumber(coefficient: coefficient, exponent: exponent))
    case .digits: return .digits(content(bytes, at: &offset))
    case .text: return .text(content(bytes, at: &offset))
    case .bytes: return .bytes(content(bytes, at: &offset))
    case .type:
      let name = String(decoding: content(bytes, at: &offset), as: UTF8.self)
      return .type(ValueType(rawValue: name) ?? .dynamic)
    case .list:
      var elements: [Value] = []
      for _ in 0..<word(bytes, at: &offset) { elements.append(value(bytes, at: &offset)) }
      return .list(elements)
    case .map:
      var entries: [MapEntry] = []
      for _ in 0..<word(bytes, at: &offset) {
        let key = value(bytes, at: &offset)
        entries.append(MapEntry(key: key, value: value(bytes, at: &offset)))
      }
      return .map(entries)
    }
  }

  private static func word(_ bytes: [UInt8], at offset: inout Int) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<8 { word |= UInt64(bytes[offset + index]) << UInt64(index * 8) }
    offset += 8
    return word
  }

  private static func wide(_ bytes: [UInt8], at offset: inout Int) -> Int128 {
    let low = word(bytes, at: &offset)
    let high = word(bytes, at: &offset)
    return Int128(Int64(bitPattern: high)) << 64 | Int128(low)
  }

  private static func content(_ bytes: [UInt8], at offset: inout Int) -> [UInt8] {
    let count = Int(word(bytes, at: &offset))
    offset += count
    return Array(bytes[offset - count..<offset])
  }
}
