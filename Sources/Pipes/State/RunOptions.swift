import Events
import Records

/// The options of a run that its state depends on: another run may go on with the state only where
/// they are the same.
///
///     funnel --steps A,B --within 7d --output x    →  --steps=A,B --within=7d
///
/// Of a file that an option names only the content counts. Where the output goes, how much is said and
/// how the work is done change no state, and are left out.
struct RunOptions: Sendable, Equatable {
  /// Options that change nothing of what a run knows.
  private static let neutral: Set<String> = [
    "output", "format", "rejects", "strict", "max-rejects", "max-line", "check", "grace", "every",
    "live", "threads", "progress", "quiet", "state", "checkpoint-every", "inspect", "partial",
    "max-memory",
  ]

  /// Each option with its value, ordered by name.
  let words: [String]

  init(_ arguments: Arguments, for program: Program) throws(Failure) {
    var words: [String] = []
    for option in program.allOptions.sorted(by: { $0.name < $1.name })
    where !Self.neutral.contains(option.name) {
      for value in arguments.values(option.name) {
        guard let kind = option.value else {
          words.append("--\(option.name)")
          continue
        }
        guard kind.hasSuffix("FILE") else {
          words.append("--\(option.name)=\(value)")
          continue
        }
        try Self.checkFile(value, of: option.name)
        let hash = Self.hash(try fileContents(value))
        words.append("--\(option.name) (content \(Self.hexadecimal(hash)))")
      }
    }
    self.words = words
  }

  /// A file that is read a second time for its content must have it then too.
  private static func checkFile(_ path: String, of option: String) throws(Failure) {
    let descriptor = try System.openInput(path)
    defer { _ = System.close(descriptor) }
    guard System.regularFileSize(descriptor) != nil else {
      throw .usage(
        "a state belongs to the content of --\(option): '\(path)' must be a file that stays, no pipe"
      )
    }
  }

  /// Options that were written to a state.
  init(_ state: inout StateReader) throws(StateError) {
    var words: [String] = []
    for _ in 0..<(try state.count(upTo: 10_000)) {
      words.append(String(decoding: try state.text(), as: UTF8.self))
    }
    self.words = words
  }

  func encode(into state: inout StateWriter) {
    state.write(words.count)
    for word in words { state.write(Array(word.utf8)) }
  }

  /// Sixteen hexadecimal digits that stand for the options.
  var digest: String {
    var bytes: [UInt8] = []
    for word in words {
      bytes.append(word)
      bytes.append(ASCII.newline)
    }
    return Self.hexadecimal(Self.hash(bytes))
  }

  /// The first word that one of two runs has and the other has not.
  func firstDifference(from other: RunOptions) -> String? {
    words.first { !other.words.contains($0) } ?? other.words.first { !words.contains($0) }
  }

  /// A hash that is the same in every process.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    let padded = bytes + [UInt8](repeating: 0, count: 16)
    return byteHash(padded.span, from: 0, to: bytes.count, seed: fingerprintSeed)
  }

  /// A word as sixteen digits.
  static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
