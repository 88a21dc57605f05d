import Glibc
import Records

@testable import Pipes
@testable import parse

/// The options of each stage: each format, what is found out by itself, and what changes events.
private let words =
  SourceFormat.all.map { ["--from", $0.name] }
  + [
    [], ["--dedupe", "1h"], ["--links", "--drop", "properties.a", "--drop", "b", "--dedupe", "1d"],
  ]

/// A stage for some options.
private func stage(_ words: [String]) -> Parse {
  guard let arguments = try? Arguments(words, for: Parse.program),
    let stage = try? Parse(arguments)
  else { fatalError("no stage for \(words)") }
  return stage
}

/// The stages, which live over many inputs.
///
/// Making one costs more than an input does; what they know goes when they are renewed. The fuzzer has
/// one thread.
nonisolated(unsafe) private var stages = words.map(stage)
/// How many inputs each had; the last one stands for mapping files.
nonisolated(unsafe) private var counts = [Int](repeating: 0, count: words.count + 1)
private let renewedAfter = 2000

/// A stage for a mapping file, `nil` where it does not check.
private func mappedStage(mapping content: [UInt8]) -> Parse? {
  guard let mapping = try? Mapping(content, file: "map.json"),
    let arguments = try? Arguments(["--from", "json"], for: Parse.program)
  else { return nil }
  return try? Parse(arguments, mapping: mapping)
}

/// Every line of every format becomes output or is counted; what comes out is valid and whole.
///
/// The first byte chooses the format; 255 is a mapping file that goes to the next zero byte, and the
/// lines behind it.
@c(LLVMFuzzerTestOneInput)
public func parse(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var bytes = unsafe input(data, count)
  guard let choice = bytes.first else { return 0 }
  if choice == 255 {
    let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    guard var mapped = mappedStage(mapping: Array(bytes[1..<end])) else { return 0 }
    bytes.removeSubrange(1..<min(end + 1, bytes.endIndex))
    unsafe counts[words.count] += 1
    take(bytes, &mapped)
    return 0
  }
  let number = Int(choice) % words.count
  unsafe counts[number] += 1
  if unsafe counts[number] % renewedAfter == 0 { unsafe stages[number] = stage(words[number]) }
  unsafe take(bytes, &stages[number])
  tellCounts()
  return 0
}

/// Takes the lines behind the first byte.
private func take(_ bytes: [UInt8], _ stage: inout Parse) {
  var output = Output(program: "parse")
  let before = stage.balance
  var number = 0
  var offset = 0
  for line in bytes.dropFirst().split(
    separator: ASCII.newline, omittingEmptySubsequences: false)
  {
    number += 1
    var lines = LineBlock()
    lines.assign(
      ReorderBuffer.Held(
        time: .distantPast, line: Array(line), messageId: 0..<0, file: "-", number: number,
        offset: offset))
    offset += line.count + 1
    try? stage.accept(&lines, into: &output)
  }
  try? stage.finish(into: &output)
  require(output.tally.lines == number, "a line is not counted")
  require(
    stage.balance.lines - before.lines + output.tally.rejected == number, "the balance is wrong")
  check(output.bytes)
}

extension Balance {
  /// The lines that it accounts for, but the first one of each rejected record.
  fileprivate var lines: Int { used + duplicates + filtered + skipped + blank + moreRejected }
}

/// Writes now and then how many inputs each format had, so that the log tells it.
private func tellCounts() {
  let sum = unsafe counts.reduce(0, +)
  guard sum % 1_000_000 == 0 else { return }
  let parts = unsafe zip(words.map { $0.isEmpty ? "auto" : $0.joined(separator: " ") }, counts).map
  {
    "\($0.0): \($0.1)"
  }
  let text = Array("inputs: \(parts.joined(separator: ", "))\n".utf8)
  _ = unsafe text.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
}

/// Every line of output is one valid JSON object.
private func check(_ bytes: [UInt8]) {
  let padded = bytes + [UInt8](repeating: 0, count: Scanner.paddingBytes)
  var scanner = Scanner(Selection(), check: .full)
  var fields: [Field] = []
  var offset = 0
  while offset < bytes.count {
    guard let line = try? scanner.scan(padded.span, from: offset, into: &fields, at: 0) else {
      fatalError("a line of the output is not valid")
    }
    offset = line.end + 1
  }
}
