import Events
import Pipes
import Records

/// What every person did and when: for drivers and drop-offs.
///
///     rows    [ time 8 bytes · number of the behaviour 4 ][ … ] …     and 4 bytes for the person
///     names   0 Cart Viewed   1 properties.plan "pro"   2 Signed In …
///
/// Cost: 16 bytes for each event, and under `--drivers` for each of its properties and segments; the
/// text of each different one once.
struct BehaviourLog: Sendable {
  /// A behaviour at a moment.
  struct Row: BitwiseCopyable, Sendable {
    private let low: UInt32
    private let high: UInt32
    let number: UInt32

    init(time: Int64, number: UInt32) {
      low = UInt32(truncatingIfNeeded: time)
      high = UInt32(truncatingIfNeeded: time >> 32)
      self.number = number
    }

    /// Milliseconds since the epoch; in two halves, so that a row takes twelve bytes.
    var time: Int64 { Int64(Int32(bitPattern: high)) << 32 | Int64(low) }
  }

  private var reader: BehaviourReader
  private var names = Interner(seed: fingerprintSeed)
  private var rows = PersonRows<Row>()

  /// An empty log that a reader fills.
  init(_ reader: BehaviourReader) { self.reader = reader }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { rows.largestArrayBytes }

  /// How many different behaviours there are.
  var count: Int { names.count }

  /// The behaviour with a number.
  func behaviour(_ number: Int) -> Behaviour? {
    Behaviour(key: names.key(UInt32(truncatingIfNeeded: number)))
  }

  /// Reads an event, to be kept by ``keep(_:)``.
  mutating func read(_ event: Event, isStep: Bool, in block: Block) throws(RecordError) {
    try reader.read(event, isStep: isStep, in: block)
  }

  /// Keeps the event that was read last.
  mutating func keep(_ event: Event) {
    var start = 0
    for end in reader.ends {
      let number = names.intern(Array(reader.keys[start..<end]))
      rows.append(person: event.person, Row(time: event.time.milliseconds, number: number))
      start = end
    }
  }

  /// The rows by person, given the person of each id.
  func byPerson(_ roots: [UInt32]) -> RowsByPerson<Row> { rows.byPerson(roots) }

  /// Writes what a person did, by time and name.
  func encode(_ rows: ArraySlice<Row>, into state: inout StateWriter) {
    let sorted = rows.sorted { left, right in
      left.time != right.time
        ? left.time < right.time
        : names.key(left.number).lexicographicallyPrecedes(names.key(right.number))
    }
    state.write(rows.count)
    for row in sorted {
      state.write(Moment(milliseconds: row.time))
      state.write(name: names.key(row.number))
    }
  }

  /// Adds what another run knew that a person did.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let time = try state.moment()
      let key = try state.name()
      guard time.isWritable, Behaviour(key: key) != nil else {
        throw StateError("a behaviour is none")
      }
      rows.append(person: person, Row(time: time.milliseconds, number: names.intern(key)))
    }
  }
}
