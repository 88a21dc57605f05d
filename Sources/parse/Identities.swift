import Events
import Records

/// Which ids are one person's, as far as events have told: only ids that were linked are kept.
///
///     {"userId":"u1","anonymousId":"a7"}              a7 ─ u1
///     {"type":"alias","userId":"u2","previousId":"u1"}     └─ u2
///     {"anonymousId":"a7"}                            is of u1 too: the first of u1, u2 by their bytes
///
/// Linking is a union-find, so that chains and loops in any order give the same persons. An id that an
/// event lacks is told by the ids of its person alone, never by the order of links: of those given as
/// `userId`, or else as `anonymousId` and `previousId`, the first in the order of their bytes. What an
/// event has stays.
///
/// Memory: the linked ids, some 40 bytes beside the bytes of each; `--max-memory` bounds it.
struct Identities {
  /// As what an id was given, a bit each.
  struct Roles: OptionSet {
    let rawValue: UInt8
    static let user = Roles(rawValue: 1)
    /// As `anonymousId`, or as the `previousId` of an alias.
    static let anonymous = Roles(rawValue: 2)
  }

  /// An id of an event: its stretch without quotes, its hash, and where ``persons`` likely has it.
  struct Id {
    let field: Field
    let hash: UInt64
    let place: UInt32
  }

  /// What is known of an id beside its person, together, since it is read together.
  private struct Row {
    var roles: Roles = []
    /// The first user id of the person whose root this id is.
    var user = Identities.nobody
    /// The first other id of that person.
    var other = Identities.nobody
  }

  /// What stands in the place of an id that no id names.
  private static let nobody = Persons.nobody

  private(set) var persons: Persons
  private var rows: [Row] = []
  /// The hashes of pairs that were joined lately, which most events repeat.
  private var pairs = [UInt64](repeating: 0, count: 4096)

  init(hashSeed: UInt64) { persons = Persons(hashSeed: hashSeed) }

  /// The persons that ids asked for ahead are likely of.
  private var likely: [UInt32] = []
  /// Keeps the reading ahead from being optimised away.
  private var touched: UInt64 = 0

  /// How many ids have been linked.
  var count: Int { rows.count }

  /// As what an id was given.
  func roles(of number: Int) -> Roles { rows[number].roles }

  /// Asks the memory for all that ids with these hashes will read, of their companions too.
  ///
  /// - Parameter places: takes where each likely stands.
  mutating func lookAhead(_ hashes: Span<UInt64>, _ places: inout [UInt32]) {
    persons.lookAhead(hashes, &places, likely: &likely)
    for person in likely {
      let row = rows[Int(person)]
      if row.user != Identities.nobody { touched &+= persons.touch(name: row.user) }
      if row.other != Identities.nobody { touched &+= persons.touch(name: row.other) }
    }
  }

  /// Joins the two ids of an event.
  ///
  /// - Returns: whether that was not known.
  @inline(__always)
  mutating func join(
    _ user: Id, _ other: Id, in bytes: Span<UInt8>
  ) -> Bool {
    let pair = user.hash &+ (other.hash &* 0x9E37_79B9_7F4A_7C15)
    let place = Int(truncatingIfNeeded: pair >> 48) & 4095
    if pairs[place] == pair { return false }
    pairs[place] = pair
    let first = add(user, .user, in: bytes)
    return link(first, add(other, .anonymous, in: bytes))
  }

  @inline(never)
  private mutating func add(_ id: Id, _ role: Roles, in bytes: Span<UInt8>) -> UInt32 {
    let isUser = role == .user
    let number =
      id.field.hasEscapes
      ? persons.id(unescaped(bytes, from: id.field.start, to: id.field.end), isUser: isUser)
      : persons.id(
        bytes, from: id.field.start, to: id.field.end, hash: id.hash, place: id.place,
        isUser: isUser)
    note(number, role)
    return number
  }

  /// Adds an id by its bytes.
  mutating func add(_ name: [UInt8], _ roles: Roles) -> UInt32 {
    let number = persons.id(name, isUser: roles.contains(.user))
    note(number, roles)
    return number
  }

  private mutating func note(_ number: UInt32, _ role: Roles) {
    if Int(number) == rows.count { rows.append(Row()) }
    guard !rows[Int(number)].roles.isSuperset(of: role) else { return }
    rows[Int(number)].roles.formUnion(role)
    let root = Int(persons.root(number))
    if role.contains(.user) { rows[root].user = first(rows[root].user, number) }
    if role.contains(.anonymous) { rows[root].other = first(rows[root].other, number) }
  }

  /// Makes two ids one person.
  ///
  /// - Returns: whether they were not.
  mutating func link(_ one: UInt32, _ other: UInt32) -> Bool {
    guard let link = persons.link(one, other) else { return false }
    let (kept, absorbed) = (Int(link.kept), Int(link.absorbed))
    rows[kept].user = first(rows[kept].user, rows[absorbed].user)
    rows[kept].other = first(rows[kept].other, rows[absorbed].other)
    return true
  }

  private func first(_ one: UInt32, _ other: UInt32) -> UInt32 {
    if one == Identities.nobody { return other }
    if other == Identities.nobody || one == other { return one }
    return persons.namePrecedes(one, other) ? one : other
  }

  /// The number of the id that an event lacks, `nil` where its person has none.
  ///
  /// - Parameter role: which one it lacks.
  func companion(of id: Id, as role: Roles, in bytes: Span<UInt8>) -> UInt32? {
    let number: UInt32?
    if id.field.hasEscapes {
      let name = unescaped(bytes, from: id.field.start, to: id.field.end)
      let padded = name + [UInt8](repeating: 0, count: 8)
      number = persons.find(padded.span, from: 0, to: name.count, hash: id.hash)
    } else {
      number = persons.find(
        bytes, from: id.field.start, to: id.field.end, hash: id.hash, place: id.place)
    }
    guard let number else { return nil }
    let row = rows[Int(persons.root(number))]
    let companion = role == .user ? row.user : row.other
    return companion == Identities.nobody || companion == number ? nil : companion
  }

  /// Adds all ids and links that others know.
  mutating func add(_ other: Identities) {
    for number in 0..<UInt32(truncatingIfNeeded: other.count) {
      let id = add(other.persons.name(number), other.roles(of: Int(number)))
      let root = other.persons.root(number)
      if root != number { _ = link(id, add(other.persons.name(root), [])) }
    }
  }

  /// The same under another seed of hashes.
  func rehashed(seed: UInt64) -> Identities {
    var identities = Identities(hashSeed: seed)
    identities.add(self)
    return identities
  }
}
