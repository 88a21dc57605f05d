import Events
public import Records

/// The values that `--by` gave, each with a number; 0 is the one value of a run without `--by`, and
/// that of events where no expression has a value.
public struct Breakdown: Sendable {
  /// The expressions as they were written.
  public let expressions: [String]
  /// How many values are reported by themselves, the rest is folded together.
  public let limit: Int
  private var values = Interner(seed: fingerprintSeed)
  /// Working memory, used again for each event.
  private var padded: [UInt8] = []

  /// A breakdown by expressions.
  init(_ expressions: [String], limit: Int) {
    self.expressions = expressions
    self.limit = limit
    var missing: [UInt8] = []
    for expression in expressions {
      if !missing.isEmpty { missing.append(ASCII.comma) }
      missing.append(jsonString: expression)
      missing.append(contentsOf: ":null".utf8)
    }
    _ = values.intern(missing)
  }

  /// The number of the values of an event that has none.
  public static let missing: UInt32 = 0

  /// The number of values seen, that of events without any included.
  public var count: Int { values.count }

  /// The number of the values of one event, given as the fields of a JSON object.
  public mutating func number(_ json: [UInt8]) -> UInt32 {
    var text: [UInt8] = []
    swap(&text, &padded)
    defer { swap(&text, &padded) }
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: json)
    text.append(contentsOf: repeatElement(0, count: 8))
    let hash = values.hash(text.span, from: 0, to: json.count)
    return values.intern(text.span, from: 0, to: json.count, hash: hash)
  }

  /// The values with a number, as ``number(_:)`` of another run takes them.
  public func text(of group: UInt32) -> [UInt8] { values.key(group) }

  /// Whether there is more than one report.
  public var isUsed: Bool { !expressions.isEmpty }

  /// Writes `"by":{"properties.plan":"pro"}`, or nothing in a run without `--by`.
  ///
  /// - Parameter group: a number from ``count``'s range, or `nil` for the values folded together.
  public func write(_ group: UInt32?, to writer: inout RecordWriter) {
    guard isUsed else { return }
    guard let group else { return writer.field("by", "(other)") }
    writer.field("by", json: [ASCII.openBrace] + values.key(group) + [ASCII.closeBrace])
  }

  /// The groups in the order they are written, the largest first, and those that are folded.
  ///
  /// - Parameter sizes: the size of each group by its number; groups of size 0 are left out.
  public func ranked(_ sizes: [Int]) -> (shown: [UInt32], folded: [UInt32]) {
    let groups = sizes.indices.filter { sizes[$0] > 0 }.map { UInt32($0) }
    let ordered = groups.map { (group: $0, name: values.key($0)) }.sorted { left, right in
      let (one, other) = (sizes[Int(left.group)], sizes[Int(right.group)])
      return one != other ? one > other : left.name.lexicographicallyPrecedes(right.name)
    }.map(\.group)
    return (Array(ordered.prefix(limit)), Array(ordered.dropFirst(limit)))
  }

  /// The groups as they are reported: each by itself, the largest first, the rest as one.
  ///
  /// Those past the limit have no number, and a word is said of them. Without `--by` all is one group,
  /// whatever its size.
  public func reported(
    _ sizes: [Int], into output: inout Output
  ) -> [(group: UInt32?, members: [UInt32])] {
    guard isUsed else { return [(Breakdown.missing, [Breakdown.missing])] }
    let (shown, folded) = ranked(sizes)
    var groups: [(group: UInt32?, members: [UInt32])] = shown.map { ($0, [$0]) }
    guard !folded.isEmpty else { return groups }
    groups.append((nil, folded))
    output.noticeFolded(folded.count)
    return groups
  }
}
