import Events
import Expressions
import Pipes
import Records

/// What makes messages of a line of another shape: the content of a mapping file, compiled.
///
///     line ─ one scan: all fields that any path names
///       └ the first shape whose condition holds
///           └ its events: one, or several, or one for each element of an array
///
/// What the keys of the file mean stands in `examples/maps/README.md`. Everything is looked up when
/// the file is read, so that a line costs one scan of it and one pass over what is written.
struct Mapping: Sendable {
  /// What becomes of source fields that no path takes.
  enum Rest: String, CaseIterable, Sendable {
    case properties
    case top
    case drop
  }

  /// One kind of line of the source.
  struct Shape: Sendable {
    /// The number of its expression.
    var condition: Int?
    /// The number of the reason for which such lines are left out; `nil` where they count.
    var skipReason: Int?
    /// The lists of pairs that its paths read.
    var pairLists: [Int] = []
    /// Its events, by the numbers of the first one and of the one behind the last.
    var events = MappingProgram.Stretch()
    /// Which top-level slots its paths and expressions read.
    var readSlots: [Bool] = []
  }

  /// One event of a line, or one for each element of an array in it.
  struct EventTemplate: Sendable {
    /// The scopes of its elements, an inner one behind those around it.
    var scopes: [Int] = []
    /// The number of its expression.
    var condition: Int?
    /// The number of the value that is its name.
    var name: Int?
    var names = NameTable()
    /// The number of its object.
    var object = 0
  }

  var shapes: [Shape] = []
  var events: [EventTemplate] = []
  var program = MappingProgram()
  /// The zone of times that name none.
  var zone: TimeZoneRules?
  /// The unit of epoch numbers.
  var unit: TimeReader.EpochUnit?
  /// The targets that `--hash-ids` hashes beside those of every event.
  var hashedPaths: [[String]] = []
  /// How lines that are no JSON are divided, where the source has a header of its own.
  var layout: TableLayout?
  /// The expressions, and the keys that they and the paths read.
  var environment = Environment(zones: .system)
  /// The names on the way to each field of the line that a path names.
  private var linePaths: [[String]] = []
  private var lineSlots: [Int] = []
  var reader = RecordReader(WantedMembers(), check: .full)
  var elements: [ElementScope] = []
  var pairLists: [PairList] = []
  /// Expressions that could not be evaluated, and so gave nothing.
  var failures = 0
  /// What an expression gave.
  var computed: [UInt8] = []
  /// How often an element was taken in hand for the line.
  private var bindings = 0
  /// Lists that go through each other may ask for the square of a line's length, and more.
  static let bindingsMax = 1_000_000
  /// Where the messages of the line end, one behind the other.
  private(set) var messageEnds: [Int] = []
  /// Why lines are left out; shapes and names tell the number of a reason.
  private(set) var skipReasons = ["no shape of the mapping fits", "nothing in it is an event"]
  private static let noShape = 0
  static let noEvent = 1

  /// The mapping of a table without a mapping file: each column is a target of its own name.
  init(columns: [[UInt8]]) {
    self.init()
    var object = ObjectTemplate()
    for column in columns {
      let name = String(decoding: column, as: UTF8.self)
      let target = name.split(separator: ".").map(String.init)
      guard !target.isEmpty else { continue }
      let value = MappedValue.path(.line(linePath([name])), nil)
      _ = object.insert(value, at: target[...])
    }
    events = [EventTemplate(object: program.add(object))]
    shapes = [Shape(events: MappingProgram.Stretch(start: 0, end: 1))]
    finish()
  }

  /// A mapping without any shape.
  init() {}

  /// The number of a path of the line.
  mutating func linePath(_ keys: [String]) -> Int {
    if let index = linePaths.firstIndex(of: keys) { return index }
    _ = environment.selection.slot(keys[0])
    linePaths.append(keys)
    return linePaths.count - 1
  }

  /// The number of a reason to leave a line out, a new one where it is not known yet.
  mutating func skipReason(_ text: String) -> Int {
    if let number = skipReasons.firstIndex(of: text) { return number }
    skipReasons.append(text)
    return skipReasons.count - 1
  }

  /// Makes the mapping ready: all paths are known.
  mutating func finish() {
    var wanted = WantedMembers(environment.selection)
    lineSlots = linePaths.map { wanted.slot(of: $0) }
    reader = RecordReader(wanted, check: .full)
  }

