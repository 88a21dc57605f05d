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
  private var clock: LogClock
  private(set) var timeText = TimeText()
  private var hashed: [UInt8] = []
  var text: [UInt8] = []

  init(visitor: Visitor, times: TimeReader) {
    self.visitor = visitor
    clock = LogClock(times: times)
  }

  /// What pages and downloads are made of: names of files that end so are no pages.
  private let assets =
    """
    css js mjs map png jpg jpeg gif svg ico webp avif bmp tif tiff woff woff2 ttf otf eot mp3 mp4 m4a \
    m4v ogg ogv oga wav webm flv avi mov mpg mpeg swf wasm json txt pdf zip gz tgz bz2 xz zst tar rar \
    7z jar exe msi dmg iso deb rpm apk csv doc docx xls xlsx ppt pptx
    """.split(separator: " ").map { AccessLogReader.word(of: Array($0.utf8)) }

  /// Puts the message of a line, with its newline, into `made` and notes its parts in `message`.
  ///
  /// - Returns: whether they were noted: all fields are plain ASCII. The message of any other line
  ///   is still to be read.
  mutating func read(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, isCombined: Bool, into made: inout [UInt8],
    noting message: inout Message
  ) throws(RecordError) -> Bool {
    if bytes.hasHighBits(from: start, to: end),
      let bad = firstInvalidUTF8(bytes, from: start, to: end)
    {
      throw RecordError("invalid UTF-8", at: bad)
    }
    let entry = try AccessLogEntry(bytes, from: start, to: end, isCombined: isCombined)
    let moment = try clock.moment(entry.time, in: bytes)
    timeText.set(moment)
    let visitorHash = visitorHash(entry, moment, bytes)
    let request = Request(bytes, entry.request)
    made.removeAll(keepingCapacity: true)
    message.beginNoting()
    // The target is written twice; a byte that is not plain needs up to six.
    let lineBytesMax = (end - start) * (entry.isPlain ? 2 : 12)
    made.append(addingCapacity: lineBytesMax + AccessLogReader.partsBytesMax) { line in
      write(entry, request, visitorHash, bytes, to: &line, noting: &message)
    }
    return entry.isPlain
  }

  /// What a message has beside the fields of its line takes less than 400 bytes.
  private static let partsBytesMax = 512

  func isAsset(_ path: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
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

  /// The hash that stands for the visitor.
  private mutating func visitorHash(
    _ entry: AccessLogEntry, _ moment: Moment, _ bytes: Span<UInt8>
  ) -> UInt64 {
    let (address, agent) = (entry.address, entry.userAgent)
    hashed.removeAll(keepingCapacity: true)
    hashed.append(addingCapacity: address.count + agent.count + 32) { text in
      text.append(bytes, from: address.lowerBound, to: address.upperBound)
      text.append(ASCII.space)
      text.append(bytes, from: agent.lowerBound, to: agent.upperBound)
    }
    if visitor == .day {
      hashed.append(ASCII.space)
      hashed.append(integer: Int(moment.dayNumber))
    }
    let count = hashed.count
    hashed.append(addingCapacity: 8) { $0.append(word: 0) }
    return byteHash(hashed.span, from: 0, to: count, seed: fingerprintSeed)
  }

  /// The parts of a request line; of one that is no HTTP, all is the target.
  struct Request {
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
