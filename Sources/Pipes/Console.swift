/// Standard error: what the program says to people.
struct Console {
  private let name: String
  private let isQuiet: Bool
  /// Whether a message could not be written; the program then ends with a failure.
  private(set) var hasFailed = false
  /// Whether the last thing written is a progress line that the next message must replace.
  private var hasProgress = false

  init(name: String, isQuiet: Bool) {
    self.name = name
    self.isQuiet = isQuiet
  }

  /// Says what went on, unless the user wants quiet.
  mutating func notice(_ text: String) {
    if !isQuiet { error(text) }
  }

  /// Says what went wrong.
  mutating func error(_ text: String) {
    clearProgress()
    write("\(name): \(text)\n")
  }

  /// Replaces the progress line.
  mutating func progress(_ text: String) {
    write("\r\u{1B}[K\(text)")
    hasProgress = true
  }

  /// Takes the progress line away.
  mutating func clearProgress() {
    guard hasProgress else { return }
    write("\r\u{1B}[K")
    hasProgress = false
  }

  private mutating func write(_ text: String) {
    if System.write(System.standardError, Array(text.utf8)) != 0 { hasFailed = true }
  }
}
