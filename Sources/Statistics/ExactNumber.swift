/// A number held to its last bit: a whole number of any length, times a power of 2^64.
///
///     words       [ lowest | … | highest ]      magnitude, 64 bits a word
///     position    words[0] counts units of 2^(64 * position)
///
/// What an `ExactSum` becomes when it is read: the few operations that a mean and a variance take,
/// each exact, and one rounding to a `Double` at the end. Costs are those of arithmetic by hand on
/// at most some 70 words.
struct ExactNumber {
  var isNegative = false
  var words: [UInt64]
  var position: Int

  /// Whether a division left something behind, less than one unit of the lowest word.
  var hasRemainder = false

  /// The product of this and a count.
  func multiplied(by count: Int) -> ExactNumber {
    multiplied(by: ExactNumber(words: [UInt64(count)], position: 0))
  }

  /// The product of two numbers that no division has touched.
  func multiplied(by other: ExactNumber) -> ExactNumber {
    var product = [UInt64](repeating: 0, count: words.count + other.words.count)
    for (index, word) in words.enumerated() where word != 0 {
      var carry: UInt64 = 0
      for (otherIndex, otherWord) in other.words.enumerated() {
        let wide = UInt128(word) * UInt128(otherWord) + UInt128(carry)
        let total = wide + UInt128(product[index + otherIndex])
        product[index + otherIndex] = UInt64(truncatingIfNeeded: total)
        carry = UInt64(truncatingIfNeeded: total >> 64)
      }
      product[index + other.words.count] = carry
    }
    return ExactNumber(
      isNegative: isNegative != other.isNegative, words: product,
      position: position + other.position)
  }

  /// The difference of two numbers that are not negative and that no division has touched.
  func subtracting(_ other: ExactNumber) -> ExactNumber {
    let lowest = min(position, other.position)
    let end = max(position + words.count, other.position + other.words.count)
    let own = aligned(from: lowest, to: end)
    let theirs = other.aligned(from: lowest, to: end)
    let isNegative = own.reversed().lexicographicallyPrecedes(theirs.reversed())
    var result = isNegative ? theirs : own
    let smaller = isNegative ? own : theirs
    var borrow: UInt64 = 0
    for index in result.indices {
      let (partial, first) = result[index].subtractingReportingOverflow(smaller[index])
      let (word, second) = partial.subtractingReportingOverflow(borrow)
      result[index] = word
      borrow = first || second ? 1 : 0
    }
    return ExactNumber(isNegative: isNegative, words: result, position: lowest)
  }

  /// The quotient by a count, cut off at least 64 bits behind its first bit.
  func divided(by count: Int) -> ExactNumber {
    // Two more words below: a quotient by 63 bits keeps over 64 bits even of a dividend of one
    // bit.
    var quotient = [0, 0] + words
    var remainder: UInt64 = 0
    for index in quotient.indices.reversed() {
      (quotient[index], remainder) =
        UInt64(count).dividingFullWidth((remainder, quotient[index]))
    }
    return ExactNumber(
      isNegative: isNegative, words: quotient, position: position - 2,
      hasRemainder: hasRemainder || remainder != 0)
  }

  /// The nearest `Double`, the even one of two equally near, infinity past the greatest.
  func rounded() -> Double {
    guard let top = words.lastIndex(where: { $0 != 0 }) else { return 0 }
    let shift = words[top].leadingZeroBitCount
    var significand = words[top] << shift
    var isInexact = hasRemainder
    if top > 0 {
      significand |= words[top - 1] >> (64 - shift)
      isInexact = isInexact || words[top - 1] << shift != 0
      isInexact = isInexact || words[..<(top - 1)].contains { $0 != 0 }
    }
    let exponent = 64 * (position + top) + 63 - shift
    let magnitude = rounding(significand, exponent: exponent, isInexact: isInexact)
    return isNegative ? -magnitude : magnitude
  }

  /// The words from position `lowest` up to `end`, which enclose all of them.
  private func aligned(from lowest: Int, to end: Int) -> [UInt64] {
    [UInt64](repeating: 0, count: position - lowest) + words
      + [UInt64](repeating: 0, count: end - position - words.count)
  }
}

/// The nearest `Double` to 64 bits whose highest, always set, is worth 2^`exponent`.
///
/// `isInexact` says that the number goes on behind the 64 bits.
private func rounding(_ significand: UInt64, exponent: Int, isInexact: Bool) -> Double {
  let lowestExponent = -1022
  guard exponent <= 1023 else { return .infinity }
  // A `Double` keeps 53 bits, and fewer the further it is under the least normal one.
  let dropped = 11 + max(0, lowestExponent - exponent)
  guard dropped <= 64 else { return 0 }
  let kept = significand >> dropped
  let rest = significand << (64 - dropped)
  let half: UInt64 = 1 << 63
  let roundsUp = rest > half || (rest == half && (isInexact || kept & 1 == 1))
  // The leading bit of `kept` adds one to the exponent field, as does a carry out of rounding up.
  let field = UInt64(max(exponent, lowestExponent) - lowestExponent)
  return Double(bitPattern: (field << 52) + kept + (roundsUp ? 1 : 0))
}
