/// A set of channels; bit i stands for the channel of that number.
struct ChannelSet: BitwiseCopyable {
  private var bits: UInt32

  init(bits: UInt32) { self.bits = bits }

  /// Takes the channel with the lowest number out, `nil` where there is none.
  mutating func popFirst() -> Int? {
    guard bits != 0 else { return nil }
    defer { bits &= bits - 1 }
    return bits.trailingZeroBitCount
  }
}
