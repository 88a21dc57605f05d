import Records

/// The persons of a stream: their ids as dense numbers, and which ids belong to one person.
///
///     userId "u1" → 0     anonymousId "a7" → 1     an event with both: link(0, 1)
///     rows   [parent 0 · user · has events] [parent 0]           root(1) == 0
///
/// User ids, anonymous ids and aliases share one space of names: the same bytes are the same
/// person. Linking is a union-find, so that any order of events gives the same persons.
/// Cost: 8 bytes an id beside the interner's.
public struct Persons: Sendable {
  /// The number of an event that has no person.
  public static let nobody = UInt32.max

  private var interner: Interner
  private var rows: [Row] = []
  /// Keeps the reading ahead from being optimised away.
  private var touched: UInt64 = 0

  /// What is known of an id, together, since it is read together and from a random place.
  private struct Row: BitwiseCopyable {
    /// The id itself, or another of its person.
    var parent: UInt32
    /// Whether it was ever given as a `userId`.
    var isUser: Bool
    /// Whether an event that counts was of the person while this id stood for it.
    var hasEvents = false
  }

  /// Nobody yet.
  public init() { interner = Interner() }

  /// Nobody yet, for ids whose hashes start from a seed.
  public init(hashSeed: UInt64) { interner = Interner(seed: hashSeed) }

