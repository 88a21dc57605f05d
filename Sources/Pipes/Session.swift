/// One run of a stage over its inputs: reads, flushes before it waits, answers signals and clocks.
struct Session<S: Stage> {
  /// Output is written when so much has come together, or before waiting for input.
  private static var flushBytes: Int { 128 << 10 }

  var stage: S
  var output: Output
  var reader: LineReader
  private var progress: Progress
  private let inputs: [String]
  var isAtLastInput = false
  let sink: Sink
  private var sinkHasFailed = false
  let rejectsSink: Sink?
  let outputPath: String?
  let rejectsPath: String?
  var checkpoints: Checkpoints?
  private let rejectsPercentMax: Double?
  private let liveMilliseconds: Int64?
  private var memoryLimit: MemoryLimit?
  private let graceMilliseconds: Int64
  /// How many threads look at the blocks of a file.
  private let threads: Int
  let begin = ContinuousClock.now
  private var nextLive: Int64
  private var wakeDescriptor: Int32?

  init(_ stage: S, _ arguments: Arguments) throws(Failure) {
    self.stage = stage
    let program = S.program
    let limit = try RejectLimit(arguments)
    rejectsPercentMax = limit.percent
    inputs = arguments.operands.isEmpty ? ["-"] : arguments.operands
    for input in inputs where input != "-" {
      try System.checkInput(input)
    }
    let format = program.takes("format") ? arguments.value("format") : nil
    output = Output(
      program: program.name, format: format.flatMap(ReportFormat.init(rawValue:)) ?? .json,
      keepsRejects: arguments.value("rejects") != nil, rejectsMax: limit.count ?? .max,
      tableWidth: System.terminalWidth(System.standardOutput) ?? 100)
    reader = LineReader(lineBytesMax: try arguments.size("max-line") ?? 16 << 20)
    progress = Progress(
      name: program.name, choice: arguments.value("progress"), isQuiet: arguments.has("quiet"))
    try Self.checkFiles(arguments, inputs)
    checkpoints = try Checkpoints(arguments, for: program)
    let before = checkpoints?.restored?.driver
    outputPath = arguments.value("output")
    rejectsPath = arguments.value("rejects")
    let keptOutput = try before?.output.kept(of: outputPath, "output") ?? 0
    let keptRejects = try before?.rejects.kept(of: rejectsPath, "rejects") ?? 0
    sink = try Sink(arguments, keeping: keptOutput)
    output.sink = sink
    rejectsSink = try rejectsPath.map { path throws(Failure) in
      try Sink(creating: path, keeping: keptRejects)
    }
    liveMilliseconds = program.takes("live") ? try arguments.duration("live") : nil
    guard liveMilliseconds != 0 else { throw .usage("--live takes a duration longer than 0s") }
    graceMilliseconds = try arguments.duration("grace") ?? 5000
    nextLive = liveMilliseconds ?? 0
    memoryLimit = try MemoryLimit(arguments, for: program)
    threads = try Self.threadCount(arguments)
    try restore()
    try memoryLimit?.check(largestArrayBytes: self.stage.largestArrayBytes)
  }

  /// Every file that the run writes must be one of its own.
  private static func checkFiles(
    _ arguments: Arguments, _ inputs: [String]
  ) throws(Failure) {
    // Files that options name are read too.
    let read = S.program.allOptions.filter { option in
      option.value?.hasSuffix("FILE") ?? false
        && !["output", "rejects", "state"].contains(option.name)
    }
    let inputs = inputs + read.flatMap { arguments.values($0.name) }
    var written: [String] = []
    for option in ["output", "rejects", "state"] {
      guard let path = arguments.value(option) else { continue }
      let paths = option == "state" ? StateFile.paths(of: path) : [path]
      guard
        !paths.contains(where: { written.contains($0) || System.isSameFile($0, inputs + written) })
      else {
        throw .usage(
          "--\(option) '\(path)' is read or written by this run already: name another file")
      }
      written += paths
    }
  }

  /// What `--threads` says; one for each processor without it, and one where events pass.
  private static func threadCount(_ arguments: Arguments) throws(Failure) -> Int {
    guard S.program.takes("threads") else { return 1 }
    let count = try arguments.count("threads", in: 1...256)
    guard arguments.has("pass") else { return count ?? System.processorCount }
    guard count ?? 1 == 1 else {
      throw .usage("--threads \(count ?? 1) works on reports alone: leave it or --pass out")
    }
    return 1
  }

