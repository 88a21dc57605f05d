import Records

/// Something that a person did or that held when it was done, as a key of bytes.
///
///     event      what was done, by its name                         [0] Cart Viewed
///     step       the same, of an event that is a step               [1] Product Added
///     segment    a segment the person was in                        [2] new
///     property   a value that an event carried                      [3] [15][0] properties.plan "pro"
struct Behaviour: Sendable {
  /// What kind of behaviour it is.
  enum Kind: UInt8, Sendable {
    case event
    case step
    case segment
    case property
  }

  let kind: Kind
  /// The name of the event or segment, or the path of the property.
  let name: [UInt8]
  /// The value of a property as JSON, in one way however it is written; else empty.
  let value: [UInt8]

  /// The behaviour that a key stands for; `nil` for bytes that are none.
  init?(key: [UInt8]) {
    guard let kind = key.first.flatMap(Kind.init(rawValue:)) else { return nil }
    self.kind = kind
    guard kind == .property else {
      (name, value) = (Array(key.dropFirst()), [])
      return
    }
    guard key.count >= 3, case let end = 3 + (Int(key[1]) | Int(key[2]) << 8), end <= key.count
    else { return nil }
    (name, value) = (Array(key[3..<end]), Array(key[end...]))
  }

  /// Begins the key of a property, whose value comes behind it; a name's length has two bytes.
  static func appendKey(ofProperty name: [UInt8], to key: inout [UInt8]) {
    let count = UInt16(truncatingIfNeeded: name.count)
    key.append(Kind.property.rawValue)
    key.append(UInt8(truncatingIfNeeded: count))
    key.append(UInt8(count >> 8))
    key.append(contentsOf: name)
  }
}
