internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The signals that the driver answers: ends asked for, and snapshots.
///
///     handler: note the number, write a byte into a pipe     driver: polls that pipe with its input
///
/// A second signal to end finds the default action in place and ends the process at once.
enum Signals {
  private static let endingNumber = Atomic<Int32>(0)
  private static let snapshotWanted = Atomic<Bool>(false)
  /// How long a run goes on after a signal to end.
  private static let graceMilliseconds = Atomic<Int64>(0)
  /// Until when it goes on, in milliseconds from ``start``; the lowest number before anybody asked.
  private static let graceEnd = Atomic<Int64>(.min)
  private static let start = ContinuousClock.now
  private static let wakeDescriptor = Atomic<Int32>(-1)

  /// The signal that asked the program to end, 0 for none.
  static var ending: Int32 { endingNumber.load(ordering: .acquiring) }

  /// How long the run still goes on after the signal that asked it to end; `nil` before one.
  ///
  /// Counted from when this is asked for first: a handler has no clock.
  static var millisecondsLeft: Int64? {
    guard ending != 0 else { return nil }
    let now = milliseconds(since: start)
    let end = now + graceMilliseconds.load(ordering: .acquiring)
    let (isFirst, known) = graceEnd.compareExchange(
      expected: .min, desired: end, ordering: .acquiringAndReleasing)
    return (isFirst ? end : known) - now
  }

  /// Whether a signal asked the run to end and its time is over.
  static var isOverdue: Bool { millisecondsLeft.map { $0 <= 0 } ?? false }

  /// Whether a snapshot has been asked for since the last call.
  static func takeSnapshotRequest() -> Bool {
    snapshotWanted.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Installs the handlers.
  ///
  /// - Parameter grace: how long a run goes on after a signal to end.
  /// - Returns: the descriptor that becomes readable when a signal comes, or `nil` where the
  ///   system has no more descriptors.
  static func install(graceMilliseconds grace: Int64) -> Int32? {
    graceMilliseconds.store(grace, ordering: .releasing)
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    wakeDescriptor.store(ends[1], ordering: .releasing)
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
      set(number) { number in Signals.endRequested(number) }
    }
    set(SIGUSR1) { _ in Signals.snapshotRequested() }
    #if canImport(Darwin)
      set(SIGINFO) { _ in Signals.snapshotRequested() }
    #endif
    return ends[0]
  }

  /// Ends the process by a signal, as its parent expects it.
  static func end(by number: Int32) -> Never {
    set(number, to: SIG_DFL)
    _ = raise(number)
    exit(128 + number)
  }

  /// Ends the process as a write to a closed pipe does; returns where the parent ignores that.
  static func endByClosedPipe() {
    if !isIgnored(SIGPIPE) { end(by: SIGPIPE) }
  }

  /// Empties the pipe that woke the driver.
  static func drain(_ descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 64)
    while case .bytes = System.read(descriptor, into: &bytes, from: 0, to: bytes.count) {}
  }

  /// In a handler: only what is safe there.
  private static func endRequested(_ number: Int32) {
    endingNumber.store(number, ordering: .releasing)
    // What the parent has ignored, as nohup does, stays ignored.
    if !isIgnored(SIGINT) { set(SIGINT, to: SIG_DFL) }
    if !isIgnored(SIGTERM) { set(SIGTERM, to: SIG_DFL) }
    if !isIgnored(SIGHUP) { set(SIGHUP, to: SIG_DFL) }
    wake()
  }

  private static func snapshotRequested() {
    snapshotWanted.store(true, ordering: .releasing)
    wake()
  }

  private static func wake() {
    let number = errno
    var byte: UInt8 = 0
    _ = unsafe write(wakeDescriptor.load(ordering: .acquiring), &byte, 1)
    errno = number
  }

  private static func set(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    set(number, to: handler)
  }

  private static func set(_ number: Int32, to handler: (@convention(c) (Int32) -> Void)?) {
    var action = sigaction()
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = handler
    #else
      unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    // No SA_RESTART: a waiting call must return.
    unsafe sigaction(number, &action, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    #if canImport(Darwin)
      let handler = unsafe action.__sigaction_u.__sa_handler
    #else
      let handler = unsafe action.__sigaction_handler.sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
