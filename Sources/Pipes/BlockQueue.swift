import Records

/// The blocks of a file between reading and their turn; several threads read and look at them ahead.
///
///     file ─► reader ─► [ scanned │ away │ scanned │ away ] ─► taken in the order of the file
///             one thread at a time reads, and scans what it read itself
///
/// Looking at a line depends on that line alone, and all that depends on order is done by the one
/// thread that takes the blocks. So the answer is the same with any number of threads, byte for
/// byte. The taker reads and scans too while it would wait.
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

  private struct Entry: Sendable {
    /// `nil` while a thread has it.
    var piece: Piece?
    /// How many bytes were read for it.
    let byteCount: Int
  }

  private struct State: Sendable {
    var entries: [Entry] = []
    /// Number of the first entry; they are counted from 0 over the whole run.
    var first = 0
    /// `nil` while a thread reads.
    var reader: LineReader?
    /// Whether nothing more is to be read.
    var isOver = false
    /// Blocks that have been used.
    var spares: [LineBlock] = []

    var hasRoom: Bool { !isOver && reader != nil && entries.count < capacity }
    let capacity: Int

    /// Takes the reader away, where there is room for what it reads, and a block to exchange.
    mutating func takeReader() -> (reader: LineReader, spare: LineBlock)? {
      guard hasRoom, let taken = reader else { return nil }
      reader = nil
      return (taken, spares.popLast() ?? LineBlock())
    }

    /// Puts a piece whose lines the same thread scans next into its place.
    mutating func put(_ piece: Piece?, byteCount: Int) -> Int {
      entries.append(Entry(piece: piece, byteCount: byteCount))
      return first + entries.count - 1
    }
  }

  private let monitor: Monitor<State>
  private let descriptor: Int32
  private var scanner: EventScanner

  /// A queue that the calling thread and `threads - 1` others fill from a file.
  init(threads: Int, _ scanner: EventScanner, _ reader: LineReader, _ descriptor: Int32) {
    self.scanner = scanner
    self.descriptor = descriptor
    monitor = Monitor(State(reader: reader, capacity: 2 * threads))
    for _ in 1..<threads {
      let monitor = monitor
      // Without a thread the others do its work.
      _ = System.startThread {
        var scanner = scanner
        while let (reader, spare) = monitor.wait({ state in
          state.takeReader().map { .some($0) } ?? (state.isOver ? .some(nil) : nil)
        }) {
          Self.fill(monitor, reader, spare, descriptor, &scanner)
        }
      }
    }
  }

  /// Reads the next piece of the file into the queue, and scans it.
  private static func fill(
    _ monitor: Monitor<State>, _ taken: consuming LineReader, _ spare: consuming LineBlock,
    _ descriptor: Int32, _ scanner: inout EventScanner
  ) {
    var (reader, block) = (taken, spare)
    let before = reader.bytesSeen
    var piece: Piece?
    var hasLines = false
    var isOver = false
    switch reader.fill(from: descriptor) {
    case .lines:
      reader.exchange(&block)
      hasLines = true
    case .longLine(let line): piece = .longLine(line)
    case .nothing, .wouldBlock: break
    case .end: isOver = true
    case .failure(let number):
      piece = .failure(number)
      isOver = true
    }
    let byteCount = reader.bytesSeen - before
    let number = monitor.use { state in
      state.reader = reader
      if isOver { state.isOver = true }
      if !hasLines { state.spares.append(block) }
      return hasLines || piece != nil ? state.put(piece, byteCount: byteCount) : 0
    }
    guard hasLines else { return }
    scanner.scanAll(&block)
    monitor.use { $0.entries[number - $0.first].piece = .lines(block) }
  }

  /// Keeps a block that has been used for the next reading.
  func recycle(_ block: LineBlock) { monitor.use { $0.spares.append(block) } }

  /// Takes the first piece, its lines scanned, with the number of bytes that were read for it.
  ///
  /// - Returns: `nil` at the end of the file.
  mutating func take() -> (piece: Piece, byteCount: Int)? {
    enum Step {
      case done((Piece, Int)?)
      case fill(LineReader, LineBlock)
    }
    while true {
      let step: Step = monitor.wait { state in
        if let entry = state.entries.first, let piece = entry.piece {
          state.entries.removeFirst()
          state.first += 1
          return .done((piece, entry.byteCount))
        }
        if let (reader, spare) = state.takeReader() { return .fill(reader, spare) }
        return state.isOver && state.entries.isEmpty ? .done(nil) : nil
      }
      switch step {
      case .done(let result): return result
      case .fill(let reader, let spare):
        Self.fill(monitor, reader, spare, descriptor, &scanner)
      }
    }
  }

  /// Lets the threads end.
  ///
  /// - Returns: the reader, which no thread uses any more.
  func close() -> LineReader {
    monitor.wait { state in
      state.isOver = true
      guard let reader = state.reader else { return nil }
      state.reader = nil
      return reader
    }
  }
}
