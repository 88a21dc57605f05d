/// Writes what a program knows as few bytes, for checkpoints and partial results.
///
///     write(300)       AC 02               seven bits a byte, the lowest first
///     write(-2)        03                  signs folded: 0, -1, 1, -2 are 0, 1, 2, 3
///     write(text)      count, bytes
///     write(name)      number of the name, and its text where it comes for the first time
///
/// ``StateReader`` reads the same things in the same order. There are no tags: what stands where is
/// for the version of the state to say.
public struct StateWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []
  private var names: [[UInt8]: Int] = [:]

  /// An empty writer.
  public init() {}

  /// Writes a number that is mostly small.
  public mutating func write(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Writes a number with a sign that is mostly small.
  public mutating func write(_ value: Int64) {
    write(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  /// Writes a number with a sign that is mostly small.
  public mutating func write(_ value: Int) { write(Int64(value)) }

  /// Writes an answer.
  public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// Writes a time, the distant past and future too.
  public mutating func write(_ value: Moment) {
    switch value {
    case .distantPast: write(UInt64(0))
    case .distantFuture: write(UInt64(1))
    default: write(UInt64(value.milliseconds - Moment.writableStart.milliseconds) + 2)
    }
  }

  /// Writes a time or that there is none.
  public mutating func write(_ value: Moment?) {
    write(value != nil)
    if let value { write(value) }
  }

  /// Writes eight bytes that may be anything, as a hash or the bits of a double.
  public mutating func write(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  /// Writes a text that comes once.
  public mutating func write(_ text: [UInt8]) {
    write(UInt64(text.count))
    bytes.append(contentsOf: text)
  }

  /// Writes a text that comes often: where it has been written, only its number.
  public mutating func write(name: [UInt8]) {
    if let number = names[name] { return write(UInt64(number)) }
    write(UInt64(names.count))
    names[name] = names.count
    write(name)
  }

  /// Begins anew.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
  }
}
