import Expressions
import Records

/// What a mapping writes, laid out flat: a line costs no reference counting and no allocation.
///
///     objects    0: branches 0…2            branches  0 "userId": value 0
///                1: branches 2…3, spread 0            1 "properties": object 1
///     values     0: path 3                            2 "revenue": value 1
///     pool       "userId":"properties":…      the keys, constants and texts
struct MappingProgram: Sendable {
  /// A stretch of one of the tables.
  struct Stretch: Sendable, BitwiseCopyable {
    var start = 0
    var end = 0
  }

  /// A key with what stands there.
  struct Branch: Sendable, BitwiseCopyable {
    /// The key with its quotes and its colon, in the pool.
    let key: Stretch
    let node: Node
  }

  /// One target, or an object of targets, by its number.
  enum Node: Sendable, BitwiseCopyable {
    case value(Int)
    case object(Int)
  }

  struct Object: Sendable, BitwiseCopyable {
    var branches = Stretch()
    var spreads = Stretch()
  }

  /// A ``MappedValue``, its parts by their numbers.
  enum Value: Sendable, BitwiseCopyable {
    case path(SourcePath, MappedValue.Conversion?)
    case constant(Stretch)
    case text(Stretch)
    case expression(Int)
    case list(scope: Int, condition: Int?, object: Int)
    case sum(scope: Int, condition: Int?, SourcePath, isNegative: Bool)
    case named(Int, table: Int)
    case first(Stretch)
  }

  enum Piece: Sendable, BitwiseCopyable {
    case literal(Stretch)
    case field(SourcePath)
  }

  enum Spread: Sendable, BitwiseCopyable {
    case rest
    case object(SourcePath, besides: Stretch)
    case pairs(Int, besides: Stretch)
  }

  var pool: [UInt8] = []
  var branches: [Branch] = []
  var objects: [Object] = []
  var values: [Value] = []
  var pieces: [Piece] = []
  var spreads: [Spread] = []
  var besides: [SourcePath] = []
  var expressions: [StoredExpression] = []
  var tables: [NameTable] = []

  // MARK: Laying out

  /// Adds an object.
  mutating func add(_ template: ObjectTemplate) -> Int {
    let number = objects.count
    objects.append(Object())
    // The branches of an object stand together, so those within it come first.
    let added = template.branches.map { branch in
      let node: Node =
        switch branch.node {
        case .value(let value): .value(add(value))
        case .object(let object): .object(add(object))
        }
      return Branch(key: add(branch.keyText), node: node)
    }
    objects[number].branches = Stretch(start: branches.count, end: branches.count + added.count)
    branches += added
    objects[number].spreads = Stretch(
      start: spreads.count, end: spreads.count + template.spreads.count)
    for spread in template.spreads {
      switch spread {
      case .rest: spreads.append(.rest)
      case .object(let path, let paths): spreads.append(.object(path, besides: add(paths)))
      case .pairs(let list, let paths): spreads.append(.pairs(list, besides: add(paths)))
      }
    }
    return number
  }

  /// Adds a value.
  mutating func add(_ value: MappedValue) -> Int {
    let made = lowered(value)
    values.append(made)
    return values.count - 1
  }

  private mutating func lowered(_ value: MappedValue) -> Value {
    switch value {
    case .path(let path, let conversion): return .path(path, conversion)
    case .constant(let json): return .constant(add(json))
    case .text(let texts):
      let added = texts.map { piece -> Piece in
        switch piece {
        case .literal(let text): .literal(add(text))
        case .field(let path): .field(path)
        }
      }
      pieces += added
      return .text(Stretch(start: pieces.count - added.count, end: pieces.count))
    case .expression(let expression): return .expression(add(expression))
    case .list(let list):
      return .list(
        scope: list.scope, condition: list.condition.map { add($0) }, object: add(list.object))
    case .sum(let sum):
      return .sum(
        scope: sum.scope, condition: sum.condition.map { add($0) }, sum.value,
        isNegative: sum.isNegative)
    case .named(let inner, let table):
      tables.append(table)
      let number = tables.count - 1
      return .named(add(inner), table: number)
    case .first(let alternatives):
      let added = alternatives.map { lowered($0) }
      values += added
      return .first(Stretch(start: values.count - added.count, end: values.count))
    }
  }

  /// Adds an expression.
  mutating func add(_ expression: Expression) -> Int {
    expressions.append(StoredExpression(expression))
    return expressions.count - 1
  }

  private mutating func add(_ text: [UInt8]) -> Stretch {
    pool += text
    return Stretch(start: pool.count - text.count, end: pool.count)
  }

  private mutating func add(_ paths: [SourcePath]) -> Stretch {
    besides += paths
    return Stretch(start: besides.count - paths.count, end: besides.count)
  }
}

/// An expression that is asked where it lies.
///
/// An element of an array would be copied before each call, its two dozen tables counted one by one: a
/// fifth of all instructions of a short line. The one class of the program's that is used per line.
final class StoredExpression: Sendable {
  let expression: Expression

  init(_ expression: Expression) { self.expression = expression }
}
