import Records

/// What a run with `--state` goes on from, how far it is, and when it notes that.
///
///     read FILE.state ─ decode ─ skip what was read ─ … ─ every 30 s: output, rejects, state ─ … ─ end
///
/// Everything before a checkpoint's position is in its state and in the outputs up to its lengths,
/// and nothing behind it is: so that files read with `--output` give each line's effect exactly once.
/// On a pipe the state goes on with whatever comes next.
struct Checkpoints {
  private enum Interval {
    case milliseconds(Int64)
    case lines(Int)
  }

  let file: StateFile
  /// What the file held at the start.
  private(set) var restored: (driver: DriverState, lines: [StateLine])?
  private let interval: Interval
  private let options: RunOptions
  /// Inputs of earlier runs that this one has not met.
  private var unmet: [InputPosition]
  /// The inputs of this run that are behind it.
  private var done: [InputPosition] = []
  /// The regular file that is being read, and its descriptor.
  private var current: (position: InputPosition, descriptor: Int32)?
  /// Whether the position lags behind what was taken.
  private var isHeld = false
  /// Whether no checkpoint is made any more.
  private var isClosed = false
  private var lastLines = 0
  private var lastMilliseconds: Int64 = 0

  /// What `--state` and `--checkpoint-every` say; `nil` without a state.
  init?(_ arguments: Arguments, for program: Program) throws(Failure) {
    let every = arguments.value("checkpoint-every")
    guard let path = arguments.value("state") else {
      guard every == nil else {
        throw .usage("--checkpoint-every needs --state FILE, which it says when to write")
      }
      return nil
    }
    if let every {
      if let lines = Int(every), lines > 0 {
        interval = .lines(lines)
      } else if let duration = parseDuration(every), duration > 0 {
        interval = .milliseconds(duration)
      } else {
        throw .usage(
          "--checkpoint-every takes a duration like 30s or a number of lines, not '\(every)'")
      }
    } else {
      interval = .milliseconds(30_000)
    }
    options = try RunOptions(arguments, for: program)
    file = try StateFile(path, of: program.name)
    restored = try file.read()
    unmet = restored?.driver.inputs ?? []
    guard let before = restored?.driver.options, before != options else { return }
    throw Failure(
      .badData,
      "'\(path)' is of a run with other options (\(options.firstDifference(from: before) ?? "")): go"
        + " on with the same ones, or begin anew without it")
  }

  /// Forgets what the file held, when it is in the stage.
  mutating func forgetRestored() { restored = nil }

  /// So many lines are in the state already.
  mutating func noteStart(lines: Int) { lastLines = lines }

  /// Begins a regular file.
  ///
  /// - Returns: where to begin; an input that was read to its end before and has not grown is to be
  ///   left out.
  mutating func begin(_ name: String, _ descriptor: Int32) throws(Failure) -> InputPosition {
    var position = InputPosition(name, descriptor)
    if let before = try takeUnmet(name, descriptor) {
      try before.check(descriptor)
      position.offset = before.offset
      position.nextNumber = before.nextNumber
      position.isFinished = before.offset == System.regularFileSize(descriptor)
    } else if name == "-" {
      position.offset = try System.offset(descriptor, of: name)
    }
    current = (position, descriptor)
    return position
  }

  /// Takes what earlier runs know of a file away from what this one has not met: of the file itself,
  /// else of one that it is a copy of.
  private mutating func takeUnmet(
    _ name: String, _ descriptor: Int32
  ) throws(Failure) -> InputPosition? {
    for index in unmet.indices where try unmet[index].isSame(as: name, descriptor) {
      return unmet.remove(at: index)
    }
    for index in unmet.indices where try unmet[index].isCopied(by: descriptor) {
      return unmet.remove(at: index)
    }
    return nil
  }

  /// Whether a regular file is being read.
  var isAtFile: Bool { current != nil }

  /// The lines before this place have been taken.
  mutating func advance(to offset: Int, nextNumber: Int) {
    current?.position.offset = offset
    current?.position.nextNumber = nextNumber
    isHeld = false
  }

  /// What is taken from now on is in no checkpoint.
  ///
  /// A last line without a newline may be the beginning of one that is still written: its effect is
  /// in this run's output, and the next run reads it again, whole or as it was.
  mutating func close() { isClosed = true }

  /// Whether a checkpoint may be made now.
  var isOpen: Bool { !isHeld && !isClosed }

  /// More has been taken than the position says: no checkpoint until it does.
  mutating func hold() { isHeld = true }

  /// The input at hand was read to its end.
  mutating func endInput() throws(Failure) {
    guard let (before, descriptor) = current else { return }
    var position = before
    position.offset = max(
      position.offset, try System.offset(descriptor, of: position.name))
    if let size = System.regularFileSize(descriptor) {
      position.offset = min(position.offset, size)
    }
    position.isFinished = true
    try position.sample(descriptor)
    done.append(position)
    current = nil
    isHeld = false
  }

  /// Whether it is time for a checkpoint.
  func isDue(lines: Int, milliseconds: Int64) -> Bool {
    guard lines > lastLines, isOpen else { return false }
    switch interval {
    case .lines(let count): return lines - lastLines >= count
    case .milliseconds(let duration): return milliseconds - lastMilliseconds >= duration
    }
  }

  /// When a checkpoint is due if no line comes; `nil` where none is.
  func due(lines: Int) -> Int64? {
    guard lines > lastLines, isOpen, case .milliseconds(let duration) = interval else {
      return nil
    }
    return lastMilliseconds + duration
  }

  /// Notes a checkpoint at this moment of the run; gives what the driver has to say.
  mutating func note(lines: Int, milliseconds: Int64) throws(Failure) -> DriverState {
    lastLines = lines
    lastMilliseconds = milliseconds
    var driver = DriverState(options: options)
    driver.inputs = unmet + done
    if let (before, descriptor) = current {
      var position = before
      if let size = System.regularFileSize(descriptor) {
        position.offset = min(position.offset, size)
      }
      try position.sample(descriptor)
      driver.inputs.append(position)
    }
    return driver
  }
}
