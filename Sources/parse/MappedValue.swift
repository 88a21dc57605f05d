import Expressions
import Records

/// Where the value of a target comes from.
struct MappedValue: Sendable {
  /// What a value is turned into on its way.
  enum Conversion: String, CaseIterable, Sendable {
    case number
    case string
  }

  /// Source paths; the first one that is there, and not `null`, counts.
  var alternatives: [FieldPath] = []
  /// The value where no path gives one, as JSON.
  var constant: [UInt8]?
  var conversion: Conversion?
  /// What computes the value, in place of a path.
  var expression: Expression?

  /// The field of the first path that a line has.
  func field(
    _ fields: [Field], in bytes: Span<UInt8>
  ) throws(ScanError) -> Field? {
    for path in alternatives {
      let field = try path.field(fields, at: 0, in: bytes)
      let kind = field.kind(in: bytes)
      if kind != .absent, kind != .null { return field }
    }
    return nil
  }

  /// Adds the value as JSON.
  ///
  /// - Returns: false where there is none.
  func append(
    _ field: Field?, _ fields: [Field], _ bytes: Span<UInt8>, _ place: EventPlace,
    to output: inout [UInt8], failures: inout Int
  ) -> Bool {
    if let expression {
      let begin = output.count
      expression.appendJSON(place, fields: fields, in: bytes, to: &output, failures: &failures)
      return !output[begin...].elementsEqual("null".utf8)
    }
    guard let field else {
      guard let constant else { return false }
      output.append(contentsOf: constant)
      return true
    }
    switch conversion {
    case .number
    where field.kind(in: bytes) == .string
      && decimalText(bytes, from: field.start + 1, to: field.end - 1) != nil:
      output.append(bytes, from: field.start + 1, to: field.end - 1)
    case .string where field.kind(in: bytes) == .number:
      output.append(ASCII.quote)
      output.append(bytes, from: field.start, to: field.end)
      output.append(ASCII.quote)
    default:
      output.append(bytes, from: field.start, to: field.end)
    }
    return true
  }
}
