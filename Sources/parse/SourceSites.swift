import Events
import Records

/// The known sites that visitors come from: what kind each is, and the name it goes by.
///
///     google.de             search, "google"        m.facebook.com     social
///     utm_source=fb         social                  gemini.google.com  assistant
///
/// The table is the resource sources.txt, read at the start. A look-up costs a hash for each label
/// of the host.
struct SourceSites: Sendable {
  /// The project's own table.
  static let builtIn = SourceSites(PackageResources.sources_txt)

  /// The kinds of site that the rules tell apart.
  enum Kind: String, Sendable {
    case search
    case social
    case video
    case shopping
    case assistant
  }

  /// A site: its kind and its name.
  struct Site: Sendable {
    let kind: Kind
    /// The name as a source, `google`.
    let name: [UInt8]
  }

  private struct Entry: Sendable {
    var start: UInt32 = 0
    var count: UInt32 = 0
    var site: UInt32 = 0
    /// Whether the hosts below it belong to it.
    var holdsSubdomains = false
  }

  private let text: [UInt8]
  private var sites: [Site] = []
  private var entries: [Entry]

  /// The table of a text; lines that begin with `#` are comments.
  init(_ source: [UInt8]) {
    // Padding, since keys are hashed in words.
    text = source + [UInt8](repeating: 0, count: 8)
    entries = Array(repeating: Entry(), count: 8192)
    for line in contentLines(of: source) { addLine(from: line.lowerBound, to: line.upperBound) }
  }

  private mutating func addLine(from start: Int, to end: Int) {
    var words: [Range<Int>] = []
    var offset = start
    while offset < end {
      let wordEnd = text.span.firstOffset(of: ASCII.space, from: offset, to: end)
      words.append(offset..<wordEnd)
      offset = wordEnd + 1
    }
    guard words.count > 2, let kind = Kind(rawValue: text.span.text(words[0])) else { return }
    let number = UInt32(sites.count)
    sites.append(Site(kind: kind, name: Array(text[words[1]])))
    for word in words.dropFirst(2) {
      // The equals sign stands for the name itself.
      var key = text[word.lowerBound] == UInt8(ascii: "=") ? words[1] : word
      var holdsSubdomains = kind != .search
      if text[key.lowerBound] == UInt8(ascii: "*") {
        key = key.lowerBound + 2..<key.upperBound
        holdsSubdomains = true
      }
      // `google.*` is kept as `google.`
      if text[key.upperBound - 1] == UInt8(ascii: "*") { key = key.lowerBound..<key.upperBound - 1 }
      insert(
        Entry(
          start: UInt32(key.lowerBound), count: UInt32(key.count), site: number,
          holdsSubdomains: holdsSubdomains))
    }
  }

  private mutating func insert(_ entry: Entry) {
    let start = Int(entry.start)
    let hash = byteHash(
      text.span, from: start, to: start + Int(entry.count), seed: fingerprintSeed)
    var index = Int(truncatingIfNeeded: hash) & (entries.count - 1)
    while entries[index].count > 0 { index = (index + 1) & (entries.count - 1) }
    entries[index] = entry
  }

  private func entry(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Entry? {
    let hash = byteHash(bytes, from: start, to: end, seed: fingerprintSeed)
    var index = Int(truncatingIfNeeded: hash) & (entries.count - 1)
    while entries[index].count > 0 {
      let candidate = entries[index]
      if Int(candidate.count) == end - start {
        let first = Int(candidate.start)
        var offset = 0
        while offset < end - start, text[first + offset] == bytes[start + offset] { offset += 1 }
        if offset == end - start { return candidate }
      }
      index = (index + 1) & (entries.count - 1)
    }
    return nil
  }

  /// The site of a host or of a campaign's source, in small letters; eight bytes must follow it.
  func site(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Site? {
    var labelStart = start
    if end - start > 4, bytes.equals([0x77, 0x77, 0x77, 0x2E], from: start, to: start + 4) {
      labelStart += 4
    }
    let first = labelStart
    while labelStart < end {
      for keyEnd in [end, countryStart(bytes, from: labelStart, to: end)] where keyEnd > labelStart
      {
        if let entry = entry(bytes, from: labelStart, to: keyEnd),
          labelStart == first || entry.holdsSubdomains
        {
          return sites[Int(entry.site)]
        }
      }
      labelStart = bytes.firstOffset(of: ASCII.period, from: labelStart, to: end) + 1
    }
    return nil
  }

  /// Where the part of a host begins that names a country: behind `google.` in `google.co.uk`.
  private func countryStart(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    var last = end
    while last > start, bytes[last - 1] != ASCII.period { last -= 1 }
    guard last > start, end - last == 2 || end - last == 3 else { return start }
    var second = last - 1
    while second > start, bytes[second - 1] != ASCII.period { second -= 1 }
    let secondCount = last - 1 - second
    return second > start && secondCount >= 2 && secondCount <= 3 && end - last == 2
      ? second : last
  }
}

extension Span where Element == UInt8 {
  /// The bytes of a range as text.
  func text(_ range: Range<Int>) -> String { text(from: range.lowerBound, to: range.upperBound) }
}

/// The lines of a resource that is a table: all but empty ones and comments, which begin with `#`.
func contentLines(of text: [UInt8]) -> [Range<Int>] {
  var lines: [Range<Int>] = []
  var start = 0
  while start < text.count {
    let end = text.span.firstOffset(of: ASCII.newline, from: start, to: text.count)
    if end > start, text[start] != UInt8(ascii: "#") { lines.append(start..<end) }
    start = end + 1
  }
  return lines
}
