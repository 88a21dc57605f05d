import Glibc
import Records

@testable import Pipes
@testable import parse

/// What is fuzzed, `PART` of the environment: the name of a format, or one of these.
private let part = unsafe getenv("PART").map { unsafe String(cString: $0) } ?? "auto"

/// The options of the stage: the format, and what else changes events.
private let words: [String] =
  switch part {
  case "auto", "map": []
  case "options": ["--from", "segment", "--links", "--drop", "properties.a", "--dedupe", "1d"]
  case "privacy":
    ["--from", "segment", "--hash-ids", "key", "--hash", "properties", "--drop", "context.page"]
  default: ["--from", part]
  }

/// How many lines each input of libFuzzer's stands for: those in it, and changed ones up to this number.
private let linesAnInput = unsafe getenv("LINES").flatMap { unsafe Int(String(cString: $0)) } ?? 64
/// How long a changed line may be.
private let lineBytesMax = 4096
/// A stage, which lives over many inputs since making one costs more than an input does, is renewed
/// after so many of them: then what it knows goes.
private let renewedAfter = 500

/// The fuzzer of one part; libFuzzer has one thread.
nonisolated(unsafe) private var fuzzer = ParseFuzzer()

/// Every line of every format becomes output or is counted; what comes out is valid and whole.
///
/// An input is some lines; for `map` a mapping file, a zero byte, and lines. They go through the stage
/// as they are, then changed in many ways, ``LineMutations``, and so do good lines of the part, since
/// what libFuzzer makes soon is none. A line, not an input of libFuzzer's, is what is counted.
@c(LLVMFuzzerTestOneInput)
public func parse(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe input(data, count)
  unsafe fuzzer.take(bytes)
  return 0
}

/// Tells at the end of the run how many lines there were.
@c(LLVMFuzzerInitialize)
public func initialize(
  _: UnsafeMutablePointer<Int32>,
  _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> Int32 {
  atexit {
    let (lines, inputs, events) = unsafe (fuzzer.lineCount, fuzzer.inputCount, fuzzer.eventCount)
    note("\(part): \(lines) lines in \(inputs) inputs, \(events) events came out\n")
  }
  return 0
}

private func note(_ text: String) {
  let bytes = Array(text.utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
}

private struct ParseFuzzer {
  private(set) var lineCount = 0
  private(set) var inputCount = 0
  private(set) var eventCount = 0
  private var stage = ParseFuzzer.stage()
  private var mutations: LineMutations
  /// Good lines of the part, which seeds.py wrote.
  private let good: [UInt8]
  private let goodLines: [Range<Int>]
  private var lines = LineBlock()
  private var block: [UInt8] = []
  private var scanner = Scanner(Selection(), check: .full)
  private var fields: [Field] = []
  /// Whether the lines are shown: `SHOW=1`, to see what a crash came from.
  private let shows = unsafe getenv("SHOW") != nil

  init() {
    let map = BuiltInMap(name: part) ?? BuiltInMap(name: "json")
    mutations = LineMutations(seed: 0, texts: ParseFuzzer.texts(of: map?.content ?? []))
    good = (try? fileContents("lines-\(part)")) ?? []
    goodLines = ParseFuzzer.lines(of: good)
    require(!goodLines.isEmpty, "lines-\(part) is missing")
  }

  private static func stage(mapping: Mapping? = nil) -> Parse {
    do {
      let arguments = try Arguments(words, for: Parse.program)
      return try Parse(arguments, mapping: mapping)
    } catch { fatalError("no stage for \(words): \(error)") }
  }

  /// The texts that stand in a mapping file: names of fields and events.
  private static func texts(of content: [UInt8]) -> [[UInt8]] {
    content.split(separator: ASCII.quote).map(Array.init).filter { text in
      !text.isEmpty && text.count <= 40 && text.allSatisfy { $0 > ASCII.space && $0 < 0x7F }
        && !text.contains(ASCII.backslash) && text[0] != ASCII.colon
    }
  }

  mutating func take(_ bytes: [UInt8]) {
    inputCount += 1
    guard part == "map" else {
      if inputCount % renewedAfter == 0 { stage = ParseFuzzer.stage() }
      return takeLines(bytes)
    }
    let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    guard let mapping = try? Mapping(Array(bytes[..<end]), file: "map.json") else { return }
    stage = ParseFuzzer.stage(mapping: mapping)
    takeLines(Array(bytes[min(end + 1, bytes.endIndex)...]))
  }

  /// Takes some lines and changed ones.
  private mutating func takeLines(_ bytes: [UInt8]) {
    block.removeAll(keepingCapacity: true)
    block.append(bytes.span, from: 0, to: bytes.count)
    block.append(ASCII.newline)
    let seed = hash(bytes)
    mutations.begin(seed: seed)
    let given = block
    let givenLines = ParseFuzzer.lines(of: given)
    let first = Int(seed % UInt64(goodLines.count))
    for number in 0..<max(0, linesAnInput - givenLines.count) {
      if number % 2 == 0 {
        mutations.append(
          changing: givenLines[number / 2 % givenLines.count], of: given,
          lineBytesMax: lineBytesMax, to: &block)
      } else {
        mutations.append(
          changing: goodLines[(first + number / 2) % goodLines.count], of: good,
          lineBytesMax: lineBytesMax, to: &block)
      }
    }
    if shows { note(String(decoding: block, as: UTF8.self)) }
    passLines()
  }

  /// Where the lines of a text are, without their newlines.
  private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for index in bytes.indices where bytes[index] == ASCII.newline {
      lines.append(start..<index)
      start = index + 1
    }
    return lines
  }

  /// Gives the lines of ``block`` to the stage and holds it to account for each.
  private mutating func passLines() {
    block.removeLast()
    lines.assign(
      ReorderBuffer.Held(
        time: .distantPast, line: block, messageId: 0..<0, file: "-", number: 1, offset: 0))
    let count = block.count { $0 == ASCII.newline } + 1
    lineCount += count
    var output = Output(program: "parse")
    let before = stage.balance
    do {
      try stage.accept(&lines, into: &output)
      try stage.finish(into: &output)
    } catch { fatalError("the stage failed: \(error)") }
    require(output.tally.lines == count, "a line is not counted")
    require(
      stage.balance.lines - before.lines + output.tally.rejected == count, "the balance is wrong")
    eventCount += stage.balance.events - before.events
    check(&output.bytes)
  }

  /// Every line of output is one valid JSON object.
  private mutating func check(_ bytes: inout [UInt8]) {
    let count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
    var offset = 0
    while offset < count {
      guard let line = try? scanner.scan(bytes.span, from: offset, into: &fields, at: 0) else {
        fatalError("a line of the output is not valid")
      }
      offset = line.end + 1
    }
  }

  /// A number that stands for the bytes of an input: FNV-1a, 64 bits.
  private func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

extension Balance {
  /// The lines that it accounts for, but the first one of each rejected record.
  fileprivate var lines: Int { used + duplicates + filtered + skipped + blank + moreRejected }
}
