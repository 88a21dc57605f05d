internal import Records

extension Program {
  /// Calls a function with the values of its arguments.
  func call(
    _ function: Function, _ first: Int, _ count: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    let value = try evaluate(children[first], bytes, fields, &frame)
    do throws(EvaluationError) {
      return try call(function, of: value, first, count, bytes, fields, &frame)
    } catch { throw misfit([value], bytes, error) }
  }

  private func call(
    _ function: Function, of value: Value, _ first: Int, _ count: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    switch function {
    case .startsWith, .endsWith, .contains:
      let part = try evaluate(children[first + 1], bytes, fields, &frame)
      return .bool(try matches(function, value, part, bytes, &frame))
    case .matches:
      let pattern = try evaluate(children[first + 1], bytes, fields, &frame)
      return .bool(try matches(value, writtenPattern: pattern, bytes, &frame))
    case .size: return .int(try size(of: value, bytes, &frame))
    case .int: return .int(try int(owned(value, bytes, &frame)))
    case .uint: return .uint(try uint(owned(value, bytes, &frame)))
    case .double: return .double(try double(owned(value, bytes, &frame)))
    case .string: return .text(try string(owned(value, bytes, &frame)))
    case .bytes:
      switch try owned(value, bytes, &frame) {
      case .text(let text), .bytes(let text): return .bytes(text)
      default: throw .noSuchOverload
      }
    case .bool: return .bool(try bool(value, bytes, &frame))
    case .timestamp: return try timestamp(of: owned(value, bytes, &frame))
    case .duration:
      switch try owned(value, bytes, &frame) {
      case .duration(let length): return .duration(length)
      case .text(let text):
        guard let length = TimeText.duration(text, allowsDays: allowsExtensions) else {
          throw .badConversion
        }
        return .duration(length)
      default: throw .noSuchOverload
      }
    case .type: return .type(type(of: value, bytes))
    case .dyn: return value
    default:
      guard count > 1 else { return .int(try part(function, of: value, in: .utc)) }
      guard case .timestamp = value else { throw .noSuchOverload }
      let zone = try evaluate(children[first + 1], bytes, fields, &frame)
      guard case .text(let name) = try owned(zone, bytes, &frame) else { throw .noSuchOverload }
      guard let rules = zones.rules(named: name) else { throw .unknownZone }
      return .int(try part(function, of: value, in: rules))
    }
  }

  private func matches(
    _ function: Function, _ text: Value, _ part: Value,
    _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    if function == .contains {
      let steps = try withTexts(text, part, bytes) { _, start, end, _, partStart, partEnd in
        (end - start) >> 6 * max(1, (partEnd - partStart) >> 3)
      }
      try frame.spend(steps)
    }
    return try withTexts(text, part, bytes) { text, start, end, part, partStart, partEnd in
      let count = partEnd - partStart
      guard count <= end - start else { return false }
      func stands(at offset: Int) -> Bool {
        orderOfBytes(text, offset, offset + count, part, partStart, partEnd) == 0
      }
      switch function {
      case .startsWith: return stands(at: start)
      case .endsWith: return stands(at: end - count)
      default:
        for offset in start...(end - count) where stands(at: offset) { return true }
        return false
      }
    }
  }

