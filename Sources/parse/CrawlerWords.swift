import Records

/// The words by which crawlers are known: the resource crawlers.txt, read at the start.
///
///     bot                 anywhere in the user agent
///     ^curl               at its beginning
///     ^magellan$          all of it
///     !cubot              a name that holds such a word and is none: left out before
///
/// Beside the words one form counts: `(compatible; … +http`, the address that a crawler gives for
/// questions. Cost: one look-up by three bytes for each place of a user agent.
struct CrawlerWords: Sendable {
  /// The project's own words.
  static let builtIn = CrawlerWords(PackageResources.crawlers_txt)

  private struct Word {
    let start: Int
    let end: Int
    let isAtStart: Bool
    let isAtEnd: Bool
    /// The word before it whose first bytes have the same place in ``last``; -1 for none.
    let previous: Int
  }

  /// How many bytes of a word find it: none is shorter.
  private static let keyBytes = 3

  private let text: [UInt8]
  private var words: [Word] = []
  /// The last word for each place of three bytes; -1 for none.
  private var last = [Int](repeating: -1, count: 4096)
  private var exceptions: [[UInt8]] = []

  /// The words of a text, one a line; lines that begin with `#` are comments.
  init(_ text: [UInt8]) {
    self.text = text
    for line in contentLines(of: text) { addLine(from: line.lowerBound, to: line.upperBound) }
  }

  private mutating func addLine(from start: Int, to end: Int) {
    if text[start] == UInt8(ascii: "!") {
      exceptions.append(Array(text[start + 1..<end]))
      return
    }
    let isAtStart = text[start] == UInt8(ascii: "^")
    let isAtEnd = text[end - 1] == UInt8(ascii: "$")
    let (first, behind) = (isAtStart ? start + 1 : start, isAtEnd ? end - 1 : end)
    precondition(behind - first >= CrawlerWords.keyBytes, "a word of crawlers.txt is too short")
    let place = CrawlerWords.place(of: text, at: first)
    words.append(
      Word(
        start: first, end: behind, isAtStart: isAtStart, isAtEnd: isAtEnd, previous: last[place]))
    last[place] = words.count - 1
  }

  private static func place(of bytes: [UInt8], at offset: Int) -> Int {
    let key =
      Int(bytes[offset]) | (Int(bytes[offset + 1]) << 8) | (Int(bytes[offset + 2]) << 16)
    return ((key &* 0x9E37_79B1) >> 12) & 4095
  }

  /// Whether one of the words is in the user agent between the offsets.
  func areIn(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    var agent = bytes.copy(from: start, to: end).map(\.lowercased)
    for exception in exceptions {
      while let first = agent.firstIndex(of: exception) {
        agent.removeSubrange(first..<first + exception.count)
      }
    }
    guard agent.count >= CrawlerWords.keyBytes else { return false }
    for offset in 0...agent.count - CrawlerWords.keyBytes {
      var number = last[CrawlerWords.place(of: agent, at: offset)]
      while number >= 0 {
        if isIn(agent, words[number], at: offset) { return true }
        number = words[number].previous
      }
    }
    return CrawlerWords.givesAddress(agent)
  }

  private func isIn(_ agent: [UInt8], _ word: Word, at offset: Int) -> Bool {
    let count = word.end - word.start
    guard !word.isAtStart || offset == 0, agent.count - offset >= count,
      !word.isAtEnd || agent.count - offset == count
    else { return false }
    return (0..<count).allSatisfy { agent[offset + $0] == text[word.start + $0] }
  }

  private static let compatible = Array("(compatible;".utf8)
  private static let address = Array("+http".utf8)

  /// Whether an address for questions stands in the first parenthesis that says `compatible`.
  private static func givesAddress(_ agent: [UInt8]) -> Bool {
    guard let first = agent.firstIndex(of: compatible) else { return false }
    let comment = agent[first...].prefix { $0 != UInt8(ascii: ")") }
    return Array(comment).firstIndex(of: address) != nil
  }
}
