import Events
import Records

/// Makes a message of the Segment spec from a line of an access log.
///
///     200 /pricing        Page Viewed        404 /x.html     Request Failed
///     200 /logo.png       Asset Requested    304 /a.css      Asset Requested
///
/// The visitor is a hash of address and user agent, as `anonymousId`; with `--visitor day` of the
/// UTC day too, as GoAccess counts, so that nobody returns; with `--visitor cookie` it is the
/// quoted field behind the user agent.
struct AccessLogReader {
  /// What tells visitors apart.
  enum Visitor: String, CaseIterable {
    case agent
    case day
    case cookie
  }

  let visitor: Visitor
  let times: TimeReader
  private var hashed: [UInt8] = []
  private var text: [UInt8] = []

  init(visitor: Visitor, times: TimeReader) {
    self.visitor = visitor
    self.times = times
  }

  /// What pages and downloads are made of: names of files that end so are no pages.
  private let assets =
    """
    css js mjs map png jpg jpeg gif svg ico webp avif bmp tif tiff woff woff2 ttf otf eot mp3 mp4 m4a \
    m4v ogg ogv oga wav webm flv avi mov mpg mpeg swf wasm json txt pdf zip gz tgz bz2 xz zst tar rar \
    7z jar exe msi dmg iso deb rpm apk csv doc docx xls xlsx ppt pptx
    """.split(separator: " ").map { AccessLogReader.word(of: Array($0.utf8)) }

  /// Adds the message of a line, with its newline, to `message`.
  mutating func read(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, isCombined: Bool,
    into message: inout [UInt8]
  ) throws(RecordError) {
    if let bad = firstInvalidUTF8(bytes, from: start, to: end) {
      throw RecordError("invalid UTF-8", at: bad)
    }
    let entry = try AccessLogEntry(bytes, from: start, to: end, isCombined: isCombined)
    let moment = try times.moment(
      text: bytes, from: entry.time.lowerBound, to: entry.time.upperBound)
    let request = Request(bytes, entry.request)
    let isAsset = isAsset(request.path, bytes)
    message.append(static: "{\"event\":\"")
    message.append(
      static: entry.status >= 400
        ? "Request Failed" : isAsset ? "Asset Requested" : "Page Viewed")
    message.append(ASCII.quote)
    appendVisitor(entry, moment, bytes, to: &message)
    message.append(static: ",\"timestamp\":\"")
    moment.append(to: &message)
    message.append(static: "\",\"channel\":\"web\",\"type\":\"")
    message.append(static: entry.status < 400 && !isAsset ? "page" : "track")
    message.append(static: "\",\"properties\":{")
    if !request.method.isEmpty {
      message.append(static: "\"method\":")
      append(request.method, bytes, to: &message)
      message.append(ASCII.comma)
    }
    message.append(static: "\"status\":")
    message.append(integer: entry.status)
    // A number of JSON has no zeros before it.
    var size = entry.byteCount
    while size.count > 1, bytes[size.lowerBound] == ASCII.zero { size.removeFirst() }
    if !size.isEmpty {
      message.append(static: ",\"bytes\":")
      message.append(bytes, from: size.lowerBound, to: size.upperBound)
    }
    if !request.version.isEmpty {
      message.append(static: ",\"protocol\":")
      append(request.version, bytes, to: &message)
    }
    message.append(static: "},\"context\":{\"page\":{\"url\":")
    append(request.target, bytes, to: &message)
    message.append(static: ",\"path\":")
    append(request.path, bytes, to: &message)
    if !AccessLogEntry.isNone(entry.referrer, in: bytes) {
      message.append(static: ",\"referrer\":")
      append(entry.referrer, bytes, to: &message)
    }
    if !request.search.isEmpty {
      message.append(static: ",\"search\":")
      append(request.search, bytes, to: &message)
    }
    message.append(static: "},\"ip\":")
    append(entry.address, bytes, to: &message)
    if !AccessLogEntry.isNone(entry.userAgent, in: bytes) {
      message.append(static: ",\"userAgent\":")
      append(entry.userAgent, bytes, to: &message)
    }
    message.append(static: "}}\n")
  }

  private func isAsset(_ path: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var offset = path.upperBound
    while offset > path.lowerBound, path.upperBound - offset <= 5 {
      offset -= 1
      if bytes[offset] == ASCII.slash { return false }
      if bytes[offset] == ASCII.period {
        var suffix: UInt64 = 0
        for index in offset + 1..<path.upperBound {
          suffix = suffix << 8 | UInt64(bytes[index].lowercased)
        }
        return assets.contains(suffix)
      }
    }
    return false
  }

