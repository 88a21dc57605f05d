import Records

extension Array where Element == UInt8 {
  /// Adds a key of a record as words, without the unit that its values show themselves.
  ///
  ///     fromPrevious → from previous      meanSeconds → mean      seconds → duration
  ///
  /// A name that is no camel-case word, as an expression of `--by` or an event, stays as it is.
  mutating func append(wordsOf name: [UInt8]) {
    var end = name.count
    if isDuration(key: name) {
      end -= durationSuffixBytes
      if end == 0 { return append("duration") }
    }
    guard isCamelCase(name) else { return append(shown: name.span, from: 0, to: end) }
    for index in 0..<end {
      let byte = name[index]
      guard isUppercase(byte) else {
        append(byte)
        continue
      }
      let isNextUppercase = index + 1 < end && isUppercase(name[index + 1])
      let isNextLowercase = index + 1 < end && isLowercase(name[index + 1])
      let isStart = !isUppercase(name[index - 1]) || isNextLowercase
      if isStart { append(ASCII.space) }
      append(isStart && !isNextUppercase ? byte | 0x20 : byte)
    }
  }

  /// Adds the kind of a record as words: `segment.population` → `segment population`.
  mutating func append(wordsOfKind kind: [UInt8]) {
    var isFirst = true
    for part in kind.split(separator: ASCII.period) {
      if !isFirst { append(ASCII.space) }
      append(wordsOf: Array(part))
      isFirst = false
    }
  }
}

private let durationSuffixBytes = 7

/// Whether the values of a key are durations in seconds: `seconds`, `meanSeconds`.
func isDuration(key: [UInt8]) -> Bool {
  let start = key.count - durationSuffixBytes
  guard start >= 0, key[(start + 1)...].elementsEqual("econds".utf8) else { return false }
  return key[start] == UInt8(ascii: start == 0 ? "s" : "S")
}

private func isUppercase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
private func isLowercase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

private func isCamelCase(_ name: [UInt8]) -> Bool {
  guard let first = name.first, isLowercase(first) else { return false }
  return name.allSatisfy { isLowercase($0) || isUppercase($0) || ASCII.isDigit($0) }
}
