internal import Records

/// The numbers of the language as one: what they say exactly, and how they compare.
///
/// A double says the number of its shortest text where it has a fraction, so that the literal `49.99`
/// equals the JSON number `49.99`; a whole one says exactly what it is, so that of whole numbers of any
/// types those are equal that have one value.
enum Number {
  /// The number that a double says; `nil` for NaN, the infinities and from 10^38 on.
  static func decimal(_ value: Double) -> DecimalNumber? {
    guard value.magnitude < 1e38 else { return nil }
    if let whole = Int128(exactly: value) { return DecimalNumber(coefficient: whole, exponent: 0) }
    let text = Array(value.description.utf8)
    return DecimalNumber(text.span, from: 0, to: text.count)
  }

  /// The number that a JSON number says.
  static func value(_ field: Field, in bytes: Span<UInt8>) -> Value {
    if let number = DecimalNumber(bytes, from: field.start, to: field.end) {
      return .number(number)
    }
    return .digits(bytes.copy(from: field.start, to: field.end))
  }

  /// The exact number of a value that is no digits, or `nil`.
  static func decimal(_ value: Value) -> DecimalNumber? {
    switch value {
    case .int(let whole): DecimalNumber(coefficient: Int128(whole), exponent: 0)
    case .uint(let whole): DecimalNumber(coefficient: Int128(whole), exponent: 0)
    case .double(let double): decimal(double)
    case .number(let number): number
    default: nil
    }
  }

  /// The nearest double of a number, or `nil` for what is none.
  static func double(_ value: Value) -> Double? {
    switch value {
    case .int(let whole): Double(whole)
    case .uint(let whole): Double(whole)
    case .double(let double): double
    case .number(let number): number.double
    case .digits(let digits): Double(String(decoding: digits, as: UTF8.self))
    default: nil
    }
  }

  /// Compares two numbers, or gives `nil` where one is NaN or no number.
  ///
  /// - Parameter isExact: whether an int or uint compares with a double by its exact value, as a number
  ///   of JSON does; else as a double, as the standard's tests have it.
  static func order(_ left: Value, _ right: Value, isExact: Bool) -> Int? {
    switch (left, right) {
    case (.number(let left), .number(let right)): return Expressions.order(left, right)
    case (.int(let left), .int(let right)): return Expressions.order(left, right)
    case (.uint(let left), .uint(let right)): return Expressions.order(left, right)
    case (.double(let left), .double(let right)):
      return left.isNaN || right.isNaN ? nil : Expressions.order(left, right)
    case (.int(let left), .uint(let right)):
      return left < 0 ? -1 : Expressions.order(UInt64(left), right)
    case (.uint(let left), .int(let right)):
      return right < 0 ? 1 : Expressions.order(left, UInt64(right))
    case (.double(let left), .int) where !isExact, (.double(let left), .uint) where !isExact:
      guard let right = double(right), !left.isNaN else { return nil }
      return Expressions.order(left, right)
    case (.int, .double(let right)) where !isExact, (.uint, .double(let right)) where !isExact:
      guard let left = double(left), !right.isNaN else { return nil }
      return Expressions.order(left, right)
    default: return exactOrder(left, right)
    }
  }

  private static func exactOrder(_ left: Value, _ right: Value) -> Int? {
    if case .double(let double) = left, !double.isFinite {
      return double.isNaN || !isNumber(right) ? nil : double < 0 ? -1 : 1
    }
    if case .double(let double) = right, !double.isFinite {
      return double.isNaN || !isNumber(left) ? nil : double < 0 ? 1 : -1
    }
    if let left = decimal(left), let right = decimal(right) {
      return Expressions.order(left, right)
    }
    guard let left = digits(left), let right = digits(right) else { return nil }
    return orderOfDigits(left, right)
  }

  /// Whether a value is a number of any type.
  static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .int, .uint, .double, .number, .digits: true
    default: false
    }
  }

  private static func digits(_ value: Value) -> [UInt8]? {
    if case .digits(let digits) = value { return digits }
    if case .double(let double) = value, double.magnitude >= 1e38 { return digits(of: double) }
    guard let number = decimal(value) else { return nil }
    return Array("\(number.coefficient)e\(number.exponent)".utf8)
  }

  /// All digits of a finite double that is whole: a word times a power of two.
  static func digits(of double: Double) -> [UInt8] {
    let shift = max(0, Int(double.exponent) - 52)
    // Decimal digits, the lowest first.
    var digits = UInt64(double.magnitude / Double(sign: .plus, exponent: shift, significand: 1))
      .description.utf8.reversed().map { $0 - ASCII.zero }
    for _ in 0..<shift {
      var carry: UInt8 = 0
      for place in digits.indices {
        let twice = digits[place] * 2 + carry
        (carry, digits[place]) = twice >= 10 ? (1, twice - 10) : (0, twice)
      }
      if carry > 0 { digits.append(carry) }
    }
    return (double < 0 ? [ASCII.minus] : []) + digits.reversed().map { $0 + ASCII.zero }
  }

  /// The sum, difference, product or remainder of two exact numbers; past 38 digits the nearest double.
  ///
  /// A remainder has the sign of the dividend; nothing is divided by zero.
  static func exact(
    _ operation: Operator, _ left: DecimalNumber, _ right: DecimalNumber
  ) -> Value {
    if operation == .multiply {
      let (product, overflow) = left.coefficient.multipliedReportingOverflow(by: right.coefficient)
      if !overflow {
        return .number(
          DecimalNumber(coefficient: product, exponent: left.exponent + right.exponent))
      }
      return .double(left.double * right.double)
    }
    let lowest = min(left.exponent, right.exponent)
    if operation == .remainder {
      guard let dividend = units(left, lowest), let divisor = units(right, lowest) else {
        return .double(left.double.truncatingRemainder(dividingBy: right.double))
      }
      // The rest of the lowest number by -1 is 0 too, though its quotient does not fit.
      let rest = dividend.remainderReportingOverflow(dividingBy: divisor).partialValue
      return .number(DecimalNumber(coefficient: rest, exponent: lowest))
    }
    if let leftUnits = units(left, lowest), let rightUnits = units(right, lowest) {
      let (sum, overflow) =
        operation == .add
        ? leftUnits.addingReportingOverflow(rightUnits)
        : leftUnits.subtractingReportingOverflow(rightUnits)
      if !overflow { return .number(DecimalNumber(coefficient: sum, exponent: lowest)) }
    }
    return .double(
      operation == .add ? left.double + right.double : left.double - right.double)
  }

  /// The number in units of 10^`exponent`, which is not above its own, or `nil` past the range.
  private static func units(_ number: DecimalNumber, _ exponent: Int) -> Int128? {
    if number.coefficient == 0 { return 0 }
    guard number.exponent - exponent <= 38 else { return nil }
    return number.scaled(by: -exponent)
  }
}
