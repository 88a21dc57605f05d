import Records

/// What happens to lines on their way: some come late, some twice, some are joined by broken ones.
///
///     written ─┬─────────────────────────────▶ output
///              ├─ late: held, until newer ones have passed ─▶
///              └─ duplicate: a copy held ────────────────────▶
///
/// What is held waits in a heap by the time of its release; it is released behind a line that is at
/// least as new as that.
struct Delivery: Sendable {
  private struct Held {
    let release: Int64
    let order: Int
    let line: [UInt8]

    func comes(before other: Held) -> Bool {
      release < other.release || release == other.release && order < other.order
    }
  }

  /// Lines that came late.
  private(set) var late = 0
  /// Lines that came twice.
  private(set) var duplicates = 0
  /// Broken lines added.
  private(set) var broken = 0

  private let noise: Noise
  private let isLog: Bool
  private var stream: RandomStream
  private var held: [Held] = []
  private var order = 0

  /// The delivery of a scenario's lines; of an access log or of JSON records.
  init(_ scenario: Scenario, isLog: Bool) {
    noise = scenario.noise
    self.isLog = isLog
    stream = RandomStream(seed: scenario.seed, .delivery)
  }

  /// Decides what becomes of the line that begins at `start`.
  mutating func deliver(lineFrom start: Int, at time: Int64, in bytes: inout [UInt8]) {
    let isLate = noise.late > 0 && stream.happens(noise.late)
    let isDuplicate = noise.duplicates > 0 && stream.happens(noise.duplicates)
    let isBroken = noise.broken > 0 && stream.happens(noise.broken)
    guard isLate || isDuplicate || isBroken || !held.isEmpty else { return }
    let end = bytes.count
    if isBroken {
      broken += 1
      let line = bytes.span.copy(from: start, to: end - 1)
      bytes.append(contentsOf: BrokenLine.made(of: line, isLog: isLog, &stream))
      bytes.append(ASCII.newline)
    }
    if isLate || isDuplicate {
      let line = bytes.span.copy(from: start, to: end)
      if isDuplicate {
        duplicates += 1
        hold(line, until: time + 1 + Int64(stream.below(60_000)))
      }
      if isLate {
        late += 1
        hold(line, until: time + 1 + Int64(stream.below(Int(noise.lateBy))))
        bytes.removeSubrange(start..<end)
        return
      }
    }
    release(until: time, into: &bytes)
  }

  /// Writes what is still held.
  mutating func finish(into bytes: inout [UInt8]) { release(until: .max, into: &bytes) }

  private mutating func release(until time: Int64, into bytes: inout [UInt8]) {
    while let first = held.first, first.release <= time {
      bytes.append(contentsOf: first.line)
      removeFirst()
    }
  }

  private mutating func hold(_ line: [UInt8], until release: Int64) {
    held.append(Held(release: release, order: order, line: line))
    order += 1
    var child = held.count - 1
    while child > 0, held[child].comes(before: held[(child - 1) / 2]) {
      held.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func removeFirst() {
    held.swapAt(0, held.count - 1)
    held.removeLast()
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= held.count { return }
      if child + 1 < held.count, held[child + 1].comes(before: held[child]) { child += 1 }
      if held[parent].comes(before: held[child]) { return }
      held.swapAt(parent, child)
      parent = child
    }
  }
}
