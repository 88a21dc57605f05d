import Events
import Foundation
import TestSupport
import Testing

@testable import Pipes
@testable import Records

/// Any cut of the input into reads gives the same lines.
@Suite("LineReader") struct LineReaderTests {
  /// What a reader made of an input: lines with their number and offset, long ones as rejections.
  private static func read(
    _ file: URL, _ readBytes: Int, _ lineBytesMax: Int
  ) throws -> [String] {
    let descriptor = try System.openInput(file.path)
    defer { _ = System.close(descriptor) }
    var reader = LineReader(lineBytesMax: lineBytesMax, readBytes: readBytes)
    reader.begin("f")
    var seen: [String] = []
    reading: while true {
      switch reader.fill(from: descriptor) {
      case .lines: try reader.withLines { lines in take(&lines, into: &seen) }
      case .longLine(let line): seen.append(describe(line))
      case .nothing, .wouldBlock: break
      case .end: break reading
      case .failure(let number):
        Issue.record("\(System.errorText(number))")
        break reading
      }
    }
    return seen
  }

  /// Does with the lines what ``EventStage`` does.
  private static func take(_ lines: inout LineBlock, into seen: inout [String]) {
    let block = lines.block.bytes
    let bytes = block.span
    var offset = lines.start
    while offset < lines.limit {
      let end = bytes.firstOffset(of: ASCII.newline, from: offset, to: lines.limit)
      if end - offset > lines.lineBytesMax {
        seen.append(
          describe(
            lines.tooLong(
              offset: lines.fileOffset + offset, text: bytes.copy(from: offset, to: end))))
      } else {
        let line = lines.rejection("r", at: end, from: offset, to: end)
        seen.append(describe(line))
      }
      lines.nextNumber += 1
      offset = end + 1
    }
  }

  private static func describe(_ line: RejectedLine) -> String {
    "\(line.number) @\(line.offset) \(line.column) \(line.reason) "
      + line.text.map { String($0, radix: 16) }.joined(separator: " ")
  }

  private static func expected(_ text: [UInt8], _ lineBytesMax: Int) -> [String] {
    var seen: [String] = []
    var offset = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while offset < text.count {
      let end = text[offset...].firstIndex(of: ASCII.newline) ?? text.count
      let line = Array(text[offset..<end])
      let isLong = line.count > lineBytesMax
      let reason =
        isLong
        ? "line longer than --max-line (\(lineBytesMax) bytes)"
        : end == text.count ? "torn, no newline at the end: r" : "r"
      seen.append(
        describe(
          RejectedLine(
            file: "f", number: seen.count + 1, offset: offset,
            column: isLong ? lineBytesMax + 1 : line.count + 1, reason: reason,
            text: Array(line.prefix(isLong ? lineBytesMax : line.count)))))
      offset = end + 1
    }
    return seen
  }

  private static let readSizes = [1, 2, 3, 7, 64, 4095, 1 << 20]

  private static func check(_ text: [UInt8], _ lineBytesMax: Int) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-lines-\(UUID().uuidString)")
    try Data(text).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let expected = expected(text, lineBytesMax)
    for size in readSizes {
      let seen = try read(file, size, lineBytesMax)
      if seen != expected {
        Issue.record("\(size) bytes a read, at most \(lineBytesMax): \(seen), not \(expected)")
        return
      }
    }
  }

  @Test(
    "texts at the edges give their lines at every size of read",
    arguments: [
      "", "\n", "\n\n", "a", "a\n", "a\nb", "\r\n", "a\r\nb\r\n", "\u{FEFF}", "\u{FEFF}\n",
      "\u{FEFF}a", "\u{FEFF}\u{FEFF}a\n", "a\n\u{FEFF}b\n", "aaaa\nb\n", "aaaaa\nb\n", "aaaaaa\nb",
      "aaaaaaaaaaaaaaa", "b\naaaaaaaaaaaaaaa\n\nb\n", "\u{FEFF}aaaaa\n", "\u{FEFF}aaaaaaaaaaaa\nb",
      "\n\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    ])
  func edges(_ text: String) throws {
    for lineBytesMax in [1, 4, 5, 1000] { try Self.check(Array(text.utf8), lineBytesMax) }
  }

  @Test("a beginning of a byte order mark is a line of its own")
  func halfMark() throws {
    for mark in [[0xEF], [0xEF, 0xBB], [0xEF, 0xBB, 0x0A], [0xEF, 0x0A, 0xBB, 0xBF]] as [[UInt8]] {
      try Self.check(mark, 1000)
    }
  }

  @Test("random texts give their lines at every size of read", arguments: [1, 2, 3, 4])
  func random(_ seed: UInt64) throws {
    var randomness = Randomness(seed: seed)
    for _ in 0..<12 {
      var text: [UInt8] = randomness.happens(20) ? [0xEF, 0xBB, 0xBF] : []
      for _ in 0..<randomness.number(0...30) {
        let length = randomness.happens(5) ? randomness.number(0...9000) : randomness.number(0...90)
        if !randomness.happens(10) {
          for _ in 0..<length { text.append(UInt8(randomness.number(0x0B...0x7E))) }
        }
        if randomness.happens(20) { text.append(ASCII.carriageReturn) }
        text.append(ASCII.newline)
      }
      if randomness.happens(50), !text.isEmpty { text.removeLast() }
      try Self.check(text, randomness.one(of: [10, 64, 80, 5000, 1 << 20]))
    }
  }

  @Test("one input after the other counts its lines from one")
  func severalInputs() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-lines-\(UUID().uuidString)")
    try Data("\u{FEFF}a\nb".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var reader = LineReader(lineBytesMax: 10, readBytes: 2)
    var seen: [[String]] = []
    for _ in 0..<2 {
      let descriptor = try System.openInput(file.path)
      defer { _ = System.close(descriptor) }
      reader.begin("f")
      var lines: [String] = []
      reading: while true {
        switch reader.fill(from: descriptor) {
        case .lines: try reader.withLines { block in Self.take(&block, into: &lines) }
        case .end: break reading
        default: break
        }
      }
      seen.append(lines)
    }
    #expect(seen[0] == ["1 @3 2 r 61", "2 @5 2 torn, no newline at the end: r 62"])
    #expect(seen[1] == seen[0])
  }
}
