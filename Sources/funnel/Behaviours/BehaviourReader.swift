import Events
import Expressions
import Pipes
import Records

/// Reads from each event what is kept of it for drivers and drop-offs.
///
/// Properties are scalars: texts, numbers and answers. A path to an object stands for all scalars
/// directly in it. A text of more than 200 bytes is none that many persons share, and left out.
struct BehaviourReader: Sendable {
  private static let valueBytesMax = 200

  /// A property that is looked at.
  private struct Property: Sendable {
    let name: [UInt8]
    let path: FieldPath
  }

  private let reader: EventReader
  private let properties: [Property]
  /// Where the segments stand, `nil` where only the names of events are read.
  private let segmentsSlot: Int?
  /// The keys of the event read last, one behind the other, and where each ends.
  private(set) var keys: [UInt8] = []
  private(set) var ends: [Int] = []

  /// A reader of names alone, or, for drivers, of segments and of the properties at these paths.
  init(driverPaths: [String]?, _ setup: inout Setup) {
    reader = setup.reader
    segmentsSlot = driverPaths == nil ? nil : setup.slot("segments")
    properties = (driverPaths ?? []).map { path in
      Property(
        name: Array(path.utf8), path: FieldPath(path, in: &setup.environment.selection))
    }
  }

  /// Reads the keys of an event's behaviours.
  mutating func read(_ event: Event, isStep: Bool, in block: Block) throws(RecordError) {
    let bytes = block.bytes.span
    keys.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    keys.append((isStep ? Behaviour.Kind.step : .event).rawValue)
    switch try reader.name(block.fields, at: event.base, in: bytes) {
    case .field(let field): keys.append(bytes, from: field.start, to: field.end)
    case .decoded(let name): keys.append(contentsOf: name)
    case .implicit(let implicit): keys.append(contentsOf: implicit.nameBytes)
    case .none: break
    }
    ends.append(keys.count)
    guard let segmentsSlot else { return }
    do throws(ScanError) {
      try readSegments(block.fields[event.base + segmentsSlot], bytes)
      for property in properties {
        try read(property, try property.path.field(block.fields, at: event.base, in: bytes), bytes)
      }
    } catch { throw RecordError(error) }
  }

  private mutating func readSegments(_ field: Field, _ bytes: Span<UInt8>) throws(ScanError) {
    guard field.kind(in: bytes) == .array else { return }
    try forEachElement(of: field, in: bytes) { element throws(ScanError) in
      guard element.kind(in: bytes) == .string else { return }
      keys.append(Behaviour.Kind.segment.rawValue)
      keys.append(contentsOf: try element.decodedString(in: bytes))
      ends.append(keys.count)
    }
  }

  /// Takes a property, or the members of one that is an object.
  private mutating func read(
    _ property: Property, _ field: Field, _ bytes: Span<UInt8>
  ) throws(ScanError) {
    guard field.kind(in: bytes) == .object else {
      return try readScalar(field, of: property.name, bytes)
    }
    let prefix = property.name + [UInt8(ascii: ".")]
    try forEachMember(of: field, in: bytes) { (name, value) throws(ScanError) in
      try readScalar(value, of: prefix + (try name.decodedString(in: bytes)), bytes)
    }
  }

  /// Takes a scalar; 1, 1.0 and 1e0 are one value, and so are all ways to write a text.
  private mutating func readScalar(
    _ field: Field, of name: [UInt8], _ bytes: Span<UInt8>
  ) throws(ScanError) {
    guard field.count <= Self.valueBytesMax else { return }
    let kind = field.kind(in: bytes)
    switch kind {
    case .null, .absent, .array, .object: return
    default: Behaviour.appendKey(ofProperty: name, to: &keys)
    }
    if kind == .string {
      let text = try field.decodedString(in: bytes)
      keys.append(jsonString: text.span, from: 0, to: text.count)
    } else {
      let start = keys.count
      keys.append(bytes, from: field.start, to: field.end)
      if kind == .number { keys.writeNumberShort(from: start) }
    }
    ends.append(keys.count)
  }
}
