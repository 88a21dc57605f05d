import Expressions
import Records

/// Where the value of a target comes from.
indirect enum MappedValue: Sendable {
  /// A field of the line.
  case path(SourcePath, Conversion?)
  /// JSON that is always the same.
  case constant([UInt8])
  /// Texts with fields between them.
  case text([TextPiece])
  /// What an expression computes.
  case expression(Expression)
  /// A list with an object for each element of an array.
  case list(ListTemplate)
  /// The exact sum of a number of each element.
  case sum(SumTemplate)
  /// Another value by a table.
  case named(MappedValue, NameTable)
  /// The first that gives something.
  case first([MappedValue])

  /// What a value is turned into on its way.
  enum Conversion: String, CaseIterable, Sendable {
    /// A text of digits becomes a number.
    case number
    /// A number becomes a text.
    case string
    /// A number, or a text of digits, becomes the number below zero: money that goes back.
    case negative
    /// Hundredths, `1999`, become the number of wholes, `19.99`.
    case cents
  }
}

/// A piece of a made text, `order-{id}`.
enum TextPiece: Sendable {
  /// As it stands in a JSON string.
  case literal([UInt8])
  case field(SourcePath)
}

/// How the elements of an array become a list of objects.
struct ListTemplate: Sendable {
  let scope: Int
  let condition: Expression?
  let object: ObjectTemplate
}

/// Which numbers of the elements of an array are added.
struct SumTemplate: Sendable {
  let scope: Int
  let condition: Expression?
  let value: SourcePath
  let isNegative: Bool
}

/// What is written as an object.
struct ObjectTemplate: Sendable {
  /// A key with what stands there.
  struct Branch: Sendable {
    let key: [UInt8]
    /// The key as JSON, with its colon.
    let keyText: [UInt8]
    var node: Node
  }

  /// One target, or an object of targets.
  indirect enum Node: Sendable {
    case value(MappedValue)
    case object(ObjectTemplate)
  }

  /// Members that are taken over with their names.
  enum Spread: Sendable {
    /// The top-level members of the line that the shape does not read.
    case rest
    /// Those of an object, but the ones that lie at these paths.
    case object(SourcePath, besides: [SourcePath])
    /// Those of a list of pairs.
    case pairs(Int, besides: [SourcePath])
  }

  var branches: [Branch] = []
  var spreads: [Spread] = []

  /// Adds a target.
  ///
  /// - Returns: false where it is there already, or lies in or above another one.
  mutating func insert(_ value: MappedValue, at target: ArraySlice<String>) -> Bool {
    guard let name = target.first else { return false }
    let rest = target.dropFirst()
    let key = Array(name.utf8)
    guard let index = branches.firstIndex(where: { $0.key == key }) else {
      var node = Node.value(value)
      if !rest.isEmpty {
        var object = ObjectTemplate()
        _ = object.insert(value, at: rest)
        node = .object(object)
      }
      append(key, node)
      return true
    }
    guard case .object(var object) = branches[index].node, object.insert(value, at: rest) else {
      return false
    }
    branches[index].node = .object(object)
    return true
  }

  /// Adds members that are taken over into the object at a target.
  ///
  /// - Returns: false where the target is no object.
  mutating func insert(_ spread: Spread, at target: ArraySlice<String>) -> Bool {
    guard let name = target.first else {
      spreads.append(spread)
      return true
    }
    let key = Array(name.utf8)
    guard let index = branches.firstIndex(where: { $0.key == key }) else {
      var object = ObjectTemplate()
      let isInserted = object.insert(spread, at: target.dropFirst())
      append(key, .object(object))
      return isInserted
    }
    guard case .object(var object) = branches[index].node,
      object.insert(spread, at: target.dropFirst())
    else { return false }
    branches[index].node = .object(object)
    return true
  }

  private mutating func append(_ key: [UInt8], _ node: Node) {
    var text: [UInt8] = []
    text.append(jsonString: key.span, from: 0, to: key.count)
    text.append(ASCII.colon)
    branches.append(Branch(key: key, keyText: text, node: node))
  }
}
