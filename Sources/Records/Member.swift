/// One key with its value at the top level of a record.
///
///     {"event":"Signed Up","plan":"pro"}
///      ^start ^value
public struct Member: Sendable, BitwiseCopyable {
  /// Where the value lies.
  public let value: Field
  /// Offset of the key's opening quote.
  public let startOffset: UInt32
  /// The slot of the key, -1 when nobody wants it.
  public let slot: Int32

  /// A member by its parts.
  @inlinable
  public init(slot: Int, start: Int, value: Field) {
    self.slot = Int32(truncatingIfNeeded: slot)
    startOffset = UInt32(truncatingIfNeeded: start)
    self.value = value
  }

  /// Offset of the key's opening quote.
  @inlinable public var start: Int { Int(startOffset) }
}
