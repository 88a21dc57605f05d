import Records

@testable import Pipes
@testable import parse

/// A stage of each format, and of what is found out by itself.
private let stages: [Parse] = {
  let words = SourceFormat.all.map { ["--from", $0.name] } + [[], ["--dedupe", "1h"]]
  return words.compactMap { words in
    (try? Arguments(words, for: Parse.program)).flatMap { try? Parse($0) }
  }
}()

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
  var stage = stages[Int(choice) % stages.count]
  if choice == 255 {
    let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    guard let mapped = mappedStage(mapping: Array(bytes[1..<end])) else { return 0 }
    stage = mapped
    bytes.removeSubrange(1..<min(end + 1, bytes.endIndex))
  }
  var output = Output(program: "parse")
  var number = 0
  var offset = 0
  for line in bytes.dropFirst().split(
    separator: ASCII.newline, omittingEmptySubsequences: false)
  {
    number += 1
    var lines = LineBlock()
    lines.assign(
      ReorderBuffer.Held(
        time: .distantPast, fingerprint: 0, line: Array(line), file: "-", number: number,
        offset: offset))
    offset += line.count + 1
    try? stage.accept(&lines, into: &output)
  }
  try? stage.finish(into: &output)
  require(output.tally.lines == number, "a line is not counted")
  check(output.bytes)
  return 0
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
