internal import Records

extension Program {
  /// A number with its sign turned.
  func negated(_ value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .int(let whole):
      guard whole != .min else { throw .overflow }
      return .int(-whole)
    case .double(let double): return .double(-double)
    case .number(let number):
      guard number.coefficient != .min else { return .double(-number.double) }
      return .number(DecimalNumber(coefficient: -number.coefficient, exponent: number.exponent))
    case .digits(let digits):
      let isNegative = digits.first == ASCII.minus
      return .digits(isNegative ? Array(digits.dropFirst()) : [ASCII.minus] + digits)
    case .duration(let length):
      guard length != .min else { throw .overflow }
      return .duration(-length)
    default: throw .noSuchOverload
    }
  }

  /// Adds, subtracts, multiplies, divides; joins texts and lists; shifts times.
  ///
  /// - Parameter mixes: whether numbers of all types go together, as they do with a number of JSON.
  func calculate(
    _ operation: Operator, _ left: Value, _ right: Value, mixes: Bool,
    _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)):
      return .int(try whole(operation, left, right))
    case (.uint(let left), .uint(let right)):
      return .uint(try whole(operation, left, right))
    case (.double(let left), .double(let right)):
      return .double(try float(operation, left, right, hasRemainder: mixes))
    case (.timestamp, _), (.duration, _):
      return try time(operation, left, right)
    default: break
    }
    if isJSONNumber(left) || isJSONNumber(right)
      || mixes && Number.isNumber(left) && Number.isNumber(right)
    {
      return try mixed(operation, left, right)
    }
    guard operation == .add else { throw .noSuchOverload }
    let ownedLeft = try owned(left, bytes, &frame)
    let ownedRight = try owned(right, bytes, &frame)
    switch (ownedLeft, ownedRight) {
    case (.text(let left), .text(let right)):
      try frame.spend((left.count + right.count) >> 6)
      return .text(left + right)
    case (.bytes(let left), .bytes(let right)):
      try frame.spend((left.count + right.count) >> 6)
      return .bytes(left + right)
    case (.list(let left), .list(let right)):
      try frame.spend(left.count + right.count)
      return .list(left + right)
    default: throw .noSuchOverload
    }
  }

  private func isDouble(_ value: Value) -> Bool {
    if case .double = value { true } else { false }
  }

  private func isJSONNumber(_ value: Value) -> Bool {
    switch value {
    case .number, .digits: true
    default: false
    }
  }

  private func whole<Whole: FixedWidthInteger>(
    _ operation: Operator, _ left: Whole, _ right: Whole
  ) throws(EvaluationError) -> Whole {
    let result: (partialValue: Whole, overflow: Bool)
    switch operation {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide:
      guard right != 0 else { throw .divisionByZero }
      result = left.dividedReportingOverflow(by: right)
    default:
      guard right != 0 else { throw .divisionByZero }
      result = left.remainderReportingOverflow(dividingBy: right)
    }
    guard !result.overflow else { throw .overflow }
    return result.partialValue
  }

  private func float(
    _ operation: Operator, _ left: Double, _ right: Double, hasRemainder: Bool
  ) throws(EvaluationError) -> Double {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide: return left / right
    case .remainder where hasRemainder: return left.truncatingRemainder(dividingBy: right)
    default: throw .noSuchOverload
    }
  }

  /// Arithmetic with a number of JSON, or with what was calculated from one.
  ///
  /// With a double the result is a double. Else it is exact, but for quotients, which are doubles, and
  /// for what needs more than 38 digits.
  private func mixed(
    _ operation: Operator, _ left: Value, _ right: Value
  ) throws(EvaluationError) -> Value {
    guard let leftDouble = Number.double(left), let rightDouble = Number.double(right) else {
      throw .noSuchOverload
    }
    let isDouble = isDouble(left) || isDouble(right)
    if !isDouble, operation == .divide || operation == .remainder, rightDouble == 0 {
      throw .divisionByZero
    }
    guard !isDouble, operation != .divide, let leftNumber = Number.decimal(left),
      let rightNumber = Number.decimal(right)
    else { return .double(try float(operation, leftDouble, rightDouble, hasRemainder: true)) }
    return Number.exact(operation, leftNumber, rightNumber)
  }

  private func time(
    _ operation: Operator, _ left: Value, _ right: Value
  ) throws(EvaluationError) -> Value {
    switch (operation, left, right) {
    case (.add, .timestamp(let time), .duration(let length)),
      (.add, .duration(let length), .timestamp(let time)):
      return try timestamp(time + Int128(length))
    case (.subtract, .timestamp(let time), .duration(let length)):
      return try timestamp(time - Int128(length))
    case (.subtract, .timestamp(let left), .timestamp(let right)):
      guard let length = Int64(exactly: left - right) else { throw .outOfRange }
      return .duration(length)
    case (.add, .duration(let left), .duration(let right)):
      return .duration(try whole(.add, left, right))
    case (.subtract, .duration(let left), .duration(let right)):
      return .duration(try whole(.subtract, left, right))
    default: throw .noSuchOverload
    }
  }

  /// A timestamp, where it is of the years 1 to 9999.
  func timestamp(_ nanoseconds: Int128) throws(EvaluationError) -> Value {
    guard nanoseconds >= TimeText.timestampMin, nanoseconds <= TimeText.timestampMax else {
      throw .outOfRange
    }
    return .timestamp(nanoseconds)
  }

  /// Compares two values of any type.
  func compare(
    _ operation: Operator, _ left: Value, _ right: Value,
    _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    if operation == .equal { return try isEqual(left, right, bytes, &frame) }
    if operation == .notEqual { return try !isEqual(left, right, bytes, &frame) }
    switch (left, right) {
    case (.bool(let left), .bool(let right)):
      return operation.accepts((left ? 1 : 0) - (right ? 1 : 0))
    case (.timestamp(let left), .timestamp(let right)):
      return operation.accepts(Expressions.order(left, right))
    case (.duration(let left), .duration(let right)):
      return operation.accepts(Expressions.order(left, right))
    case (.bytes(let left), .bytes(let right)):
      return operation.accepts(orderOfBytes(left, right))
    default:
      if Number.isNumber(left), Number.isNumber(right) {
        guard let order = order(left, right) else { return false }
        return operation.accepts(order)
      }
      return operation.accepts(
        try withTexts(left, right, bytes) { left, leftStart, leftEnd, right, rightStart, rightEnd in
          orderOfBytes(left, leftStart, leftEnd, right, rightStart, rightEnd)
        })
    }
  }

  /// Compares two numbers as the standard has it, or exactly: see ``Number``.
  private func order(_ left: Value, _ right: Value) -> Int? {
    Number.order(left, right, isExact: allowsExtensions)
  }

  /// Whether two values are equal; values of different types are not, but for numbers.
  func isEqual(
    _ left: Value, _ right: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    try frame.spend(1)
    switch (left, right) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.timestamp(let left), .timestamp(let right)): return left == right
    case (.duration(let left), .duration(let right)): return left == right
    case (.type(let left), .type(let right)): return left == right
    case (.bytes(let left), .bytes(let right)): return left == right
    default: break
    }
    if Number.isNumber(left) { return order(left, right) == 0 }
    if isText(left, bytes), isText(right, bytes) {
      return try withTexts(left, right, bytes) {
        left, leftStart, leftEnd, right, rightStart, rightEnd in
        orderOfBytes(left, leftStart, leftEnd, right, rightStart, rightEnd) == 0
      }
    }
    if let leftElements = try listElements(of: left, bytes, &frame) {
      guard let rightElements = try listElements(of: right, bytes, &frame),
        leftElements.count == rightElements.count
      else { return false }
      for place in leftElements.indices {
        let areEqual = try isEqual(leftElements[place], rightElements[place], bytes, &frame)
        if !areEqual { return false }
      }
      return true
    }
    guard let leftEntries = try mapEntries(of: left, bytes, &frame),
      let rightEntries = try mapEntries(of: right, bytes, &frame),
      leftEntries.count == rightEntries.count
    else { return false }
    for entry in leftEntries {
      guard let other = try find(entry.key, in: rightEntries, bytes, &frame),
        try isEqual(entry.value, other, bytes, &frame)
      else { return false }
    }
    return true
  }

  /// The value of a key among entries, or `nil`.
  func find(
    _ key: Value, in entries: [MapEntry], _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Value? {
    for entry in entries where try isEqual(entry.key, key, bytes, &frame) { return entry.value }
    return nil
  }
}