  /// The field at a path.
  @inline(__always)
  func field(_ path: SourcePath) -> Field {
    switch path {
    case .line(let number): reader.field(lineSlots[number])
    case .element(let scope, let slot): elements[scope].field(slot)
    case .pair(let list, let key): pairLists[list].field(key)
    }
  }

  /// Forgets where the messages of the line before ended.
  mutating func beginLine() { messageEnds.removeAll(keepingCapacity: true) }

  /// Adds the messages of the record at an offset, each with its newline, to `message`, and their ends
  /// to ``messageEnds``.
  ///
  /// - Parameter isElement: whether it stands in a list, and not on a line of its own.
  /// - Returns: why the mapping leaves it out; `nil` where it does not.
  mutating func map(
    _ bytes: Span<UInt8>, from start: Int, isElement: Bool = false,
    into message: inout MessageBuffer, _ origins: inout Origins
  ) throws(RecordError) -> Int? {
    do {
      let line =
        isElement
        ? try reader.readObject(bytes, from: start) : try reader.read(bytes, from: start)
      if line.isReport {
        message.append(bytes, from: start, to: line.end)
        endMessage(&message)
        return nil
      }
      let place = EventPlace(start: start, end: line.end, base: 0, time: .distantPast)
      guard let number = applicableShape(place, bytes) else { return Mapping.noShape }
      if let reason = shapes[number].skipReason { return reason }
      for list in shapes[number].pairLists {
        try pairLists[list].read(field(pairLists[list].source), in: bytes)
      }
      bindings = 0
      let countBefore = messageEnds.count
      var reason = Mapping.noEvent
      let source = Source(place: place, shape: number)
      for event in shapes[number].events.start..<shapes[number].events.end {
        try write(event, depth: 0, source, bytes, &message, &origins, &reason)
      }
      if bindings <= Mapping.bindingsMax {
        return messageEnds.count == countBefore ? reason : nil
      }
    } catch { throw RecordError(error) }
    throw RecordError(
      "more than \(Mapping.bindingsMax) elements of lists to go through for one line", at: start)
  }

  /// Writes an event for each element of the scopes that are not bound yet.
  private mutating func write(
    _ event: Int, depth: Int, _ source: Source, _ bytes: Span<UInt8>,
    _ message: inout MessageBuffer, _ origins: inout Origins, _ reason: inout Int
  ) throws(ScanError) {
    guard depth < events[event].scopes.count else {
      return try write(event, source, bytes, &message, &origins, &reason)
    }
    let scope = events[event].scopes[depth]
    for element in try elements(of: scope, bytes) where bindings <= Mapping.bindingsMax {
      try bind(scope, element, bytes)
      try write(event, depth: depth + 1, source, bytes, &message, &origins, &reason)
    }
  }

  private mutating func applicableShape(_ place: EventPlace, _ bytes: Span<UInt8>) -> Int? {
    for number in shapes.indices {
      guard let condition = shapes[number].condition else { return number }
      if holds(condition, place, bytes) { return number }
    }
    return nil
  }

  /// Whether an expression is true for the line, and for the elements in hand.
  mutating func holds(_ condition: Int, _ place: EventPlace, _ bytes: Span<UInt8>) -> Bool {
    var count = 0
    let answer = program.expressions[condition].expression.holds(
      place, fields: reader.fields, in: bytes, failures: &count)
    failures += count
    return answer
  }

  /// The elements of a scope's array; what is no array is its own only element.
  func elements(of scope: Int, _ bytes: Span<UInt8>) throws(ScanError) -> [Field] {
    let array = field(elements[scope].source)
    switch array.kind(in: bytes) {
    case .absent, .null: return []
    case .array: break
    default: return [array]
    }
    var found: [Field] = []
    try forEachElement(of: array, in: bytes) { found.append($0) }
    return found
  }

  /// Takes an element in hand.
  mutating func bind(
    _ scope: Int, _ element: Field, _ bytes: Span<UInt8>
  ) throws(ScanError) {
    bindings += 1
    try elements[scope].bind(element, in: bytes)
    reader.note(elements[scope].nameSlot, element)
  }

  /// Ends the message that stands at the end, and notes where.
  mutating func endMessage(_ message: inout MessageBuffer) {
    message.append(ASCII.newline)
    messageEnds.append(message.count)
  }
}
