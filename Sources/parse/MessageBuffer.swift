import Records

/// The messages that a mapping makes of a line, one behind the other.
///
///     {"event":"A",…}⏎{"event":"B",…}⏎ 0 0 0 …
///     └──────────── count ───────────┘
///
/// What stands behind the end is only room, so that a field that turns out to be missing is taken back
/// by moving the end. An append costs some fifteen instructions, against sixty of an array's.
struct MessageBuffer: Sendable {
  /// The content, and room behind it.
  private(set) var bytes = [UInt8](repeating: 0, count: 4096)
  private(set) var count = 0

  /// Room that is always left: for copies that run over their end, and the padding of the last line.
  private static let slackBytes = Scanner.paddingBytes + 32

  /// Forgets all content.
  mutating func removeAll() { count = 0 }

  /// Takes everything back that stands from an offset on.
  @inline(__always)
  mutating func truncate(to end: Int) { count = end }

  /// Ends the object or list that was opened at an offset, or takes it back where nothing stands in it.
  ///
  /// - Returns: whether it stands.
  mutating func close(_ begin: Int, with bracket: UInt8) -> Bool {
    guard count > begin + 1 else {
      truncate(to: begin)
      return false
    }
    append(bracket)
    return true
  }

  /// Puts the zeros behind the last line that whoever reads it needs.
  mutating func pad() {
    for offset in count..<count + Scanner.paddingBytes { bytes[offset] = 0 }
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    bytes[count] = byte
    count &+= 1
  }

  /// Adds a stretch of other bytes.
  @inline(__always)
  mutating func append(_ source: Span<UInt8>, from start: Int, to end: Int) {
    precondition(start >= 0 && start <= end && end <= source.count)
    let length = end &- start
    reserve(length)
    let isShort = length <= 32 && source.count &- start >= 32
    let offset = count
    // The stretch and the room for it, with 32 bytes behind, were checked above; no pointer is kept.
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { content in
        guard let from = content.baseAddress, let to = target.baseAddress else { return }
        if isShort {
          let copy = unsafe from.loadUnaligned(fromByteOffset: start, as: SIMD32<UInt8>.self)
          unsafe to.storeBytes(of: copy, toByteOffset: offset, as: SIMD32<UInt8>.self)
        } else {
          unsafe (to + offset).copyMemory(from: from + start, byteCount: length)
        }
      }
    }
    count = offset &+ length
  }

  mutating func append(_ other: [UInt8]) { append(other.span, from: 0, to: other.count) }

  /// Puts a byte in front of what stands from an offset on.
  mutating func insert(_ byte: UInt8, at offset: Int) {
    reserve(1)
    for index in stride(from: count, to: offset, by: -1) { bytes[index] = bytes[index - 1] }
    bytes[offset] = byte
    count += 1
  }

  @inline(__always)
  private mutating func reserve(_ length: Int) {
    if count &+ length &+ MessageBuffer.slackBytes > bytes.count { grow(by: length) }
  }

  @inline(never)
  private mutating func grow(by length: Int) {
    bytes.append(
      contentsOf: repeatElement(
        0, count: max(bytes.count, length + MessageBuffer.slackBytes)))
  }
}
