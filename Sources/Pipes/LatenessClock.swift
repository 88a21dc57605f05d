import Records

/// How late events may come, and how far one event may move the clock that decides it.
///
///     --lateness 1h --max-jump 1d
public struct Lateness: Sendable {
  /// An event older than the clock by more than this is late.
  public let milliseconds: Int64
  /// The duration as it was written, for what is said of late events.
  private let text: String
  /// The longest way that the clock goes on one event.
  let maxJumpMilliseconds: Int64

  /// The option that says it, `lateness` or `reorder`.
  private let option: String

  /// What the option says, `nil` without it: then no event is late.
  init?(_ arguments: Arguments, of option: String) throws(Failure) {
    let maxJump = try arguments.duration("max-jump")
    guard let milliseconds = try arguments.duration(option), let text = arguments.value(option)
    else { return nil }
    self.option = option
    guard maxJump != 0 else { throw .usage("--max-jump takes a duration longer than 0s") }
    self.milliseconds = milliseconds
    self.text = text
    maxJumpMilliseconds = maxJump ?? 86_400_000
  }

  /// What is wrong with a late event.
  func reason(excess: Int64) -> String {
    let seconds = excess / 1000
    let rest = String(1000 + excess % 1000).dropFirst()
    return "later than --\(option) \(text) by \(seconds).\(rest) s"
  }
}

/// The clock that decides which events are late, and when what is settled can be folded.
///
///     ── folded ──┤── kept, one by one ──┤── kept, may still change ──┤
///               fold      lateness     limit      lateness          clock
///
/// The clock is the newest event that counts, but one event moves it by `--max-jump` at most: a
/// device whose clock is in the year 2099 must not make all others late. An event before the limit
/// is late. Events are folded not at the limit but another lateness later, since the event that
/// links two ids may itself come as late as that: what the two did in the lateness before it is then
/// still there to be put in one order. They are folded in steps of a lateness, of a minute at least,
/// so that the work for each event stays the same.
///
/// Source: the watermark of T. Akidau et al., The Dataflow Model, PVLDB 8 (2015), 1792-1803.
struct LatenessClock: Sendable, BitwiseCopyable {
  private static let foldingStepMinimum: Int64 = 60_000

  private let latenessMilliseconds: Int64
  private let maxJumpMilliseconds: Int64
  private var now: Int64?
  /// The clock at which there is something to fold again.
  private var nextFolding = Int64.min

  init(_ lateness: Lateness) {
    latenessMilliseconds = lateness.milliseconds
    maxJumpMilliseconds = lateness.maxJumpMilliseconds
  }

  /// By how many milliseconds an event comes too late, `nil` when it does not.
  @inline(__always)
  func excess(of moment: Moment) -> Int64? {
    guard let now, moment.milliseconds < now - latenessMilliseconds else { return nil }
    return now - latenessMilliseconds - moment.milliseconds
  }

  /// Moves on to the moment of an event that counts.
  ///
  /// - Parameter ahead: counts the events that are further ahead than the clock may go.
  /// - Returns: the moment before which all events are to be folded, `nil` where nothing is due.
  @inline(__always)
  mutating func advance(to moment: Moment, ahead: inout Int) -> Moment? {
    let last = now ?? moment.milliseconds
    let isAhead = moment.milliseconds - last > maxJumpMilliseconds
    if isAhead { ahead += 1 }
    let next = isAhead ? last + maxJumpMilliseconds : max(last, moment.milliseconds)
    now = next
    return next < nextFolding ? nil : takeFolding(at: next)
  }

  func encode(into state: inout StateWriter) {
    state.write(now.map(Moment.init(milliseconds:)))
    // A clock that no event reaches is as good as none.
    let folding = Moment(milliseconds: nextFolding)
    state.write(nextFolding == .min ? nil : folding.isWritable ? folding : .distantFuture)
  }

  /// Takes the clock of another run over where it is further.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    if let moment = try state.momentIfAny() {
      guard moment.isWritable else { throw StateError("a time is out of range") }
      now = max(now ?? moment.milliseconds, moment.milliseconds)
    }
    if let folding = try state.momentIfAny() {
      nextFolding = max(nextFolding, folding.milliseconds)
    }
  }

  private mutating func takeFolding(at now: Int64) -> Moment {
    let step = max(latenessMilliseconds, Self.foldingStepMinimum)
    let settled = floorDivide(now - 2 * latenessMilliseconds, step) * step
    nextFolding = settled + step + 2 * latenessMilliseconds
    return Moment(milliseconds: settled)
  }
}
