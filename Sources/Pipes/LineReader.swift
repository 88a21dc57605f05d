public import Events
import Records

/// A block of whole lines, as the driver hands them to a stage.
///
///     bytes  [ … start │ line⏎ line⏎ line⏎ │ limit … the next line's beginning ]
public struct LineBlock: Sendable {
  /// The bytes and the fields found in them.
  public var block = Block()
  /// Offset of the first line.
  public fileprivate(set) var start = 0
  /// Offset behind the last line's newline.
  public fileprivate(set) var limit = 0
  /// Number of the next line in its file, counted from 1; a stage moves it on.
  public var nextNumber = 1
  /// Longest line that counts.
  public fileprivate(set) var lineBytesMax = 16 << 20
  /// Offset in the file of the block's first byte.
  public fileprivate(set) var fileOffset = 0
  /// Name of the file, `-` for standard input.
  public fileprivate(set) var file = "-"
  /// Whether the last line had no newline: its input ended within it.
  public fileprivate(set) var endsTorn = false
  /// What a look ahead found of the lines.
  var waiting = WaitingLines()
  /// Whether that is all of them.
  var isScanned = false

  /// The offset in the file behind its last line.
  var position: Int { fileOffset + limit }

  /// Becomes the block of one line that was held back.
  mutating func assign(_ held: ReorderBuffer.Held) {
    let count = held.line.count + 1
    if block.bytes.count < count + Scanner.paddingBytes {
      block.bytes = Array(repeating: 0, count: count + Scanner.paddingBytes)
    }
    block.bytes.replaceSubrange(..<held.line.count, with: held.line)
    block.bytes[held.line.count] = ASCII.newline
    for index in count..<count + Scanner.paddingBytes { block.bytes[index] = 0 }
    (start, limit) = (0, count)
    (file, nextNumber, fileOffset) = (held.file, held.number, held.offset)
    lineBytesMax = .max
    waiting.removeAll()
  }

  /// The rejection of a line that is longer than the limit; its number is the next one.
  ///
  /// Of its text only what the limit allows is kept: more of it may not have been read.
  public func tooLong(offset: Int, text: [UInt8]) -> RejectedLine {
    RejectedLine(
      file: file, number: nextNumber, offset: offset, column: lineBytesMax + 1,
      reason: "line longer than --max-line (\(lineBytesMax) bytes)",
      text: Array(text.prefix(lineBytesMax)))
  }

  /// The rejection of the line at these offsets for a fault at another; its number is the next one.
  public func rejection(
    _ reason: String, at fault: Int, from lineStart: Int, to lineEnd: Int
  ) -> RejectedLine {
    let isLast = lineEnd + 1 >= limit
    let textEnd = min(lineEnd, lineStart + RejectedLine.textBytesMax)
    let text = block.bytes.span.copy(from: lineStart, to: textEnd)
    var whole = endsTorn && isLast ? "torn, no newline at the end: \(reason)" : reason
    if fileOffset + lineStart == 0, let encoding = ForeignEncoding(of: text) {
      whole += "; this is \(encoding.advice)"
    }
    return RejectedLine(
      file: file, number: nextNumber, offset: fileOffset + lineStart,
      column: min(max(fault, lineStart), lineEnd) - lineStart + 1, reason: whole, text: text)
  }
}

/// Cuts the bytes of one input after the other into blocks of whole lines.
///
/// A line longer than a limit is skipped in constant memory and told as ``Filled/longLine(_:)``.
struct LineReader {
  /// How many bytes are asked for at once.
  static let blockBytes = 256 << 10

  private(set) var lines = LineBlock()
  private let readBytes: Int
  /// Bytes in the block so far.
  private var filled = 0
  /// Where the search for newlines goes on.
  private var searched = 0
  private var isSkipping = false
  private var skippedHead: [UInt8] = []
  private var skippedOffset = 0
  private var isAtStart = true
  /// Bytes read since the reader was made.
  private(set) var bytesSeen = 0

  /// What a call of ``fill(from:)`` gave.
  enum Filled {
    /// ``lines`` holds whole lines.
    case lines
    /// Bytes came, but no newline.
    case nothing
    /// A line was longer than the limit and has been left out.
    case longLine(RejectedLine)
    case end
    case wouldBlock
    case failure(Int32)
  }

  /// - Parameter readBytes: how much one call asks for; anything gives the same result.
  init(lineBytesMax: Int, readBytes: Int = LineReader.blockBytes) {
    self.readBytes = readBytes
    lines.lineBytesMax = lineBytesMax
    lines.block.bytes = Array(repeating: 0, count: readBytes + Scanner.paddingBytes)
  }

  /// Begins a new input, or goes on with one.
  ///
  /// - Parameters:
  ///   - offset: how many of its bytes were read before.
  ///   - nextNumber: the number of the next line.
  mutating func begin(_ file: String, at offset: Int = 0, nextNumber: Int = 1) {
    lines.file = file
    lines.nextNumber = nextNumber
    lines.fileOffset = offset
    lines.start = 0
    lines.limit = 0
    lines.endsTorn = false
    filled = 0
    searched = 0
    isSkipping = false
    isAtStart = offset == 0
  }