  /// The letters of a short word as a number.
  private static func word(of letters: [UInt8]) -> UInt64 {
    letters.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func appendVisitor(
    _ entry: AccessLogEntry, _ moment: Moment, _ bytes: Span<UInt8>, to message: inout [UInt8]
  ) {
    if !entry.user.isEmpty {
      message.append(static: ",\"userId\":")
      append(entry.user, bytes, to: &message)
    }
    message.append(static: ",\"anonymousId\":")
    if visitor == .cookie, !AccessLogEntry.isNone(entry.cookie, in: bytes) {
      append(entry.cookie, bytes, to: &message)
      return
    }
    hashed.removeAll(keepingCapacity: true)
    hashed.append(bytes, from: entry.address.lowerBound, to: entry.address.upperBound)
    hashed.append(ASCII.space)
    hashed.append(bytes, from: entry.userAgent.lowerBound, to: entry.userAgent.upperBound)
    if visitor == .day {
      hashed.append(ASCII.space)
      hashed.append(integer: Int(moment.dayNumber))
    }
    let count = hashed.count
    hashed.append(contentsOf: repeatElement(0, count: 8))
    let hash = byteHash(hashed.span, from: 0, to: count, seed: fingerprintSeed)
    message.append(ASCII.quote)
    for shift in stride(from: UInt64(60), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: hash >> shift) & 15
      message.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
    }
    message.append(ASCII.quote)
  }

  /// Adds a field as a JSON string, the escapes of the log decoded where that gives UTF-8.
  private mutating func append(
    _ range: Range<Int>, _ bytes: Span<UInt8>, to message: inout [UInt8]
  ) {
    let hasEscape =
      bytes.firstOffset(of: ASCII.backslash, from: range.lowerBound, to: range.upperBound)
      < range.upperBound
    guard hasEscape else {
      message.append(jsonString: bytes, from: range.lowerBound, to: range.upperBound)
      return
    }
    decode(range, bytes)
    if firstInvalidUTF8(text.span, from: 0, to: text.count) == nil {
      message.append(jsonString: text.span, from: 0, to: text.count)
    } else {
      message.append(jsonString: bytes, from: range.lowerBound, to: range.upperBound)
    }
  }

  /// Decodes `\"`, `\\`, `\n`, `\t` and `\xHH` into ``text``.
  private mutating func decode(_ range: Range<Int>, _ bytes: Span<UInt8>) {
    text.removeAll(keepingCapacity: true)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let byte = bytes[offset]
      guard byte == ASCII.backslash, offset + 1 < range.upperBound else {
        text.append(byte)
        offset += 1
        continue
      }
      let escape = bytes[offset + 1]
      if escape == UInt8(ascii: "x"), offset + 3 < range.upperBound,
        let high = bytes[offset + 2].hexadecimalDigit, let low = bytes[offset + 3].hexadecimalDigit
      {
        text.append(high << 4 | low)
        offset += 4
        continue
      }
      switch escape {
      case UInt8(ascii: "n"): text.append(ASCII.newline)
      case UInt8(ascii: "t"): text.append(ASCII.tab)
      case UInt8(ascii: "r"): text.append(ASCII.carriageReturn)
      case ASCII.quote, ASCII.backslash: text.append(escape)
      default:
        text.append(byte)
        text.append(escape)
      }
      offset += 2
    }
  }

  /// The parts of a request line; of one that is no HTTP, all is the target.
  private struct Request {
    var method = 0..<0
    var target: Range<Int>
    var path: Range<Int>
    /// From the question mark on.
    var search = 0..<0
    var version = 0..<0

    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
      let (start, end) = (range.lowerBound, range.upperBound)
      let methodEnd = bytes.firstOffset(of: ASCII.space, from: start, to: end)
      target = range
      if methodEnd < end {
        var last = end
        while last > methodEnd + 1, bytes[last - 1] != ASCII.space { last -= 1 }
        method = start..<methodEnd
        if last > methodEnd + 1 {
          target = methodEnd + 1..<last - 1
          version = last..<end
        } else {
          target = methodEnd + 1..<end
        }
      }
      let question = bytes.firstOffset(
        of: UInt8(ascii: "?"), from: target.lowerBound, to: target.upperBound)
      path = target.lowerBound..<question
      search = question..<target.upperBound
    }
  }
}
