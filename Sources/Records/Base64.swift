/// Bytes as text of 64 characters, three bytes in four.
///
///     base64([0x4D, 0x61])    "TWE="
///
/// Source: RFC 4648 §4.
public func base64(_ bytes: [UInt8]) -> [UInt8] {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let count = min(3, bytes.count - start)
    var bits: UInt32 = 0
    for index in 0..<3 { bits = bits << 8 | UInt32(index < count ? bytes[start + index] : 0) }
    for index in 0..<4 {
      let digit = alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63]
      text.append(index <= count ? digit : UInt8(ascii: "="))
    }
  }
  return text
}

/// The bytes that ``base64(_:)`` made a text of, `nil` for any other text.
public func bytes(base64 text: ArraySlice<UInt8>) -> [UInt8]? {
  guard text.count % 4 == 0 else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count / 4 * 3)
  var padding = 0
  for start in stride(from: text.startIndex, to: text.endIndex, by: 4) {
    guard padding == 0 else { return nil }
    var bits: UInt32 = 0
    for index in 0..<4 {
      let byte = text[start + index]
      if byte == UInt8(ascii: "="), index >= 2 {
        padding += 1
        bits <<= 6
      } else {
        guard padding == 0, let digit = base64Digit(byte) else { return nil }
        bits = bits << 6 | digit
      }
    }
    for index in 0..<3 - padding {
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * index)))
    }
    // Bits that no byte has are zero in what was made here.
    if padding > 0, bits & ((1 << UInt32(8 * padding)) &- 1) != 0 { return nil }
  }
  return bytes
}

private func base64Digit(_ byte: UInt8) -> UInt32? {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
  case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
