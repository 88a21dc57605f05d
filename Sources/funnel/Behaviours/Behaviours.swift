import Events
import Pipes
import Records

/// What persons did beside the steps, and the reports of it: `--drivers` and `--dropoff`.
struct Behaviours: Sendable {
  private let driversMax: Int?
  private let dropoffsMax: Int?
  private var log: BehaviourLog

  /// What the options ask for, `nil` where they ask for neither.
  init?(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    driversMax = try arguments.count("drivers", in: 1...1000)
    dropoffsMax = try arguments.count("dropoff", in: 1...1000)
    let paths = try Self.paths(arguments)
    guard driversMax != nil || paths == nil else {
      throw .usage("--drivers-of names what --drivers compares, which is not given")
    }
    guard let option = driversMax != nil ? "drivers" : dropoffsMax != nil ? "dropoff" : nil else {
      return nil
    }
    guard setup.lateness == nil else {
      throw .usage(
        "--\(option) looks at what each person did between two moments that later events decide:"
          + " --lateness, which keeps no events, does not go with it")
    }
    guard arguments.values("by").isEmpty else {
      throw .usage(
        "--\(option) looks at all persons together: leave --by out, and run it once for each value"
          + " with --where")
    }
    log = BehaviourLog(
      BehaviourReader(driverPaths: driversMax == nil ? nil : paths ?? ["properties"], &setup))
  }

  /// Reads `--drivers-of PATH,…`.
  private static func paths(_ arguments: Arguments) throws(Failure) -> [String]? {
    guard let text = arguments.value("drivers-of") else { return nil }
    let paths = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for path in paths
    where path.split(separator: ".", omittingEmptySubsequences: false).contains("") {
      throw .usage(
        "--drivers-of takes paths like properties.plan,context.locale, not '\(text)'")
    }
    return paths
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { log.largestArrayBytes }

  /// Reads an event, to be kept by ``keep(_:)`` where nothing else is wrong with it.
  mutating func read(_ event: Event, isStep: Bool, in block: Block) throws(RecordError) {
    try log.read(event, isStep: isStep, in: block)
  }

  /// Keeps the event that was read last.
  mutating func keep(_ event: Event) { log.keep(event) }

  /// What every person did, for ``encode(_:into:)``.
  func byPerson(_ roots: [UInt32]) -> RowsByPerson<BehaviourLog.Row> { log.byPerson(roots) }

  /// Writes what a person did.
  func encode(_ rows: ArraySlice<BehaviourLog.Row>, into state: inout StateWriter) {
    log.encode(rows, into: &state)
  }

  /// Adds what another run knew that a person did.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    try log.decode(person, &state)
  }

  /// Counts passages, and writes the reports.
  struct Tally: Sendable {
    private let rows: RowsByPerson<BehaviourLog.Row>
    private let behaviours: Behaviours
    private let definition: FunnelDefinition
    private var drivers: DriverTally?
    private var dropoffs: DropoffTally?

    init(
      _ behaviours: Behaviours, _ definition: FunnelDefinition, _ roots: [UInt32], asOf: Moment?
    ) {
      rows = behaviours.byPerson(roots)
      (self.behaviours, self.definition) = (behaviours, definition)
      if behaviours.driversMax != nil {
        drivers = DriverTally(behaviours.log, definition, asOf: asOf)
      }
      if behaviours.dropoffsMax != nil {
        dropoffs = DropoffTally(behaviours.log, definition, asOf: asOf)
      }
    }

    /// Counts a passage of a person.
    mutating func count(_ person: UInt32, _ passage: Passage) {
      guard !passage.isExcluded else { return }
      drivers?.count(passage, rows[person])
      dropoffs?.count(passage, rows[person])
    }

    /// Writes the `funnel.dropoff` and `funnel.driver` records.
    func report(into output: inout Output) {
      dropoffs?.report(limit: behaviours.dropoffsMax ?? 0, into: &output)
      drivers?.report(limit: behaviours.driversMax ?? 0, into: &output)
    }
  }
}
