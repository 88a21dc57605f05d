import Expressions
import Records

/// A value as a text that tells types apart: `int 1`, `double 1.0`, `text "a"`.
func describe(_ value: Value) -> String {
  switch value {
  case .null: "null"
  case .bool(let answer): "\(answer)"
  case .int(let whole): "int \(whole)"
  case .uint(let whole): "uint \(whole)"
  case .double(let double): double.isNaN ? "double NaN" : "double \(double)"
  case .number(let number): "number \(number.coefficient)e\(number.exponent)"
  case .digits(let digits): "digits \(String(decoding: digits, as: UTF8.self))"
  case .text(let text): "text \(String(decoding: text, as: UTF8.self).debugDescription)"
  case .bytes(let bytes): "bytes \(bytes)"
  case .list(let elements): "[" + elements.map(describe).joined(separator: ", ") + "]"
  case .map(let entries):
    "{"
      + entries.map { describe($0.key) + ": " + describe($0.value) }.sorted()
      .joined(separator: ", ") + "}"
  case .timestamp(let nanoseconds): "timestamp \(nanoseconds)"
  case .duration(let nanoseconds): "duration \(nanoseconds)"
  case .type(let type): "type \(type.rawValue)"
  case .json: "a place in a record"
  }
}
