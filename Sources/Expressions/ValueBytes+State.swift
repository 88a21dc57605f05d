internal import Records

/// Whether bytes that come from elsewhere are a value.
extension ValueBytes {
  /// What JSON nests, and as much again for lists and maps of the expression around it.
  private static let depthMax = 2 * nestingDepthMax
  /// More than the digits of any line, so that no number of an event passes it.
  private static let exponentMax: Int64 = 1 << 26

  /// Whether ``value(_:at:)`` can read these bytes as one value, and all of them.
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    var reader = Check(bytes)
    return reader.passValue(inside: 0) && reader.offset == bytes.count
  }

  /// Walks over bytes, and never past their end.
  private struct Check {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Passes a value that stands in so many others; `false` where there is none.
    mutating func passValue(inside depth: Int) -> Bool {
      guard offset < bytes.count, let kind = Kind(rawValue: bytes[offset]), depth <= depthMax
      else { return false }
      offset += 1
      switch kind {
      case .null: return true
      case .bool: return pass(1)
      case .int, .uint, .double, .duration: return pass(8)
      case .timestamp: return passTime()
      case .number: return passNumber()
      case .digits, .text, .bytes, .type:
        guard let count = word(), let bytesLeft = UInt64(exactly: bytes.count - offset),
          count <= bytesLeft
        else { return false }
        return pass(Int(count))
      case .list: return passValues(of: 1, inside: depth)
      case .map: return passValues(of: 2, inside: depth)
      }
    }

    /// Passes a count and so many groups of values.
    private mutating func passValues(of group: Int, inside depth: Int) -> Bool {
      guard let count = word() else { return false }
      var passed: UInt64 = 0
      while passed < count {
        for _ in 0..<group where !passValue(inside: depth + 1) { return false }
        passed += 1
      }
      return true
    }

    private mutating func passTime() -> Bool {
      guard let low = word(), let high = word() else { return false }
      let time = Int128(Int64(bitPattern: high)) << 64 | Int128(low)
      let start = Int128(Moment.writableStart.milliseconds) * 1_000_000
      return time >= start && time <= TimeText.timestampMax
    }

    private mutating func passNumber() -> Bool {
      guard let low = word(), let high = word(), let exponent = word() else { return false }
      // The lowest coefficient has no counterpart of the other sign.
      let isLowest = high == 1 << 63 && low == 0
      return !isLowest && Int64(bitPattern: exponent).magnitude <= exponentMax
    }

    private mutating func word() -> UInt64? {
      guard pass(8) else { return nil }
      return (offset - 8..<offset).reversed().reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }

    private mutating func pass(_ count: Int) -> Bool {
      guard bytes.count - offset >= count else { return false }
      offset += count
      return true
    }
  }
}
