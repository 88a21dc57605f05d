/// An operator between two operands.
enum Operator: Sendable, CaseIterable {
  case add
  case subtract
  case multiply
  case divide
  case remainder
  case equal
  case notEqual
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  case membership
  case and
  case or

  /// How closely the operator binds its operands; a higher one first.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .membership: 3
    case .add, .subtract: 4
    case .multiply, .divide, .remainder: 5
    }
  }

  /// The operator as it is written.
  var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .membership: "in"
    case .and: "&&"
    case .or: "||"
    }
  }

  /// Whether the operator yields a bool from an order or equality.
  var isComparison: Bool { precedence == 3 && self != .membership }

  /// The operator that says the same with its operands exchanged.
  var mirrored: Operator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }

  /// What a comparison says of two operands in this order: below zero where the left is smaller.
  @inline(__always)
  func accepts(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    default: false
    }
  }

  /// The operator that a token stands for.
  init?(_ kind: Token.Kind) {
    guard case .symbol(let symbol) = kind else { return nil }
    switch symbol {
    case .plus: self = .add
    case .minus: self = .subtract
    case .times: self = .multiply
    case .divide: self = .divide
    case .remainder: self = .remainder
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .and: self = .and
    case .or: self = .or
    default: return nil
    }
  }
}
