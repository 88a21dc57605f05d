/// Gives pairs of numbers small numbers of their own, in the order they come.
///
///     (period 672, group 3) → 0      (period 672, group 1) → 1      …
///
/// Cost: some nanoseconds for the pair asked for last, and for others; 12 to 24 bytes a pair.
struct PairTable: Sendable {
  private(set) var pairs: [(Int32, UInt32)] = []
  /// Numbers from 1 on, 0 in an empty slot.
  ///
  /// At most half are taken.
  private var slots = [UInt32](repeating: 0, count: 16)
  private var latest = 0

  /// How many pairs there are.
  var count: Int { pairs.count }

  /// The number of a pair, a new one where it is new.
  @inline(__always)
  mutating func number(_ first: Int32, _ second: UInt32) -> Int {
    if latest < pairs.count, pairs[latest] == (first, second) { return latest }
    return otherNumber(first, second)
  }

  @inline(never)
  private mutating func otherNumber(_ first: Int32, _ second: UInt32) -> Int {
    var index = slot(of: first, second)
    if slots[index] == 0 {
      if pairs.count * 2 >= slots.count {
        grow()
        index = slot(of: first, second)
      }
      pairs.append((first, second))
      slots[index] = UInt32(pairs.count)
    }
    latest = Int(slots[index]) - 1
    return latest
  }

  /// The number of a pair, `nil` where it never came.
  func known(_ first: Int32, _ second: UInt32) -> Int? {
    let number = slots[slot(of: first, second)]
    return number == 0 ? nil : Int(number) - 1
  }

  /// The slot of a pair, or the empty one where it belongs.
  private func slot(of first: Int32, _ second: UInt32) -> Int {
    let word = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(second)
    // A multiplication spreads the low bits; the high ones of the product are the best.
    let spread = word &* 0x9E37_79B9_7F4A_7C15
    var index = Int(truncatingIfNeeded: spread >> 32) & (slots.count - 1)
    while slots[index] != 0, pairs[Int(slots[index]) - 1] != (first, second) {
      index = (index + 1) & (slots.count - 1)
    }
    return index
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (number, pair) in pairs.enumerated() {
      slots[slot(of: pair.0, pair.1)] = UInt32(number + 1)
    }
  }
}