  /// The offset in the file behind the last line that was handed out, or skipped whole.
  var position: Int {
    isSkipping ? skippedOffset : lines.position
  }

  /// Exchanges the lines for a block that has been used: reading goes on while they are.
  ///
  /// The beginning of the line that is not whole yet moves to the other block.
  mutating func exchange(_ block: inout LineBlock) {
    let rest = filled - lines.limit
    let room = max(lines.block.bytes.count, rest + readBytes + Scanner.paddingBytes)
    if block.block.bytes.count < room {
      block.block.bytes = Array(repeating: 0, count: room)
    }
    swap(&lines, &block)
    for index in 0..<rest { lines.block.bytes[index] = block.block.bytes[block.limit + index] }
    lines.file = block.file
    lines.fileOffset = block.fileOffset + block.limit
    lines.lineBytesMax = block.lineBytesMax
    lines.endsTorn = false
    lines.isScanned = false
    lines.start = 0
    lines.limit = 0
    searched -= block.limit
    filled = rest
  }

  /// Changes the lines in place while a stage reads them.
  mutating func withLines(
    _ body: (inout LineBlock) throws(Failure) -> Void
  ) throws(Failure) {
    try body(&lines)
  }

  /// Reads once and cuts what came.
  mutating func fill(from descriptor: Int32) -> Filled {
    makeRoom()
    if searched < filled { return cut() }
    let end = lines.block.bytes.count - Scanner.paddingBytes
    switch System.read(descriptor, into: &lines.block.bytes, from: filled, to: end) {
    case .bytes(let count):
      filled += count
      bytesSeen += count
      return cut()
    case .end: return finish()
    case .wouldBlock: return .wouldBlock
    case .interrupted: return .nothing
    case .failure(let number): return .failure(number)
    }
  }

  /// Moves the unfinished line to the front and keeps room for a whole read.
  private mutating func makeRoom() {
    // What was handed out is done with: line numbers go on behind it.
    if lines.limit > 0 {
      let rest = filled - lines.limit
      unsafe lines.block.bytes.withUnsafeMutableBytes { buffer in
        // Both ranges lie in the buffer; copyMemory allows them to overlap.
        let source = unsafe UnsafeRawBufferPointer(rebasing: buffer[lines.limit..<filled])
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[0..<rest]).copyMemory(from: source)
      }
      lines.fileOffset += lines.limit
      searched -= lines.limit
      filled = rest
      lines.start = 0
      lines.limit = 0
    }
    let room = lines.block.bytes.count - Scanner.paddingBytes - filled
    if room < readBytes {
      lines.block.bytes.append(contentsOf: repeatElement(0, count: max(filled, readBytes)))
    }
  }
}

extension LineReader {
  /// Finds the whole lines among the bytes that are there.
  private mutating func cut() -> Filled {
    if isAtStart, !skipByteOrderMark() { return .nothing }
    if isSkipping { return skip() }
    var newline = filled
    while newline > searched, lines.block.bytes[newline - 1] != ASCII.newline { newline -= 1 }
    guard newline > searched else {
      searched = filled
      return filled - lines.start > lines.lineBytesMax ? beginSkipping() : .nothing
    }
    searched = filled
    lines.limit = newline
    return .lines
  }

  /// Leaves one byte order mark at the start out.
  ///
  /// - Returns: whether enough bytes are there to tell.
  private mutating func skipByteOrderMark() -> Bool {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = lines.block.bytes
    let isPrefix = (0..<min(3, filled)).allSatisfy { bytes[$0] == mark[$0] }
    if isPrefix && filled < 3 {
      searched = filled
      return false
    }
    isAtStart = false
    if isPrefix { lines.start = 3 }
    return true
  }

  /// The line is longer than the limit: its beginning is kept for the rejection, no more.
  private mutating func beginSkipping() -> Filled {
    let headEnd = min(filled, lines.start + RejectedLine.textBytesMax)
    skippedHead = lines.block.bytes.span.copy(from: lines.start, to: headEnd)
    isSkipping = true
    skippedOffset = lines.fileOffset + lines.start
    return skip()
  }

  /// Drops bytes up to the newline that ends the long line.
  private mutating func skip() -> Filled {
    let newline = lines.block.bytes.span.firstOffset(of: ASCII.newline, from: 0, to: filled)
    if newline == filled {
      lines.limit = filled
      lines.start = filled
      searched = filled
      return .nothing
    }
    isSkipping = false
    lines.start = newline + 1
    lines.limit = newline + 1
    searched = newline + 1
    return .longLine(takeLongLine())
  }

  private mutating func takeLongLine() -> RejectedLine {
    let line = lines.tooLong(offset: skippedOffset, text: skippedHead)
    lines.nextNumber += 1
    skippedHead = []
    return line
  }

  /// The input is over: the last line may lack its newline.
  private mutating func finish() -> Filled {
    if isSkipping {
      isSkipping = false
      return .longLine(takeLongLine())
    }
    guard filled > lines.start else { return .end }
    lines.block.bytes[filled] = ASCII.newline
    filled += 1
    searched = filled
    lines.limit = filled
    lines.endsTorn = true
    return .lines
  }
}