  /// Runs to the end of the inputs.
  ///
  /// - Returns: the signal that the process is to end by, 0 for none.
  mutating func run(_ console: inout Console) throws(Failure) -> Int32 {
    wakeDescriptor = Signals.install(graceMilliseconds: graceMilliseconds)
    System.enlargePipe(sink.descriptor)
    do {
      for (index, input) in inputs.enumerated() {
        isAtLastInput = index == inputs.count - 1
        guard try read(input, &console) else { break }
      }
      try save(&console)
      try stage.finish(into: &output)
    } catch {
      // What was complete goes out; then the failure is told.
      try? flush(&console)
      throw error
    }
    try flush(&console)
    try sink.close()
    try rejectsSink?.close()
    try finishRejects(&console)
    return Signals.ending
  }

  /// Reads one input to its end.
  ///
  /// - Returns: false when the run is to end now.
  private mutating func read(_ input: String, _ console: inout Console) throws(Failure) -> Bool {
    let descriptor = input == "-" ? System.standardInput : try System.openInput(input)
    defer { if input != "-" { _ = System.close(descriptor) } }
    let size = System.regularFileSize(descriptor)
    if size == nil { System.enlargePipe(descriptor) }
    reader.begin(input)
    if size != nil, try !resume(input, descriptor, &console) { return true }
    progress.expect(size.map { $0 - reader.position })
    if try readAll(input, descriptor, size, &console) { return true }
    // The last checkpoint looks at the input, which is open still.
    try save(&console)
    checkpoints?.close()
    return false
  }

  /// Reads an open input to its end.
  ///
  /// - Returns: false when the run is to end now.
  private mutating func readAll(
    _ input: String, _ descriptor: Int32, _ size: Int?, _ console: inout Console
  ) throws(Failure) -> Bool {
    if let size, threads > 1, size > 4 * LineReader.blockBytes, let lookout = stage.lookout {
      return try readAhead(input, descriptor, lookout, &console)
    }
    while true {
      if size == nil, try !wait(for: descriptor, &console) { return false }
      let before = reader.bytesSeen
      switch reader.fill(from: descriptor) {
      case .lines:
        try saveBefore(reader.lines, &console)
        try reader.withLines { (lines: inout LineBlock) throws(Failure) in
          try stage.accept(&lines, into: &output)
        }
        checkpoints?.advance(to: reader.position, nextNumber: reader.lines.nextNumber)
      case .longLine(let line):
        output.tally.lines += 1
        try output.reject(line)
        checkpoints?.advance(to: reader.position, nextNumber: reader.lines.nextNumber)
      case .nothing: break
      case .wouldBlock:
        if try !wait(for: descriptor, &console, mayBeReady: false) { return false }
      case .end:
        try checkpoints?.endInput()
        return true
      case .failure(let number): throw .cannotRead(input, number)
      }
      try count(reader.bytesSeen - before, &console)
      if output.bytes.count >= Self.flushBytes { try flush(&console) }
      if try !tick(&console) { return false }
    }
  }

  /// Counts bytes that were read: shows progress, and ends before the memory does.
  private mutating func count(_ bytes: Int, _ console: inout Console) throws(Failure) {
    if let line = progress.advance(bytes) { console.progress(line) }
    try memoryLimit?.check(afterBytes: bytes, largestArrayBytes: stage.largestArrayBytes)
  }

  /// Reads a regular file to its end, its lines looked at by several threads.
  ///
  /// - Returns: false when the run is to end now.
  private mutating func readAhead(
    _ input: String, _ descriptor: Int32, _ lookout: EventScanner, _ console: inout Console
  ) throws(Failure) -> Bool {
    var nextNumber = reader.lines.nextNumber
    var queue = BlockQueue(threads: threads, lookout, reader, descriptor)
    // Only the queue has it now, so that no thread copies its bytes.
    reader = LineReader(lineBytesMax: reader.lines.lineBytesMax)
    defer { reader = queue.close() }
    while let (piece, byteCount) = queue.take() {
      switch piece {
      case .lines(var block):
        block.nextNumber = nextNumber
        try saveBefore(block, &console)
        try stage.accept(&block, into: &output)
        nextNumber = block.nextNumber
        checkpoints?.advance(to: block.position, nextNumber: nextNumber)
        queue.recycle(block)
      case .longLine(var line):
        line.number = nextNumber
        nextNumber += 1
        output.tally.lines += 1
        try output.reject(line)
        checkpoints?.hold()
      case .failure(let number): throw .cannotRead(input, number)
      }
      try count(byteCount, &console)
      if output.bytes.count >= Self.flushBytes { try flush(&console) }
      if try !tick(&console) { return false }
    }
    try checkpoints?.endInput()
    return true
  }

