internal import Records

/// The numbers of the language as one: what they say exactly, and how they compare.
enum Number {
  /// The number that the shortest text of a double says, or `nil` for NaN, the infinities and
  /// what a ``DecimalNumber`` cannot hold.
  ///
  /// So that the literal `49.99` equals the JSON number `49.99`.
  static func decimal(_ value: Double) -> DecimalNumber? {
    guard value.isFinite else { return nil }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
      return DecimalNumber(coefficient: Int128(whole), exponent: 0)
    }
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
  /// Ints and uints compare exactly with each other, and with a double as doubles, as the standard
  /// has it. A number of JSON compares by its digits, a double then by its shortest text.
  static func order(_ left: Value, _ right: Value) -> Int? {
    switch (left, right) {
    case (.number(let left), .number(let right)): return Expressions.order(left, right)
    case (.int(let left), .int(let right)): return Expressions.order(left, right)
    case (.uint(let left), .uint(let right)): return Expressions.order(left, right)
    case (.int(let left), .uint(let right)):
      return left < 0 ? -1 : Expressions.order(UInt64(left), right)
    case (.uint(let left), .int(let right)):
      return right < 0 ? 1 : Expressions.order(left, UInt64(right))
    case (.double(let left), .int), (.double(let left), .uint), (.double(let left), .double):
      guard let right = double(right), !left.isNaN, !right.isNaN else { return nil }
      return Expressions.order(left, right)
    case (.int, .double(let right)), (.uint, .double(let right)):
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
    guard let number = decimal(value) else { return nil }
    return Array("\(number.coefficient)e\(number.exponent)".utf8)
  }

  /// The sum, difference or product of two exact numbers; past 38 digits the nearest double.
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
