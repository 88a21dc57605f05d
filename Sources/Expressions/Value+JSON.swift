internal import Records

extension Value {
  /// Adds the value as JSON text.
  ///
  /// Numbers keep their value exactly; times, durations and types are strings, bytes are a string
  /// of base 64; what JSON cannot say, NaN and the infinities, is `null`. Map keys are strings.
  ///
  /// - Parameter bytes: the record that the value may lie in.
  public func append(to output: inout [UInt8], from bytes: Span<UInt8>) {
    switch self {
    case .null: output.append("null")
    case .bool(let answer): output.append(answer ? "true" : "false")
    case .int(let whole): output.append(whole.description)
    case .uint(let whole): output.append(whole.description)
    case .double(let double): output.append(jsonNumber: double)
    case .number(let number): number.append(to: &output)
    case .digits(let digits): output.append(contentsOf: digits)
    case .text(let text): output.append(jsonString: text.span, from: 0, to: text.count)
    case .bytes(let content): output.append(base64: content)
    case .timestamp(let nanoseconds):
      output.append(ASCII.quote)
      TimeText.append(timestamp: nanoseconds, to: &output)
      output.append(ASCII.quote)
    case .duration(let length):
      output.append(ASCII.quote)
      TimeText.append(duration: length, to: &output)
      output.append(ASCII.quote)
    case .type(let type): output.append(jsonString: type.rawValue)
    case .json(let field): output.append(bytes, from: field.start, to: field.end)
    case .list(let elements):
      output.append(ASCII.openBracket)
      for (place, element) in elements.enumerated() {
        if place > 0 { output.append(ASCII.comma) }
        element.append(to: &output, from: bytes)
      }
      output.append(ASCII.closeBracket)
    case .map(let entries):
      output.append(ASCII.openBrace)
      for (place, entry) in entries.enumerated() {
        if place > 0 { output.append(ASCII.comma) }
        entry.key.append(key: &output, from: bytes)
        output.append(ASCII.colon)
        entry.value.append(to: &output, from: bytes)
      }
      output.append(ASCII.closeBrace)
    }
  }

  /// Adds a map's key, which JSON wants as a string.
  private func append(key output: inout [UInt8], from bytes: Span<UInt8>) {
    if case .text = self { return append(to: &output, from: bytes) }
    output.append(ASCII.quote)
    append(to: &output, from: bytes)
    output.append(ASCII.quote)
  }
}

extension Array where Element == UInt8 {
  /// Adds bytes as a JSON string of base 64.
  ///
  /// Source: RFC 4648 §4.
  fileprivate mutating func append(base64 content: [UInt8]) {
    let alphabet = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    append(ASCII.quote)
    for start in stride(from: 0, to: content.count, by: 3) {
      let count = Swift.min(3, content.count - start)
      var group: UInt32 = 0
      for index in 0..<3 {
        group = group << 8 | (index < count ? UInt32(content[start + index]) : 0)
      }
      for index in 0..<4 {
        let sextet = Int(group >> UInt32(18 - 6 * index)) & 63
        append(index <= count ? alphabet[sextet] : UInt8(ascii: "="))
      }
    }
    append(ASCII.quote)
  }
}
