import Records

/// The campaign that a URL names: its UTM parameters and click ids, decoded.
///
///     /pricing?utm_source=news&utm_medium=e-mail&utm_campaign=spring+sale&gclid=Cj0#top
///              source          medium            name "spring sale"       gclid
///
/// Parameters stand before the `#`; the first of two equal ones counts, an empty one does not.
/// Names are compared as they are, in small letters. Source: WHATWG URL,
/// application/x-www-form-urlencoded; a value that decodes to no UTF-8 stays as it is written.
struct CampaignParameters {
  /// The members of `context.campaign`, in the order in which they are added.
  static let names = [
    "source", "medium", "name", "term", "content", "id", "gclid", "fbclid", "msclkid", "ttclid",
    "yclid",
  ]
  /// The same as keys of an object, with their quotes and colons.
  static let jsonKeys = names.map { Array("\"\($0)\":".utf8) }
  static let source = 0
  static let medium = 1
  static let name = 2
  /// The first click id; all behind it are.
  static let firstClick = 6

  /// The names in URLs, as ``names``.
  private static let keys = [
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "gclid",
    "fbclid", "msclkid", "ttclid", "yclid",
  ].map { Array($0.utf8) }

  /// The decoded values, one behind the other, and eight zero bytes.
  private(set) var values: [UInt8] = []
  private var starts = InlineArray<11, Int>(repeating: 0)
  private var ends = InlineArray<11, Int>(repeating: 0)
  /// Which ones were found, a bit each.
  private(set) var found: UInt32 = 0
  private var decodedURL: [UInt8] = []

  /// Where a value lies in ``values``, empty where there is none.
  func range(_ index: Int) -> Range<Int> { starts[index]..<ends[index] }

  /// Whether a parameter was found.
  func has(_ index: Int) -> Bool { found >> UInt32(index) & 1 == 1 }

  /// Forgets what was found.
  @inline(__always)
  mutating func clear() { found = 0 }

  /// Reads the parameters of a URL, or of its `search` part alone; a JSON string.
  mutating func read(_ field: Field, in bytes: Span<UInt8>) {
    found = 0
    let start = field.start + 1
    let end = field.end - 1
    if field.hasEscapes {
      var decoded = decodedURL
      decodedURL = []
      decoded = unescaped(bytes, from: start, to: end)
      let count = decoded.count
      decoded.append(contentsOf: repeatElement(0, count: 8))
      readQuery(decoded.span, from: 0, to: count)
      decodedURL = decoded
    } else {
      readQuery(bytes, from: start, to: end)
    }
  }

  /// Reads the pairs behind the question mark.
  private mutating func readQuery(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    var offset = bytes.firstOffset(of: UInt8(ascii: "?"), from: start, to: end)
    guard offset < end else { return }
    values.removeAll(keepingCapacity: true)
    starts = InlineArray<11, Int>(repeating: 0)
    ends = InlineArray<11, Int>(repeating: 0)
    let queryEnd = bytes.firstOffset(of: UInt8(ascii: "#"), from: offset, to: end)
    while offset < queryEnd {
      let first = offset + 1
      offset = bytes.firstOffset(of: UInt8(ascii: "&"), from: first, to: queryEnd)
      let equals = bytes.firstOffset(of: UInt8(ascii: "="), from: first, to: offset)
      guard equals + 1 < offset, let index = CampaignParameters.index(bytes, first, equals),
        !has(index)
      else { continue }
      starts[index] = values.count
      append(bytes, from: equals + 1, to: offset)
      ends[index] = values.count
      found |= 1 << UInt32(index)
    }
    // Hashing reads whole words.
    values.append(contentsOf: repeatElement(0, count: 8))
  }

  private static func index(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    // All names are 5 to 12 letters and begin with one of six.
    guard end - start >= 5, end - start <= 12 else { return nil }
    return keys.firstIndex { bytes.equals($0, from: start, to: end) }
  }

  /// Adds a value with `+` and `%XX` decoded.
  private mutating func append(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    let begin = values.count
    var offset = start
    while offset < end {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "%"), offset + 2 < end, let high = bytes[offset + 1].hexadecimalDigit,
        let low = bytes[offset + 2].hexadecimalDigit
      {
        values.append(high << 4 | low)
        offset += 3
      } else {
        values.append(byte == UInt8(ascii: "+") ? ASCII.space : byte)
        offset += 1
      }
    }
    if firstInvalidUTF8(values.span, from: begin, to: values.count) != nil {
      values.removeSubrange(begin...)
      values.append(bytes, from: start, to: end)
    }
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexadecimalDigit: UInt8? {
    switch self {
    case ASCII.zero...ASCII.nine: self - ASCII.zero
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
