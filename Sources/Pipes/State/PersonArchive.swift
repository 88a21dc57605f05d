public import Events
import Expressions
public import Records

/// Writes persons with what a filter knows of each, in lines of at most 1,000 persons or about 1 MB.
///
///     person = [has events][count of ids] ([is a user id][id])… [what the filter wrote]
///
/// Persons come in the order of their numbers, so that whoever reads them back keeps their order: what
/// depends on which of two persons is older stays as it was.
public struct PersonArchive {
  private static let personsPerLine = 1000
  private static let lineBytes = 768 << 10

  /// The persons with their links.
  public let persons: Persons
  /// The values of `--by`.
  public let breakdown: Breakdown
  /// The person of each id.
  public let roots: [UInt32]
  private let program: String
  private let options: String
  /// The ids of each person.
  public let ids: PersonIds
  /// The persons who are not written, by root; empty for none.
  private let leftOut: [Bool]
  private let forgetting: Forgetting?
  private let memory: PersonMemory?
  private var writer = StateWriter()
  private var personCount = 0
  private var output: Output

  init(
    _ persons: Persons, _ breakdown: Breakdown, _ forgetting: Forgetting?,
    _ memory: PersonMemory?, leavingOut leftOut: [Bool] = [], of program: String, options: String,
    into output: inout Output
  ) {
    self.leftOut = leftOut
    self.forgetting = forgetting
    self.memory = memory
    self.persons = persons
    self.breakdown = breakdown
    self.program = program
    self.options = options
    // Taken, and given back by ``finish(_:)``.
    self.output = Output(program: program)
    roots = persons.roots()
    ids = PersonIds(roots)
    swap(&self.output, &output)
  }

  /// Writes every person who stays, in the order of their numbers.
  ///
  /// - Parameter body: gets the root of a person, and writes what the filter's `decode` will read.
  public mutating func writeEach(_ body: (UInt32, inout StateWriter) -> Void) {
    for id in roots.indices where Int(roots[id]) == id && (leftOut.isEmpty || !leftOut[id]) {
      if personCount == Self.personsPerLine || writer.bytes.count > Self.lineBytes { endLine() }
      personCount += 1
      writeIds(of: roots[id])
      body(roots[id], &writer)
    }
    endLine()
  }

  private mutating func writeIds(of person: UInt32) {
    let ids = ids[person]
    writer.write(ids.contains { persons.hasEvents($0) })
    writer.write(ids.count)
    for id in ids {
      writer.write(persons.isUser(id))
      writer.write(persons.name(id))
    }
    forgetting?.encode(person, into: &writer)
    memory?.encode(person, into: &writer)
  }

  private mutating func endLine() {
    guard personCount > 0 else { return }
    output.state(.persons, persons: personCount, of: program, options: options, writer.bytes)
    writer.removeAll()
    personCount = 0
  }

  /// Gives the output back.
  mutating func finish(_ output: inout Output) { swap(&self.output, &output) }
}

/// The ids of every person.
public struct PersonIds: Sendable {
  /// The ids ordered by person, and where those of each end.
  private var members: [UInt32]
  private var ends: [Int]

  /// Groups ids by the root of each: a counting sort.
  public init(_ roots: [UInt32]) {
    ends = Array(repeating: 0, count: roots.count)
    for root in roots { ends[Int(root)] += 1 }
    var start = 0
    for root in ends.indices {
      let count = ends[root]
      ends[root] = start
      start += count
    }
    members = Array(repeating: 0, count: roots.count)
    for id in roots.indices {
      let root = Int(roots[id])
      members[ends[root]] = UInt32(truncatingIfNeeded: id)
      ends[root] += 1
    }
  }

  /// The ids of a person given as a root, in the order of their numbers.
  public subscript(person: UInt32) -> ArraySlice<UInt32> {
    members[(person == 0 ? 0 : ends[Int(person) - 1])..<ends[Int(person)]]
  }
}