  /// The hash of an id.
  @inlinable
  public func hash(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt64 {
    byteHash(bytes, from: start, to: end, seed: hashSeed)
  }

  /// What every hash of an id starts from, chosen anew by each process.
  public var hashSeed: UInt64 { interner.hashSeed }

  /// Finds out where the ids with these hashes likely stand, 0 for nowhere, and asks the memory for
  /// all that their look-ups will read.
  ///
  /// The likely places decide nothing, they spare a search in their turn.
  ///
  /// - Parameter likely: takes the persons that these ids likely are of.
  public mutating func lookAhead(
    _ hashes: Span<UInt64>, _ places: inout [UInt32], likely: inout [UInt32]
  ) {
    touched &+= interner.findPlaces(hashes, &places)
    if likely.count < hashes.count {
      likely.append(contentsOf: repeatElement(0, count: hashes.count - likely.count))
    }
    let known = findLikely(places.span.extracting(first: hashes.count), &likely)
    likely.removeLast(likely.count - known)
    for parent in likely { touched &+= UInt64(rows[Int(parent)].parent) }
  }

  /// Writes the parents of the ids at the places that are known, one after the other.
  ///
  /// Nothing but reads and writes, so that many misses of the cache are under way at once.
  ///
  /// - Returns: how many there are.
  private func findLikely(_ places: Span<UInt32>, _ likely: inout [UInt32]) -> Int {
    guard !rows.isEmpty else { return 0 }
    var parents = likely.mutableSpan
    var count = 0
    for index in places.indices {
      // At place 0 stands the number 0, which the next one overwrites.
      parents[count] = rows[Int(interner.number(atPlace: places[index]))].parent
      count &+= places[index] == 0 ? 0 : 1
    }
    return count
  }

  /// The number of an id.
  ///
  /// - Parameters:
  ///   - place: where it likely stands, 0 where nobody looked ahead.
  ///   - isUser: whether it was given as a `userId`; such an id names the person in reports.
  public mutating func id(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64, place: UInt32 = 0,
    isUser: Bool
  ) -> UInt32 {
    let number = interner.intern(bytes, from: start, to: end, hash: hash, place: place)
    if Int(number) == rows.count {
      if rows.count == rows.capacity { rows.growInLargePages() }
      rows.append(Row(parent: number, isUser: isUser))
    } else if isUser, !rows[Int(number)].isUser {
      rows[Int(number)].isUser = true
    }
    return number
  }

  /// The number of an id that is known, `nil` for a new one.
  ///
  /// - Parameter place: where it likely stands, 0 where nobody looked ahead.
  public func find(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, hash: UInt64, place: UInt32 = 0
  ) -> UInt32? {
    interner.find(bytes, from: start, to: end, hash: hash, place: place)
  }

  /// The number of an id that stands outside a block.
  public mutating func id(_ name: [UInt8], isUser: Bool) -> UInt32 {
    let padded = name + [UInt8](repeating: 0, count: 8)
    let hash = hash(padded.span, from: 0, to: name.count)
    return id(padded.span, from: 0, to: name.count, hash: hash, isUser: isUser)
  }

  /// The person that an id belongs to, as the number of one of its ids.
  public func root(_ id: UInt32) -> UInt32 {
    var id = id
    while rows[Int(id)].parent != id { id = rows[Int(id)].parent }
    return id
  }

  /// Makes two ids one person.
  ///
  /// - Returns: the root that was absorbed and the one that stays, or `nil` where they were one
  ///   person already.
  public mutating func link(_ one: UInt32, _ other: UInt32) -> Link? {
    let first = shortenedRoot(one)
    let second = shortenedRoot(other)
    guard first != second else { return nil }
    // The older number stays, so that numbers never depend on the sizes of groups.
    let kept = min(first, second)
    let absorbed = max(first, second)
    rows[Int(absorbed)].parent = kept
    return Link(absorbed: absorbed, kept: kept)
  }

  private mutating func shortenedRoot(_ id: UInt32) -> UInt32 {
    var id = id
    while true {
      let parent = rows[Int(id)].parent
      if parent == id { return id }
      let next = rows[Int(parent)].parent
      if next != parent { rows[Int(id)].parent = next }
      id = next
    }
  }

  /// Notes that an event of a person counts.
  ///
  /// - Parameter person: the root of one of its ids.
  public mutating func note(_ person: UInt32) {
    if !rows[Int(person)].hasEvents { rows[Int(person)].hasEvents = true }
  }

  /// Whether an event that counts was of the person while an id stood for it.
  public func hasEvents(_ id: UInt32) -> Bool { rows[Int(id)].hasEvents }

  /// The number of persons, those without an event too.
  public func count() -> Int { rows.indices.count { Int(rows[$0].parent) == $0 } }

  /// The number of ids.
  public var idCount: Int { rows.count }

  /// Bytes of the largest array that may grow by the next id.
  public var largestArrayBytes: Int {
    max(interner.largestArrayBytes, rows.count * MemoryLayout<Row>.stride)
  }

  /// The number of persons with an event that counts.
  public func countWithEvents() -> Int {
    let roots = roots()
    var haveEvents = [Bool](repeating: false, count: roots.count)
    for id in rows.indices where rows[id].hasEvents { haveEvents[Int(roots[id])] = true }
    return haveEvents.count { $0 }
  }

  /// The root of every id, by its number.
  public func roots() -> [UInt32] {
    var roots = rows.map(\.parent)
    // A parent's number is smaller than its child's, so one pass from the front is enough.
    for id in roots.indices { roots[id] = roots[Int(roots[id])] }
    return roots
  }

  /// The bytes of an id.
  public func name(_ id: UInt32) -> [UInt8] { interner.key(id) }

  /// The hash of an id under a seed of the caller.
  public func nameHash(_ id: UInt32, seed: UInt64) -> UInt64 { interner.hash(id, seed: seed) }

  /// Asks the memory for all that writing an id will read; the answer means nothing.
  public func touch(name id: UInt32) -> UInt64 {
    UInt64(interner.touch(id)) &+ UInt64(rows[Int(id)].parent)
  }

  /// Adds an id as a JSON string.
  public func append(_ id: UInt32, asJSONTo output: inout [UInt8]) {
    interner.append(id, asJSONTo: &output)
  }

  /// The first 16 bytes of an id as two words, the first byte highest, zeros behind a short one.
  func namePrefix(_ id: UInt32) -> (high: UInt64, low: UInt64) { interner.prefix(id) }

  /// Whether the bytes of one id come before those of another.
  public func namePrecedes(_ one: UInt32, _ other: UInt32) -> Bool { interner.precedes(one, other) }

  /// The id that names each person in reports, by root number: of all user ids the first in byte
  /// order, where there is none of all anonymous ids.
  public func representatives(of roots: [UInt32]) -> [UInt32] {
    var chosen = Array(0..<UInt32(truncatingIfNeeded: roots.count))
    var isSole = [Bool](repeating: true, count: roots.count)
    for id in roots.indices where Int(roots[id]) != id { isSole[Int(roots[id])] = false }
    for id in roots.indices where !isSole[Int(roots[id])] {
      let root = Int(roots[id])
      if precedes(UInt32(truncatingIfNeeded: id), chosen[root]) {
        chosen[root] = UInt32(truncatingIfNeeded: id)
      }
    }
    return chosen
  }

  /// Whether an id names its person rather than another one does.
  private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
    let (oneIsUser, otherIsUser) = (isUser(one), isUser(other))
    if oneIsUser != otherIsUser { return oneIsUser }
    return namePrecedes(one, other)
  }

  /// Whether an id was ever given as a `userId`.
  public func isUser(_ id: UInt32) -> Bool { rows[Int(id)].isUser }

  /// Two persons that became one.
  public struct Link: Equatable, Sendable {
    /// The person whose state goes to the other.
    public let absorbed: UInt32
    /// The person that stays.
    public let kept: UInt32
  }
}
