public import Events
public import Records

/// One stage of a pipeline that works on events.
///
///     lines ─ driver ─ scan ─ persons ─ where ─ accept(event) ─ … ─ report(run)
///
/// It sees events and an output, never a file descriptor; it never prints and never exits. What can
/// go wrong outside it is the driver's: reading, long lines, rejected lines, flushing, signals,
/// broken pipes, full disks, snapshots, progress, formats. All its state is its own value, so that
/// a checkpoint or a partial result is this value encoded.
public protocol Filter: Sendable {
  /// The program as its help shows it.
  static var program: Program { get }

  /// What an option of the program's own only shows, in place of a run; `nil` for a run.
  static func information(_ arguments: Arguments) -> [UInt8]?

  /// A filter for these options; what it wants to read of events it enters into the setup.
  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure)

  /// Whether it writes reports in this run, rather than every event at once.
  var isAggregator: Bool { get }

  /// Whether it asks in this run whose an event is, beyond whether it is anybody's.
  ///
  /// Where it does not, persons are not told apart: an event's person is 0 or nobody.
  var asksForPersons: Bool { get }

  /// Whether an aggregator wants every event in its place in event time, whatever order they come in.
  ///
  /// So it is anyway where an expression looks back. Events then wait as ``ReorderBuffer`` says, for
  /// `--lateness`, else for the end; ``link(_:at:_:into:)`` comes before them. Under `--pass` they pass
  /// as they come, and the filter cannot add to them.
  var takesEventsInOrder: Bool { get }

  /// Asks the memory for what the filter keeps of a person of whom an event comes soon.
  ///
  /// Those of many lines are asked for together, so that the misses overlap. It decides nothing, and
  /// the person may be unknown to the filter, or one that has become another.
  /// - Returns: what was read there; it means nothing, but is used so that it is read.
  func touch(_ person: UInt32) -> UInt64

  /// Bytes of the largest array of the filter that may grow by the next events.
  var largestArrayBytes: Int { get }

  /// Takes one event that counts. An annotator writes it; an aggregator never does.
  ///
  /// - Throws: where the event cannot be used; it is then counted as a rejected line.
  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError)

  /// Two persons turned out to be one by an event of this moment, the distant past for one that does
  /// not count: the state of one goes to the other.
  mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output)

  /// Persons leave what is known by `--forget`: each given as a root for which the flag is set.
  ///
  /// What the filter knows of the others is encoded right after, and of these no more is asked.
  mutating func forget(
    _ isLeaving: [Bool], at moment: Moment, _ persons: Persons, into output: inout Output)

  /// Event time has passed, before an event of this moment: what ends by time alone ends now.
  mutating func advance(to moment: Moment, _ persons: Persons, into output: inout Output)

  /// Under `--lateness`: of events before this moment no more will come, so what is kept of them can
  /// be brought into a form that needs memory for persons only. Before the final report it is the
  /// distant future.
  mutating func fold(before moment: Moment, _ persons: Persons)

  /// Forwards an event under `--pass`, with what the filter knows of it.
  ///
  /// - Parameter counts: whether it was accepted before.
  func forward(_ event: Event, counts: Bool, in block: Block, into output: inout Output)

  /// Sees an event that `--where`, `--since` or `--until` leave out, in its turn: it counts in no report
  /// and does not pass, but it is of the person's past.
  mutating func see(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output)

  /// Works out what a report needs before its run header is written, which says what went wrong so far.
  mutating func prepareReport(_ run: Run, into output: inout Output)

  /// Writes the reports, in a snapshot or at the end; changes nothing.
  func report(_ run: Run, into output: inout Output)

  /// Writes what the filter knows beside its persons, for a checkpoint or a partial result.
  func encode(into state: inout StateWriter)

  /// The same of a filter that knows something of values of `--by`, whose texts it writes.
  func encode(into state: inout StateWriter, _ breakdown: Breakdown)

  /// Writes what it knows of each person, by the root of the person's ids.
  func encode(into archive: inout PersonArchive)

  /// Adds what ``encode(into:)`` of another run wrote beside its persons to what is known.
  mutating func decode(_ state: inout StateReader) throws(StateError)

  /// The same of a filter that knows something of values of `--by`.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError)

  /// Adds what another run knew of a person, given as a root, to what is known.
  ///
  /// Under its ids the person may be known already, where both runs had events of it.
  mutating func decode(
    _ person: UInt32, _ state: inout StateReader, _ persons: Persons, _ breakdown: inout Breakdown
  ) throws(StateError)
}

extension Filter {
  /// Most programs have no such option.
  public static func information(_ arguments: Arguments) -> [UInt8]? { nil }

  /// An aggregator, unless the filter says otherwise.
  public var isAggregator: Bool { true }

  /// Most filters keep something of each person.
  public var asksForPersons: Bool { true }

  /// Most reports need no order of events.
  public var takesEventsInOrder: Bool { false }

  /// For filters that keep less of a person than ``Persons`` does.
  public var largestArrayBytes: Int { 0 }

  /// For few filters the state of a person lies at a random place.
  public func touch(_ person: UInt32) -> UInt64 { 0 }

  /// Aggregators ask for persons at report time, and need not hear of links.
  public mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {}

  /// Most filters have told nobody of a person who leaves.
  public mutating func forget(
    _ isLeaving: [Bool], at moment: Moment, _ persons: Persons, into output: inout Output
  ) {}

  /// For most filters nothing ends by time alone.
  public mutating func advance(
    to moment: Moment, _ persons: Persons, into output: inout Output
  ) {}

  /// Most filters look at nothing but what counts.
  public mutating func see(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) {}

  /// Most reports are worked out as they are written.
  public mutating func prepareReport(_ run: Run, into output: inout Output) {}

  /// Most filters know values of `--by` by person only.
  public func encode(into state: inout StateWriter, _ breakdown: Breakdown) {
    encode(into: &state)
  }

  /// Likewise.
  public mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    try decode(&state)
  }

  /// For filters that keep no events there is nothing to fold.
  public mutating func fold(before moment: Moment, _ persons: Persons) {}

  /// The event as it came.
  public func forward(
    _ event: Event, counts: Bool, in block: Block, into output: inout Output
  ) {
    output.pass(event, in: block)
  }
}

/// What a report speaks of: the persons, the period, and how the run went so far.
public struct Run: Sendable {
  /// The persons with their links.
  public let persons: Persons
  /// The newest event time included, or what `--as-of` says; `nil` without events.
  public let asOf: Moment?
  /// The oldest event time that counts.
  public let from: Moment?
  /// The newest event time that counts.
  public let to: Moment?
  /// What became of the lines.
  public let tally: Tally
  /// The values of `--by`.
  public let breakdown: Breakdown
  /// False in a snapshot.
  public let isFinal: Bool
}
