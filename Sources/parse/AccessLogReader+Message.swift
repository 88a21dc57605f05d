import Records

extension AccessLogReader {
  /// Writes the message of a line and notes where its parts lie.
  ///
  /// Mutating though little changes: called in a closure, it would be handed a copy of all.
  mutating func write(
    _ entry: AccessLogEntry, _ request: Request, _ visitorHash: UInt64, _ bytes: Span<UInt8>,
    to line: inout OutputSpan<UInt8>, noting message: inout Message
  ) {
    let isAsset = isAsset(request.path, bytes)
    let isPlain = entry.isPlain
    line.append(static: "{\"event\":")
    var key = 1
    func endMember(_ slot: Int, _ valueStart: Int, _ line: borrowing OutputSpan<UInt8>) {
      message.noteMember(slot, from: key, Field(start: valueStart, end: line.count))
      key = line.count + 1
    }
    var value = line.count
    line.append(
      static: entry.status >= 400
        ? "\"Request Failed\"" : isAsset ? "\"Asset Requested\"" : "\"Page Viewed\"")
    endMember(Slot.event, value, line)
    if !entry.user.isEmpty {
      line.append(static: ",\"userId\":")
      value = line.count
      write(entry.user, isPlain, bytes, to: &line)
      endMember(Slot.userId, value, line)
    }
    line.append(static: ",\"anonymousId\":")
    value = line.count
    if visitor == .cookie, !AccessLogEntry.isNone(entry.cookie, in: bytes) {
      write(entry.cookie, isPlain, bytes, to: &line)
    } else {
      line.append(ASCII.quote)
      line.append(hexadecimal: visitorHash)
      line.append(ASCII.quote)
    }
    endMember(Slot.anonymousId, value, line)
    line.append(static: ",\"timestamp\":")
    value = line.count
    line.append(ASCII.quote)
    line.append(timeText.bytes.span, from: 0, to: TimeText.count)
    line.append(ASCII.quote)
    endMember(Slot.timestamp, value, line)
    line.append(static: ",\"channel\":")
    value = line.count
    line.append(static: "\"web\"")
    endMember(Slot.channel, value, line)
    line.append(static: ",\"type\":")
    value = line.count
    line.append(static: entry.status < 400 && !isAsset ? "\"page\"" : "\"track\"")
    endMember(Slot.type, value, line)
    line.append(static: ",\"properties\":")
    value = line.count
    writeProperties(entry, request, bytes, to: &line)
    endMember(Slot.properties, value, line)
    line.append(static: ",\"context\":")
    value = line.count
    writeContext(entry, request, bytes, to: &line, noting: &message)
    endMember(Slot.context, value, line)
    line.append(static: "}\n")
  }

  private mutating func writeProperties(
    _ entry: AccessLogEntry, _ request: Request, _ bytes: Span<UInt8>,
    to line: inout OutputSpan<UInt8>
  ) {
    line.append(ASCII.openBrace)
    if !request.method.isEmpty {
      line.append(static: "\"method\":")
      write(request.method, entry.isPlain, bytes, to: &line)
      line.append(ASCII.comma)
    }
    line.append(static: "\"status\":")
    line.append(bytes, from: entry.statusDigits.lowerBound, to: entry.statusDigits.upperBound)
    // A number of JSON has no zeros before it.
    var size = entry.byteCount
    while size.count > 1, bytes[size.lowerBound] == ASCII.zero { size.removeFirst() }
    if !size.isEmpty {
      line.append(static: ",\"bytes\":")
      line.append(bytes, from: size.lowerBound, to: size.upperBound)
    }
    if !request.version.isEmpty {
      line.append(static: ",\"protocol\":")
      write(request.version, entry.isPlain, bytes, to: &line)
    }
    line.append(ASCII.closeBrace)
  }

  private mutating func writeContext(
    _ entry: AccessLogEntry, _ request: Request, _ bytes: Span<UInt8>,
    to line: inout OutputSpan<UInt8>, noting message: inout Message
  ) {
    let isPlain = entry.isPlain
    line.append(static: "{\"page\":")
    let page = line.count
    line.append(static: "{\"url\":")
    message.note(Slot.url, write(request.target, isPlain, bytes, to: &line))
    line.append(static: ",\"path\":")
    write(request.path, isPlain, bytes, to: &line)
    if !AccessLogEntry.isNone(entry.referrer, in: bytes) {
      line.append(static: ",\"referrer\":")
      message.note(Slot.referrer, write(entry.referrer, isPlain, bytes, to: &line))
    }
    if !request.search.isEmpty {
      line.append(static: ",\"search\":")
      message.note(Slot.search, write(request.search, isPlain, bytes, to: &line))
    }
    line.append(ASCII.closeBrace)
    message.note(Slot.page, Field(start: page, end: line.count))
    line.append(static: ",\"ip\":")
    write(entry.address, isPlain, bytes, to: &line)
    if !AccessLogEntry.isNone(entry.userAgent, in: bytes) {
      line.append(static: ",\"userAgent\":")
      message.note(Slot.userAgent, write(entry.userAgent, isPlain, bytes, to: &line))
    }
    line.append(ASCII.closeBrace)
  }

  /// Writes a field as a JSON string, the escapes of the log decoded where that gives UTF-8.
  ///
  /// - Returns: where it lies; what is in it is told for plain ones only.
  @discardableResult @inline(__always)
  private mutating func write(
    _ range: Range<Int>, _ isPlain: Bool, _ bytes: Span<UInt8>, to line: inout OutputSpan<UInt8>
  ) -> Field {
    let start = line.count
    if isPlain {
      line.append(ASCII.quote)
      line.append(bytes, from: range.lowerBound, to: range.upperBound)
      line.append(ASCII.quote)
    } else {
      let string = string(range, bytes)
      line.append(string.span, from: 0, to: string.count)
    }
    return Field(start: start, end: line.count)
  }

  /// The JSON string of a field that is not plain ASCII.
  @inline(never)
  private mutating func string(_ range: Range<Int>, _ bytes: Span<UInt8>) -> [UInt8] {
    var string: [UInt8] = []
    let hasEscape =
      bytes.firstOffset(of: ASCII.backslash, from: range.lowerBound, to: range.upperBound)
      < range.upperBound
    if hasEscape {
      decode(range, bytes)
      if firstInvalidUTF8(text.span, from: 0, to: text.count) == nil {
        string.append(jsonString: text.span, from: 0, to: text.count)
        return string
      }
    }
    string.append(jsonString: bytes, from: range.lowerBound, to: range.upperBound)
    return string
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
}

extension OutputSpan where Element == UInt8 {
  /// Adds a number as sixteen small hexadecimal digits.
  fileprivate mutating func append(hexadecimal number: UInt64) {
    append(word: hexadecimalDigits(UInt32(truncatingIfNeeded: number >> 32)))
    append(word: hexadecimalDigits(UInt32(truncatingIfNeeded: number)))
  }
}

/// The eight small hexadecimal digits of a number, the first one in the lowest byte.
private func hexadecimalDigits(_ number: UInt32) -> UInt64 {
  // Each step doubles the distance of the parts, so that each digit has a byte.
  var digits = UInt64(number.byteSwapped)
  digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
  digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
  digits = (digits >> 4 | digits << 8) & 0x0F0F_0F0F_0F0F_0F0F
  let letters = ((digits &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
  return digits &+ 0x3030_3030_3030_3030 &+ letters &* 39
}
