/// The progress of reading: how much of how much, how fast, how long yet.
///
///     funnel  [████████████░░░░░░░░]  61 %  412 MB/s  2 s left
struct Progress {
  private static let intervalMilliseconds: Int64 = 200
  /// Short work shows nothing.
  private static let silenceMilliseconds: Int64 = 1000

  private let isShown: Bool
  private let isForced: Bool
  private let name: String
  private let begin = ContinuousClock.now
  private var lastShown: Int64 = 0
  private var bytesRead = 0
  private var bytesTotal: Int?

  /// - Parameter choice: the value of `--progress`; by itself only on a terminal.
  init(name: String, choice: String?, isQuiet: Bool) {
    self.name = name
    isForced = choice == "always"
    isShown =
      !isQuiet && (isForced || choice != "never" && System.isTerminal(System.standardError))
  }

  /// Says how much there is to read in all, where that is known.
  mutating func expect(_ bytes: Int?) { bytesTotal = bytes }

  /// Counts bytes, and gives the line to show when it is time for one.
  mutating func advance(_ bytes: Int) -> String? {
    bytesRead += bytes
    guard isShown, isForced || bytesTotal != nil else { return nil }
    let elapsed = milliseconds(since: begin)
    guard elapsed >= (isForced ? 0 : Progress.silenceMilliseconds),
      elapsed - lastShown >= Progress.intervalMilliseconds
    else { return nil }
    lastShown = elapsed
    return line(elapsed)
  }

  private func line(_ elapsed: Int64) -> String {
    let rate = Double(bytesRead) / Double(max(elapsed, 1)) * 1000
    let speed = "\(Int(rate / 1e6)) MB/s"
    guard let total = bytesTotal, total > 0 else {
      return "\(name)  \(bytesRead / 1_000_000) MB  \(speed)"
    }
    let share = min(1, Double(bytesRead) / Double(total))
    let full = Int(share * 20)
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
    let left = Int((Double(total - min(bytesRead, total)) / max(rate, 1)).rounded(.up))
    return "\(name)  [\(bar)]  \(Int(share * 100)) %  \(speed)  \(left) s left"
  }
}

/// Whole milliseconds since a moment on the wall's monotonic clock.
func milliseconds(since begin: ContinuousClock.Instant) -> Int64 {
  let elapsed = begin.duration(to: .now).components
  return elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
}
