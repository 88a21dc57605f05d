internal import Records

/// Compares two decimal numbers by value: below zero where the left is smaller.
///
/// Cost: one comparison where the exponents are the same, else the digits are counted.
@inline(__always)
func order(_ left: DecimalNumber, _ right: DecimalNumber) -> Int {
  if left.exponent == right.exponent { return order(left.coefficient, right.coefficient) }
  return orderOfUnlikeExponents(left, right)
}

/// Compares two values of one ordered type: below zero where the left is smaller.
@inline(__always)
func order<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
  left < right ? -1 : left == right ? 0 : 1
}

private func orderOfUnlikeExponents(_ left: DecimalNumber, _ right: DecimalNumber) -> Int {
  let difference = left.exponent - right.exponent
  let limit = Int128(Int64.max)
  if difference.magnitude <= 18, left.coefficient.magnitude <= limit.magnitude,
    right.coefficient.magnitude <= limit.magnitude
  {
    var power: Int64 = 1
    for _ in 0..<difference.magnitude { power *= 10 }
    return difference > 0
      ? order(left.coefficient * Int128(power), right.coefficient)
      : order(left.coefficient, right.coefficient * Int128(power))
  }
  let leftSign = left.coefficient.signum()
  let rightSign = right.coefficient.signum()
  if leftSign != rightSign { return leftSign < rightSign ? -1 : 1 }
  if leftSign == 0 { return 0 }
  let leftHeight = digitCount(left.coefficient) + left.exponent
  let rightHeight = digitCount(right.coefficient) + right.exponent
  if leftHeight != rightHeight {
    return (leftHeight < rightHeight) == (leftSign > 0) ? -1 : 1
  }
  // Both have their first digit at the same place: the longer one has at most 38 digits, so the
  // other one still fits when it is written with as many.
  var leftCoefficient = left.coefficient
  var rightCoefficient = right.coefficient
  var shift = left.exponent - right.exponent
  while shift > 0 {
    leftCoefficient *= 10
    shift -= 1
  }
  while shift < 0 {
    rightCoefficient *= 10
    shift += 1
  }
  return order(leftCoefficient, rightCoefficient)
}

/// The number of decimal digits of a number that is not zero.
private func digitCount(_ number: Int128) -> Int {
  var rest = number.magnitude
  var count = 0
  while rest > UInt128(UInt64.max) {
    rest /= 10_000_000_000
    count += 10
  }
  var small = UInt64(rest)
  while small > 0 {
    small /= 10
    count += 1
  }
  return count
}

/// Compares two JSON numbers of any length by their digits: below zero where the left is smaller.
///
/// Exponents past ±10^9 count as that. Cost: linear in the digits.
func orderOfDigits(_ left: [UInt8], _ right: [UInt8]) -> Int {
  let leftParts = DigitParts(left)
  let rightParts = DigitParts(right)
  if leftParts.sign != rightParts.sign { return leftParts.sign < rightParts.sign ? -1 : 1 }
  var result = order(leftParts.height, rightParts.height)
  if result == 0 { result = orderOfBytes(leftParts.digits, rightParts.digits) }
  return leftParts.sign < 0 ? -result : result
}

/// The significant digits of a JSON number and where the first of them stands.
struct DigitParts {
  var sign = 1
  var digits: [UInt8] = []
  var height = 0

  init(_ text: [UInt8]) {
    var hasPoint = false
    var offset = 0
    if text.first == ASCII.minus {
      sign = -1
      offset = 1
    }
    while offset < text.count, text[offset] | 0x20 != UInt8(ascii: "e") {
      let byte = text[offset]
      offset += 1
      if byte == ASCII.period {
        hasPoint = true
        continue
      }
      if digits.isEmpty, byte == ASCII.zero {
        if hasPoint { height -= 1 }
      } else {
        digits.append(byte)
        if !hasPoint { height += 1 }
      }
    }
    if offset < text.count {
      let exponent = String(decoding: text[(offset + 1)...], as: UTF8.self)
      let limit = 1_000_000_000
      height += max(-limit, min(limit, Int(exponent) ?? (exponent.hasPrefix("-") ? -limit : limit)))
    }
    while digits.last == ASCII.zero { digits.removeLast() }
    if digits.isEmpty { (sign, height) = (0, 0) }
  }
}

/// Compares byte by byte, a prefix before what it starts: below zero where the left is smaller.
func orderOfBytes(_ left: [UInt8], _ right: [UInt8]) -> Int {
  orderOfBytes(left.span, 0, left.count, right.span, 0, right.count)
}

/// Compares two stretches byte by byte: below zero where the left is smaller.
func orderOfBytes(
  _ left: Span<UInt8>, _ leftStart: Int, _ leftEnd: Int,
  _ right: Span<UInt8>, _ rightStart: Int, _ rightEnd: Int
) -> Int {
  let leftCount = leftEnd - leftStart
  let rightCount = rightEnd - rightStart
  for index in 0..<min(leftCount, rightCount) {
    let leftByte = left[leftStart + index]
    let rightByte = right[rightStart + index]
    if leftByte != rightByte { return leftByte < rightByte ? -1 : 1 }
  }
  return order(leftCount, rightCount)
}
