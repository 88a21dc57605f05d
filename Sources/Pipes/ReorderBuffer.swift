import Events
public import Records

/// Events that wait until no earlier one can come: `--reorder 1h`, or where an aggregator's expressions
/// look back.
///
///     arrival   09:05  09:01  09:07 ──►  heap by time  ──►  09:01  09:05  once the clock is at 10:05
///
/// An event leaves when the clock is further than its time and the duration; without a duration all
/// wait for the end. Events of equal time leave by the bytes of their `messageId`, those without one
/// first, then by the bytes of their lines, so that what comes out depends on the events alone, not on
/// their order of arrival. One that comes later than the duration allows is late: it has no place any
/// more.
///
/// Cost: the events of the duration, each with its line; the logarithm of their number a step.
public struct ReorderBuffer: Sendable {
  /// An event that waits: its line and where it came from.
  public struct Held: Sendable, Equatable {
    /// When it happened.
    public let time: Moment
    /// The line without its newline.
    public let line: [UInt8]
    /// Where in the line the content of `messageId` stands, an empty stretch for none.
    public let messageId: Range<Int>
    /// The name of its file, `-` for standard input.
    public let file: String
    /// The number of the line in its file.
    public let number: Int
    /// The offset of the line in its file.
    public let offset: Int

    /// An event by its parts.
    public init(
      time: Moment, line: [UInt8], messageId: Range<Int>, file: String, number: Int, offset: Int
    ) {
      self.time = time
      self.line = line
      self.messageId = messageId
      self.file = file
      self.number = number
      self.offset = offset
    }

    fileprivate func precedes(_ other: Held) -> Bool {
      time != other.time ? time < other.time : precedesAtOnce(other)
    }

    /// The same for two events of one time.
    private func precedesAtOnce(_ other: Held) -> Bool {
      let (mine, others) = (line[messageId], other.line[other.messageId])
      return mine.elementsEqual(others)
        ? line.lexicographicallyPrecedes(other.line) : mine.lexicographicallyPrecedes(others)
    }
  }

  private let lateness: Lateness?
  /// Decides who may leave before the end; `nil` where nobody may.
  private var clock: LatenessClock?
  /// A heap: no event precedes the one at half its place.
  private var heap: [Held] = []

  /// What `--reorder` says, `nil` without it.
  public init?(_ arguments: Arguments) throws(Failure) {
    guard let lateness = try Lateness(arguments, of: "reorder") else { return nil }
    self.init(lateness)
  }

  /// A buffer for events that come as late as this; `nil` for any time, so that all wait for the end.
  init(_ lateness: Lateness?) {
    self.lateness = lateness
    clock = lateness.map(LatenessClock.init)
  }

  /// Bytes of the array of those that wait, without their lines.
  var arrayBytes: Int { heap.count * MemoryLayout<Held>.stride }

  /// Why an event of this moment has no place any more, `nil` where it has.
  public func refusal(of moment: Moment) -> String? {
    guard let excess = clock?.excess(of: moment) else { return nil }
    return lateness?.reason(excess: excess)
  }

  /// Takes an event in.
  ///
  /// - Parameter ahead: counts the events that are further ahead than the clock may go.
  public mutating func hold(_ event: Held, ahead: inout Int) {
    insert(event)
    _ = clock?.advance(to: event.time, ahead: &ahead)
  }

  /// Takes the earliest event out, where no earlier one can come any more.
  public mutating func next() -> Held? {
    guard let first = heap.first, clock?.excess(of: first.time) != nil else { return nil }
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
    guard clock != nil || !heap.isEmpty else { return }
    var state = StateWriter()
    clock?.encode(into: &state)
    for event in heap {
      state.write(true)
      state.write(event.time)
      state.write(event.line)
      state.write(event.messageId.lowerBound)
      state.write(event.messageId.count)
      state.write(name: Array(event.file.utf8))
      state.write(event.number)
      state.write(event.offset)
      if state.bytes.count > Self.lineBytes {
        state.write(false)
        write(state)
        state.removeAll()
        clock?.encode(into: &state)
      }
    }
    state.write(false)
    write(state)
  }

  /// Takes the events of a line in.
  public mutating func decode(_ state: inout StateReader) throws(StateError) {
    try clock?.decode(&state)
    while try state.flag() {
      let (time, line) = (try state.moment(), try state.text())
      guard time.isWritable else { throw StateError("a time is out of range") }
      let start = try state.count(upTo: line.count)
      let end = start + (try state.count(upTo: line.count - start))
      let file = String(decoding: try state.name(), as: UTF8.self)
      let (number, offset) = (try state.count(), try state.count())
      insert(
        Held(
          time: time, line: line, messageId: start..<end, file: file, number: number,
          offset: offset))
    }
  }
}
