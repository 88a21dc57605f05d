internal import Records

/// A value of the person's event, kept in sixteen bytes; what is longer lies in a ``TextTable``.
struct CapturedValue: Sendable, Equatable, BitwiseCopyable {
  /// How the payload is read.
  enum Kind: UInt8, Sendable {
    /// Nothing was captured yet.
    case nothing
    /// The number of an ``EvaluationError``.
    case failure
    case null
    case bool
    case int
    case uint
    /// The bits of a double.
    case double
    /// The number of a string in the table.
    case text
    /// The number of the value's bytes in the table: see ``ValueBytes``.
    case encoded
  }

  var kind = Kind.nothing
  var payload: UInt64 = 0

  /// Nothing.
  init() {}

  /// Keeps a value, which needs no record any more, or the error in its place.
  init(_ result: Result<Value, EvaluationError>, in table: inout TextTable) {
    switch result {
    case .failure(let error): (kind, payload) = (.failure, UInt64(error.rawValue))
    case .success(.null): kind = .null
    case .success(.bool(let answer)): (kind, payload) = (.bool, answer ? 1 : 0)
    case .success(.int(let whole)): (kind, payload) = (.int, UInt64(bitPattern: whole))
    case .success(.uint(let whole)): (kind, payload) = (.uint, whole)
    case .success(.double(let double)): (kind, payload) = (.double, double.bitPattern)
    case .success(.text(let text)): (kind, payload) = (.text, UInt64(table.number(of: text)))
    case .success(let value):
      var bytes: [UInt8] = []
      ValueBytes.append(value, to: &bytes)
      (kind, payload) = (.encoded, UInt64(table.number(of: bytes)))
    }
  }

  /// The value or error that was kept.
  func result(in table: TextTable) -> Result<Value, EvaluationError> {
    switch kind {
    case .nothing: return .failure(.noEvent)
    case .failure:
      return .failure(EvaluationError(rawValue: UInt8(truncatingIfNeeded: payload)) ?? .noEvent)
    case .null: return .success(.null)
    case .bool: return .success(.bool(payload == 1))
    case .int: return .success(.int(Int64(bitPattern: payload)))
    case .uint: return .success(.uint(payload))
    case .double: return .success(.double(Double(bitPattern: payload)))
    case .text: return .success(.text(table[UInt32(payload)]))
    case .encoded:
      let bytes = table[UInt32(payload)]
      var offset = 0
      return .success(ValueBytes.value(bytes, at: &offset))
    }
  }
}
