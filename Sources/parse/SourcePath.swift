import Records

/// Where a value of a source line lies, once its names have been looked up.
///
///     "customer.email"    line         a member of the line, at any depth
///     "refund.amount"     element      a member of what an `each` has in hand, named there
///     "params.page_title" pair         the value of a key in a list of keys and values
enum SourcePath: Sendable, BitwiseCopyable {
  /// A path of the line, by its number.
  case line(Int)
  /// A slot of an element's scope; -1 is the whole element.
  case element(scope: Int, slot: Int)
  /// A key of a list of pairs.
  case pair(list: Int, key: Int)
}

/// The element of an array that an `each` has in hand.
///
///     {"refund": "refunds"}      refund is bound to one element of refunds after the other
struct ElementScope: Sendable {
  /// Where the array lies.
  let source: SourcePath
  /// The slot of the line under which expressions find the element.
  let nameSlot: Int
  private var reader: RecordReader
  private(set) var element = Field.absent

  init(source: SourcePath, nameSlot: Int, _ wanted: WantedMembers) {
    self.source = source
    self.nameSlot = nameSlot
    reader = RecordReader(wanted, check: .structure)
  }

  /// Takes an element in hand; it has been validated with its line.
  mutating func bind(_ element: Field, in bytes: Span<UInt8>) throws(ScanError) {
    self.element = element
    try reader.readValidated(element, in: bytes)
  }

  /// What lies in a slot of the element.
  @inline(__always)
  func field(_ slot: Int) -> Field { slot < 0 ? element : reader.field(slot) }
}

/// A list of keys with values, read as if it were an object.
///
///     [{"key":"page_title","value":{"string_value":"Home"}}, …]   →   page_title: "Home", …
///
/// Of a key that is there twice the last one counts.
struct PairList: Sendable {
  /// Where the list lies.
  let source: SourcePath
  /// The keys that paths name.
  private let wanted: [[UInt8]]
  private let keySlot: Int
  /// Where the value may be; the first that is there, and not `null`, counts.
  private let valueSlots: [Int]
  private var reader: RecordReader
  private var found: [Field]
  /// All pairs in their order.
  private(set) var pairs: [(key: Field, value: Field)] = []

  init(source: SourcePath, key: [String], values: [[String]], wanted: [[UInt8]]) {
    self.source = source
    self.wanted = wanted
    var members = WantedMembers()
    keySlot = members.slot(of: key)
    valueSlots = values.map { members.slot(of: $0) }
    reader = RecordReader(members, check: .structure)
    found = Array(repeating: .absent, count: wanted.count)
  }

  /// The value of a wanted key.
  @inline(__always)
  func field(_ key: Int) -> Field { found[key] }

  /// Reads the list that a line has.
  mutating func read(_ list: Field, in bytes: Span<UInt8>) throws(ScanError) {
    pairs.removeAll(keepingCapacity: true)
    for index in found.indices { found[index] = .absent }
    guard list.kind(in: bytes) == .array else { return }
    try forEachElement(of: list, in: bytes) { (element) throws(ScanError) in
      try reader.readValidated(element, in: bytes)
      let key = reader.field(keySlot)
      guard key.kind(in: bytes) == .string else { return }
      for slot in valueSlots {
        let value = reader.field(slot)
        guard value.isPresent, value.kind(in: bytes) != .null else { continue }
        pairs.append((key, value))
        for index in wanted.indices
        where bytes.equals(wanted[index], from: key.start + 1, to: key.end - 1) {
          found[index] = value
        }
        return
      }
    }
  }
}
