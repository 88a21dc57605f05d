import Events
public import Records

/// Events that wait until no earlier one can come: `--reorder 1h`.
///
///     arrival   09:05  09:01  09:07 ──►  heap by time  ──►  09:01  09:05  once the clock is at 10:05
///
/// An event leaves when the clock is further than its time and the duration. Events of equal time
/// leave by their fingerprint, so that what comes out depends on the events alone, not on their
/// order of arrival. One that comes later than the duration allows is late: it has no place any
/// more.
///
/// Cost: the events of the duration, each with its line; the logarithm of their number a step.
public struct ReorderBuffer: Sendable {
  /// An event that waits: its line and where it came from.
  public struct Held: Sendable, Equatable {
    /// When it happened.
    public let time: Moment
    /// Orders events of equal time.
    public let fingerprint: UInt64
    /// The line without its newline.
    public let line: [UInt8]
    /// The name of its file, `-` for standard input.
    public let file: String
    /// The number of the line in its file.
    public let number: Int
    /// The offset of the line in its file.
    public let offset: Int

    /// An event by its parts.
    public init(
      time: Moment, fingerprint: UInt64, line: [UInt8], file: String, number: Int, offset: Int
    ) {
      self.time = time
      self.fingerprint = fingerprint
      self.line = line
      self.file = file
      self.number = number
      self.offset = offset
    }

    fileprivate func precedes(_ other: Held) -> Bool {
      time != other.time ? time < other.time : fingerprint < other.fingerprint
    }
  }

  private let lateness: Lateness
  private var clock: LatenessClock
  /// A heap: no event precedes the one at half its place.
  private var heap: [Held] = []

  /// What `--reorder` says, `nil` without it.
  public init?(_ arguments: Arguments) throws(Failure) {
    guard let lateness = try Lateness(arguments, of: "reorder") else { return nil }
    self.lateness = lateness
    clock = LatenessClock(lateness)
  }

  /// Why an event of this moment has no place any more, `nil` where it has.
  public func refusal(of moment: Moment) -> String? {
    clock.excess(of: moment).map { lateness.reason(excess: $0) }
  }

  /// Takes an event in.
  ///
  /// - Parameter ahead: counts the events that are further ahead than the clock may go.
  public mutating func hold(_ event: Held, ahead: inout Int) {
    insert(event)
    _ = clock.advance(to: event.time, ahead: &ahead)
  }

  /// Takes the earliest event out, where no earlier one can come any more.
  public mutating func next() -> Held? {
    guard let first = heap.first, clock.excess(of: first.time) != nil else { return nil }
    return removeFirst()
  }

  /// Takes the earliest event out, at the end.
  public mutating func nextOfRest() -> Held? { heap.isEmpty ? nil : removeFirst() }

  private mutating func insert(_ event: Held) {
    heap.append(event)
    var place = heap.count - 1
    while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func removeFirst() -> Held {
    heap.swapAt(0, heap.count - 1)
    let first = heap.removeLast()
    var place = 0
    while case let left = 2 * place + 1, left < heap.count {
      let right = left + 1
      let child = right < heap.count && heap[right].precedes(heap[left]) ? right : left
      guard heap[child].precedes(heap[place]) else { break }
      heap.swapAt(child, place)
      place = child
    }
    return first
  }
}

/// The state of what waits.
extension ReorderBuffer {
  private static let lineBytes = 768 << 10

  /// Writes the clock and the events that wait, some in each line of a state.
  public func encode(_ write: (StateWriter) -> Void) {
    var state = StateWriter()
    clock.encode(into: &state)
    for event in heap {
      state.write(true)
      state.write(event.time)
      state.write(word: event.fingerprint)
      state.write(event.line)
      state.write(name: Array(event.file.utf8))
      state.write(event.number)
      state.write(event.offset)
      if state.bytes.count > Self.lineBytes {
        state.write(false)
        write(state)
        state.removeAll()
        clock.encode(into: &state)
      }
    }
    state.write(false)
    write(state)
  }

  /// Takes the events of a line in.
  public mutating func decode(_ state: inout StateReader) throws(StateError) {
    try clock.decode(&state)
    while try state.flag() {
      let (time, fingerprint) = (try state.moment(), try state.word())
      let (line, file) = (try state.text(), String(decoding: try state.name(), as: UTF8.self))
      let (number, offset) = (try state.count(), try state.count())
      insert(
        Held(
          time: time, fingerprint: fingerprint, line: line, file: file, number: number,
          offset: offset))
    }
  }
}