  /// Waits until there is input; what has been written so far goes out first.
  ///
  /// - Returns: false when the run is to end now.
  private mutating func wait(
    for descriptor: Int32, _ console: inout Console, mayBeReady: Bool = true
  ) throws(Failure) -> Bool {
    let input = System.PollRequest(descriptor, .input)
    if mayBeReady, let ready = System.poll([input], timeoutMilliseconds: 0), ready[0] {
      return true
    }
    try flush(&console)
    while true {
      var requests = [input, System.PollRequest(sink.descriptor, .hangUp)]
      if let wakeDescriptor { requests.append(System.PollRequest(wakeDescriptor, .input)) }
      let ready = System.poll(requests, timeoutMilliseconds: timeout)
      if let ready, ready.count > 2, ready[2], let wakeDescriptor { Signals.drain(wakeDescriptor) }
      if let ready, ready[1] { try endWithoutReader() }
      if try !tick(&console) { return false }
      if let ready, ready[0] { return true }
    }
  }

  /// The reader of the output is gone: ends as a write would, though there is nothing to write.
  private func endWithoutReader() throws(Failure) {
    Signals.endByClosedPipe()
    throw Failure(.inputOutput, "cannot write to \(sink.name): its reader is gone")
  }

  /// How long to wait at most.
  private var timeout: Int32 {
    let now = milliseconds(since: begin)
    var next: Int64?
    if liveMilliseconds != nil { next = nextLive }
    if let left = Signals.millisecondsLeft { next = min(next ?? .max, now + left) }
    if let due = checkpoints?.due(lines: output.tally.lines) { next = min(next ?? due, due) }
    guard let next else { return -1 }
    return Int32(clamping: max(0, next - now))
  }

  /// Answers signals and the wall's clock.
  ///
  /// - Returns: false when the time to read on after an interrupt is over.
  private mutating func tick(_ console: inout Console) throws(Failure) -> Bool {
    if Signals.takeSnapshotRequest() {
      stage.snapshot(into: &output)
      try flush(&console)
    }
    if let liveMilliseconds {
      let now = milliseconds(since: begin)
      if now >= nextLive {
        nextLive = now - now % liveMilliseconds + liveMilliseconds
        stage.snapshot(into: &output)
        try flush(&console)
      }
    }
    try saveIfDue(&console)
    return !Signals.isOverdue
  }

  /// Writes what has come together.
  mutating func flush(_ console: inout Console) throws(Failure) {
    for notice in output.takeNotices() { console.notice(notice) }
    if let failure = output.sinkFailure { throw failure }
    if !output.bytes.isEmpty, !sinkHasFailed {
      console.clearProgress()
      // After a failure part of it may be out: it is not to be written again.
      sinkHasFailed = true
      try sink.write(output.bytes)
      sinkHasFailed = false
      output.bytes.removeAll(keepingCapacity: true)
    }
    if let rejectsSink { try rejectsSink.write(output.rejects.takePending()) }
  }

  private mutating func finishRejects(_ console: inout Console) throws(Failure) {
    for summary in output.rejects.summaries(of: output.tally.lines) { console.notice(summary) }
    guard let percent = rejectsPercentMax else { return }
    if Double(output.tally.rejected) * 100 > percent * Double(output.tally.lines) {
      throw Failure(.badData, "more than \(percent) % of the lines rejected")
    }
  }
}

/// How many rejected lines a run bears: `--strict`, `--max-rejects N` or `--max-rejects P%`.
struct RejectLimit {
  private(set) var count: Int?
  private(set) var percent: Double?

  init(_ arguments: Arguments) throws(Failure) {
    if arguments.has("strict") { count = 0 }
    guard let text = arguments.value("max-rejects") else { return }
    if text.hasSuffix("%"), let share = Double(text.dropLast()), share >= 0, share <= 100 {
      percent = share
    } else if let limit = Int(text), limit >= 0 {
      count = min(limit, count ?? limit)
    } else {
      throw .usage("--max-rejects takes a number like 100 or a share like 5%, not '\(text)'")
    }
  }
}
