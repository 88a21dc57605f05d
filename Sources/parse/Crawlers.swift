import Events
import Records

/// Tells from a user agent whether a crawler sent the request, by what crawlers use to call themselves.
///
/// The verdict on a user agent is kept, since few of them make most of the traffic: a look-up
/// costs one hash of its bytes.
struct Crawlers {
  private static let cacheCount = 4096
  private let words: CrawlerWords
  private let seed: UInt64
  private var cachedHashes: [UInt64]
  private var verdicts: [Bool]

  init(_ words: CrawlerWords) {
    self.words = words
    var generator = SystemRandomNumberGenerator()
    seed = generator.next()
    cachedHashes = Array(repeating: 0, count: Crawlers.cacheCount)
    verdicts = Array(repeating: false, count: Crawlers.cacheCount)
  }

  /// Whether the user agent between the offsets is a crawler's.
  mutating func isCrawler(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    guard start < end else { return false }
    let hash = byteHash(bytes, from: start, to: end, seed: seed)
    let index = Int(truncatingIfNeeded: hash) & (Crawlers.cacheCount - 1)
    if cachedHashes[index] == hash { return verdicts[index] }
    let verdict = words.areIn(bytes, from: start, to: end)
    cachedHashes[index] = hash
    verdicts[index] = verdict
    return verdict
  }
}

extension UInt8 {
  /// The small letter of a capital one, any other byte as it is.
  @inline(__always)
  var lowercased: UInt8 {
    self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
  }
}

extension Array where Element == UInt8 {
  /// Where a word begins, or `nil`.
  func firstIndex(of word: [UInt8]) -> Int? {
    guard let first = word.first, count >= word.count else { return nil }
    for start in 0...count - word.count where self[start] == first {
      if (1..<word.count).allSatisfy({ self[start + $0] == word[$0] }) { return start }
    }
    return nil
  }

  /// Whether a text stands in it.
  func contains(_ word: String) -> Bool { firstIndex(of: Array(word.utf8)) != nil }

  /// Whether it is a text, byte by byte.
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    // The pointer of a static string lives as long as the program.
    return text.withUTF8Buffer { buffer in unsafe elementsEqual(buffer) }
  }

  /// Replaces the content, keeping the memory.
  mutating func assign(_ source: Span<UInt8>, from start: Int, to end: Int) {
    removeAll(keepingCapacity: true)
    append(source, from: start, to: end)
  }
}
