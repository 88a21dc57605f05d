/// The first `count` decimal digits of pi, beginning with the 3.
///
/// Source: J. Machin (1706), pi = 16 arctan(1/5) - 4 arctan(1/239), in fixed-point decimals.
func digitsOfPi(count: Int) -> [Int] {
  // A word holds 14 digits: a remainder of any divisor here times 10^14 fits in 64 bits. Two words
  // more take up the rounding of some thousand terms.
  let wordCount = count / 14 + 3
  var total = arctangent(ofOneOver: 5, times: 16, wordCount: wordCount)
  let second = arctangent(ofOneOver: 239, times: 4, wordCount: wordCount)
  subtract(second, from: &total, startingAt: 0)
  let digits = total.dropFirst().flatMap { word in
    let text = String(word)
    return [Int](repeating: 0, count: 14 - text.count) + text.compactMap(\.wholeNumberValue)
  }
  return [Int(total[0])] + digits.prefix(count - 1)
}

/// One word of a fixed-point decimal; the first is the whole part.
private let wordBase: UInt64 = 100_000_000_000_000

/// `factor` times the arctangent of one over `divisor`: the alternating series of odd powers.
private func arctangent(
  ofOneOver divisor: UInt64, times factor: UInt64, wordCount: Int
) -> [UInt64] {
  var power = [factor] + [UInt64](repeating: 0, count: wordCount - 1)
  divide(&power, by: divisor, startingAt: 0)
  var total = power
  var start = 0
  var odd: UInt64 = 1
  while true {
    divide(&power, by: divisor * divisor, startingAt: start)
    while start < wordCount, power[start] == 0 { start += 1 }
    if start == wordCount { return total }
    odd += 2
    var term = power
    divide(&term, by: odd, startingAt: start)
    if odd % 4 == 3 {
      subtract(term, from: &total, startingAt: start)
    } else {
      add(term, to: &total, startingAt: start)
    }
  }
}

private func divide(_ words: inout [UInt64], by divisor: UInt64, startingAt start: Int) {
  var remainder: UInt64 = 0
  for index in start..<words.count {
    let dividend = remainder * wordBase + words[index]
    words[index] = dividend / divisor
    remainder = dividend % divisor
  }
}

private func add(_ addend: [UInt64], to words: inout [UInt64], startingAt start: Int) {
  var index = words.count - 1
  var carry: UInt64 = 0
  while index >= start || carry > 0 {
    let word = words[index] + addend[index] + carry
    carry = word >= wordBase ? 1 : 0
    words[index] = word - carry * wordBase
    index -= 1
  }
}

private func subtract(_ subtrahend: [UInt64], from words: inout [UInt64], startingAt start: Int) {
  var index = words.count - 1
  var borrow: UInt64 = 0
  while index >= start || borrow > 0 {
    let taken = subtrahend[index] + borrow
    borrow = words[index] < taken ? 1 : 0
    words[index] = words[index] + borrow * wordBase - taken
    index -= 1
  }
}
