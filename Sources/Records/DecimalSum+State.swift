extension DecimalSum {
  /// Writes the sum, exactly; ``init(_:)`` reads it.
  public func encode(into state: inout StateWriter) {
    let (whole, fraction) = parts
    // The sign last, so that small sums of either sign are few bytes.
    let folded = UInt128(truncatingIfNeeded: whole << 1 ^ whole >> 127)
    state.write(UInt64(truncatingIfNeeded: folded))
    state.write(UInt64(truncatingIfNeeded: folded >> 64))
    state.write(UInt64(truncatingIfNeeded: fraction))
    state.write(UInt64(truncatingIfNeeded: fraction >> 64))
  }

  /// Reads a sum.
  public init(_ state: inout StateReader) throws(StateError) {
    let folded = try DecimalSum.wide(&state)
    let fraction = try DecimalSum.wide(&state)
    let whole = Int128(truncatingIfNeeded: folded >> 1) ^ -Int128(truncatingIfNeeded: folded & 1)
    guard let sum = DecimalSum(whole: whole, fraction: Int128(truncatingIfNeeded: fraction)) else {
      throw StateError("a sum is out of range")
    }
    self = sum
  }

  private static func wide(_ state: inout StateReader) throws(StateError) -> UInt128 {
    let low = try state.number()
    return UInt128(try state.number()) << 64 | UInt128(low)
  }
}