  private func size(
    of value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Int64 {
    if case .bytes(let content) = value { return Int64(content.count) }
    if isText(value, bytes) {
      return try withTexts(value, .text([]), bytes) { text, start, end, _, _, _ in
        // A code point has one byte that does not continue another.
        var count: Int64 = 0
        for offset in start..<end where text[offset] & 0xC0 != 0x80 { count += 1 }
        return count
      }
    }
    if let elements = try listElements(of: value, bytes, &frame) { return Int64(elements.count) }
    guard let entries = try mapEntries(of: value, bytes, &frame) else { throw .noSuchOverload }
    return Int64(entries.count)
  }

  private func int(_ value: Value) throws(EvaluationError) -> Int64 {
    switch value {
    case .int(let whole): return whole
    case .uint(let whole):
      guard let result = Int64(exactly: whole) else { throw .outOfRange }
      return result
    case .double(let double):
      // -2^63 itself is refused, as the standard asks.
      guard double > -0x1p63, double < 0x1p63 else { throw .outOfRange }
      return Int64(double)
    case .number(let number):
      guard let whole = number.scaled(by: 0), let result = Int64(exactly: whole) else {
        throw .outOfRange
      }
      return result
    case .text(let text):
      guard let result = Int64(String(decoding: text, as: UTF8.self)) else { throw .badConversion }
      return result
    case .timestamp(let nanoseconds):
      let rest = nanoseconds % 1_000_000_000
      return Int64(nanoseconds / 1_000_000_000) - (rest < 0 ? 1 : 0)
    case .digits: throw .outOfRange
    default: throw .noSuchOverload
    }
  }

  private func uint(_ value: Value) throws(EvaluationError) -> UInt64 {
    switch value {
    case .uint(let whole): return whole
    case .int(let whole):
      guard whole >= 0 else { throw .outOfRange }
      return UInt64(whole)
    case .double(let double):
      guard double >= 0, double < 0x1p64 else { throw .outOfRange }
      return UInt64(double)
    case .number(let number):
      guard let whole = number.scaled(by: 0), let result = UInt64(exactly: whole) else {
        throw .outOfRange
      }
      return result
    case .text(let text):
      guard let result = UInt64(String(decoding: text, as: UTF8.self)) else { throw .badConversion }
      return result
    case .digits: throw .outOfRange
    default: throw .noSuchOverload
    }
  }

  private func double(_ value: Value) throws(EvaluationError) -> Double {
    if let double = Number.double(value) { return double }
    guard case .text(let text) = value else { throw .noSuchOverload }
    guard let double = Double(String(decoding: text, as: UTF8.self)) else { throw .badConversion }
    // Only `inf` says so; digits that come to it do not fit.
    guard double.isFinite || !text.contains(where: ASCII.isDigit) else { throw .outOfRange }
    return double
  }

  private func string(_ value: Value) throws(EvaluationError) -> [UInt8] {
    var text: [UInt8] = []
    switch value {
    case .text(let content): return content
    case .bool(let answer): text.append(answer ? "true" : "false")
    case .int(let whole): text.append(whole.description)
    case .uint(let whole): text.append(whole.description)
    case .double(let double):
      text.append(double.description)
      if text.suffix(2) == Array(".0".utf8) { text.removeLast(2) }
    case .number(let number): number.append(to: &text)
    case .digits(let digits): return digits
    case .bytes(let content):
      guard firstInvalidUTF8(content.span, from: 0, to: content.count) == nil else {
        throw .badConversion
      }
      return content
    case .timestamp(let nanoseconds): TimeText.append(timestamp: nanoseconds, to: &text)
    case .duration(let length): TimeText.append(duration: length, to: &text)
    default: throw .noSuchOverload
    }
    return text
  }

  private func bool(
    _ value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    if case .bool(let answer) = value { return answer }
    guard case .text(let text) = try owned(value, bytes, &frame) else { throw .noSuchOverload }
    switch String(decoding: text, as: UTF8.self) {
    case "1", "t", "true", "TRUE", "True": return true
    case "0", "f", "false", "FALSE", "False": return false
    default: throw .badConversion
    }
  }

  private func timestamp(of value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .timestamp: return value
    case .int(let seconds): return try timestamp(Int128(seconds) * 1_000_000_000)
    case .number(let seconds):
      guard let nanoseconds = seconds.scaled(by: 9) else { throw .outOfRange }
      return try timestamp(nanoseconds)
    case .text(let text):
      guard let nanoseconds = TimeText.timestamp(text) else { throw .badConversion }
      return .timestamp(nanoseconds)
    default: throw .noSuchOverload
    }
  }

  /// The type of a value.
  func type(of value: Value, _ bytes: Span<UInt8>) -> ValueType {
    switch value {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .number, .digits: .number
    case .text: .string
    case .bytes: .bytes
    case .list: .list
    case .map: .map
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type
    case .json(let field):
      switch field.kind(in: bytes) {
      case .string: .string
      case .array: .list
      default: .map
      }
    }
  }
}
