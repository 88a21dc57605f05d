import Records

/// The blocks of a file between reading and their turn; several threads look at them ahead.
///
///     read ─► [ scanned │ being scanned │ waits │ waits ] ─► taken in the order of the file
///                             threads look at the first that waits
///
/// Looking at a line depends on that line alone, and all that depends on order is done by the one
/// thread that takes the blocks. So the answer is the same with any number of threads, byte for
/// byte. The taker scans too while it would wait.
/// Cost: two blocks a thread with their fields, about 1 MB.
struct BlockQueue {
  /// What stands in its place in the file.
  enum Piece: Sendable {
    case lines(LineBlock)
    /// A line that was too long, already skipped.
    case longLine(RejectedLine)
    /// What ended the reading, the number of the error.
    case failure(Int32)
  }

  private enum Progress {
    case waits
    case isScanned
    /// A thread has it.
    case isAway
  }

  private struct Entry: Sendable {
    var piece: Piece?
    var progress: Progress
  }

  private struct State: Sendable {
    var entries: [Entry] = []
    /// Number of the first entry; they are counted from 0 over the whole run.
    var first = 0
    var isOver = false

    /// Takes the first block that waits away to be scanned.
    mutating func takeWaiting() -> (number: Int, block: LineBlock)? {
      guard let index = entries.firstIndex(where: { $0.progress == .waits }),
        case .lines(let block) = entries[index].piece
      else { return nil }
      entries[index] = Entry(piece: nil, progress: .isAway)
      return (first + index, block)
    }

    mutating func putBack(_ number: Int, _ block: LineBlock) {
      entries[number - first] = Entry(piece: .lines(block), progress: .isScanned)
    }
  }

  private let monitor = Monitor(State())
  private let capacity: Int
  private var scanner: EventScanner
  private var spares: [LineBlock] = []

  /// A queue whose blocks the calling thread and `threads - 1` others scan.
  init(threads: Int, _ scanner: EventScanner) {
    self.scanner = scanner
    capacity = 2 * threads
    for _ in 1..<threads {
      let monitor = monitor
      // Without a thread the others do its work.
      _ = System.startThread { Self.work(on: monitor, scanner) }
    }
  }

  private static func work(on monitor: Monitor<State>, _ scanner: EventScanner) {
    var scanner = scanner
    while true {
      let job: (number: Int, block: LineBlock)? = monitor.wait { state in
        if let job = state.takeWaiting() { return .some(job) }
        return state.isOver ? .some(nil) : nil
      }
      guard let job else { return }
      let number = job.number
      var block = job.block
      scanner.scanAll(&block)
      monitor.use { $0.putBack(number, block) }
    }
  }

  /// Whether another piece may be put in.
  var hasRoom: Bool { monitor.use { $0.entries.count < capacity } }

  /// A block that has been used, or a new one.
  mutating func spareBlock() -> LineBlock { spares.popLast() ?? LineBlock() }

  /// Keeps a block for ``spareBlock()``.
  mutating func recycle(_ block: LineBlock) { spares.append(block) }

  /// Adds the next piece of the file.
  func put(_ piece: Piece) {
    var progress = Progress.isScanned
    if case .lines = piece { progress = .waits }
    monitor.use { $0.entries.append(Entry(piece: piece, progress: progress)) }
  }

  /// Takes the first piece, its lines scanned; `nil` where there is none.
  mutating func take() -> Piece? {
    while true {
      enum Step {
        case done(Piece?)
        case scan(Int, LineBlock)
      }
      let step: Step = monitor.wait { state in
        guard let entry = state.entries.first else { return .done(nil) }
        if entry.progress == .isScanned {
          state.entries.removeFirst()
          state.first += 1
          return .done(entry.piece)
        }
        return state.takeWaiting().map { .scan($0.number, $0.block) }
      }
      switch step {
      case .done(let piece): return piece
      case .scan(let number, var block):
        scanner.scanAll(&block)
        monitor.use { $0.putBack(number, block) }
      }
    }
  }

  /// Lets the threads end.
  func close() { monitor.use { $0.isOver = true } }
}
