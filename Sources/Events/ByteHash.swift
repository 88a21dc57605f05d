public import Records

/// A 64-bit hash of bytes under a seed: fast for the 8 to 40 bytes of an id.
///
///     hash(bytes, from: 0, to: 36, seed: seed)
///
/// With a secret seed nobody can choose ids that collide on purpose; with the fixed one it is a
/// fingerprint, the same on every machine. Eight bytes must follow the end (a block's padding).
/// Cost: one multiplication for eight bytes.
/// Source: the multiply-and-fold step of wyhash (Wang Yi, 2019).
@inlinable @inline(__always)
public func byteHash(_ bytes: Span<UInt8>, from start: Int, to end: Int, seed: UInt64) -> UInt64 {
  var hash = seed ^ 0xA076_1D64_78BD_642F
  var offset = start
  while offset &+ 8 <= end {
    hash = fold(hash ^ bytes.word(at: offset), 0xE703_7ED1_A0B4_28DB)
    offset &+= 8
  }
  let rest = UInt64(truncatingIfNeeded: end &- offset)
  let tail = rest == 0 ? 0 : bytes.word(at: offset) & ((1 &<< (rest &* 8)) &- 1)
  return fold(hash ^ tail, 0x8EBC_6AF0_9C88_C6E3 ^ UInt64(truncatingIfNeeded: end &- start))
}

/// The seed of fingerprints: fixed, so that orders decided by one never change.
public let fingerprintSeed: UInt64 = 0x5A17_F007_FA11_0001

/// The product's two halves, one folded on the other.
@inlinable @inline(__always)
func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = left.multipliedFullWidth(by: right)
  return product.high ^ product.low
}
