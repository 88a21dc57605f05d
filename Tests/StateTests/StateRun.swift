import Foundation
import TestSupport
import Testing

@testable import Pipes
@testable import Records

/// Runs a stage in this process over lines, interrupted or not.
struct StateRun<S: Stage> {
  let arguments: [String]

  /// What a run wrote, and what became of its lines.
  struct Result: Equatable {
    var bytes: [UInt8] = []
    var tally = Tally()
    /// What was said at the end: for parse the balance of all lines.
    var lastNotice: String?

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  init(_ arguments: [String]) { self.arguments = arguments }

  func stage() throws -> S { try S(Arguments(arguments, for: S.program)) }

  /// Hands lines to a stage, in blocks of a few lines.
  ///
  /// - Parameter first: the number of the first of them in their file.
  static func take(
    _ lines: ArraySlice<String>, first: Int, _ stage: inout S, _ output: inout Output
  ) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-state-\(UUID().uuidString)")
    try Data(lines.joined().utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let descriptor = try System.openInput(file.path)
    defer { _ = System.close(descriptor) }
    var reader = LineReader(lineBytesMax: 1 << 20, readBytes: 4096)
    reader.begin("f")
    var isFirst = true
    while true {
      switch reader.fill(from: descriptor) {
      case .lines:
        try reader.withLines { (lines) throws(Failure) in
          if isFirst { lines.nextNumber = first }
          isFirst = false
          try stage.accept(&lines, into: &output)
        }
      case .nothing: break
      case .end: return
      case .longLine, .wouldBlock, .failure:
        Issue.record("no reading")
        return
      }
    }
  }

  /// A run from the first line to the last.
  func whole(_ lines: [String]) throws -> Result {
    var (stage, output) = (try stage(), Output(program: S.program.name))
    try Self.take(lines[...], first: 1, &stage, &output)
    try stage.finish(into: &output)
    return Result(
      bytes: output.bytes, tally: output.tally, lastNotice: output.notices.last)
  }

  /// The lines of the state of a run, which was given so many of the lines.
  static func state(_ stage: inout S, _ output: inout Output) -> [[UInt8]] {
    let bytes = output.bytes
    output.bytes = []
    stage.encode(options: "0", into: &output)
    defer { output.bytes = bytes }
    return output.bytes.split(separator: ASCII.newline).map { Array($0) }
  }

  /// A stage and its output that know what the lines of a state say.
  func resumed(_ state: [[UInt8]]) throws -> (stage: S, output: Output) {
    var (stage, output) = (try stage(), Output(program: S.program.name))
    for line in state {
      try stage.decode(StateLine(line, of: S.program.name), into: &output)
    }
    return (stage, output)
  }

  /// A run that is interrupted behind some of the lines, and goes on with what its state says.
  func interrupted(_ lines: [String], after places: [Int]) throws -> Result {
    var (stage, output) = (try stage(), Output(program: S.program.name))
    var bytes: [UInt8] = []
    var start = 0
    for place in places {
      try Self.take(lines[start..<place], first: start + 1, &stage, &output)
      let state = Self.state(&stage, &output)
      bytes += output.bytes
      (stage, output) = try resumed(state)
      #expect(output.bytes.isEmpty)
      start = place
    }
    try Self.take(lines[start...], first: start + 1, &stage, &output)
    try stage.finish(into: &output)
    return Result(
      bytes: bytes + output.bytes, tally: output.tally, lastNotice: output.notices.last)
  }

  /// Whatever is changed of a state, it is refused or read: neither it nor what comes then crashes.
  ///
  /// A sample for each set of options; `make fuzz` changes states by the million.
  func survivesDamage(_ lines: [String], seed: UInt64) throws {
    let changes = isTorture ? 1000 : 100
    var (stage, output) = (try stage(), Output(program: S.program.name))
    let half = lines.count / 2
    try Self.take(lines[..<half], first: 1, &stage, &output)
    let state = try Self.state(&stage, &output).map { try StateLine($0, of: S.program.name) }
    var randomness = Randomness(seed: seed)
    var readCount = 0
    for _ in 0..<changes {
      let broken = randomness.number(0...state.count - 1)
      (stage, output) = (try self.stage(), Output(program: S.program.name))
      do throws(StateError) {
        for (number, line) in state.enumerated() {
          let bytes = number == broken ? randomness.damaged(line.state) : line.state
          try stage.decode(
            StateLine(line.part, persons: line.persons, bytes), into: &output)
        }
      } catch { continue }
      readCount += 1
      try Self.take(lines[half...].prefix(40), first: half + 1, &stage, &output)
      _ = Self.state(&stage, &output)
      // That persons are missing may be told here.
      try? stage.finish(into: &output)
    }
    print("\(S.program.name) \(arguments): \(readCount) of \(changes) damaged states were read")
  }
}

/// Whether more is tried than each run of the tests can: only under `make torture`.
let isTorture = ProcessInfo.processInfo.environment["FOOTFALL_TORTURE"] != nil

extension StateLine {
  /// A line that is what it says, without a check.
  fileprivate init(_ part: Part, persons: Int, _ state: [UInt8]) throws(StateError) {
    var line: [UInt8] = []
    _ = StateLine.write(part, persons: persons, of: "test", options: "0", state, to: &line)
    try self.init(line.dropLast(), of: "test")
  }

  private init(_ line: ArraySlice<UInt8>, of program: String) throws(StateError) {
    try self.init(Array(line), of: program)
  }
}

extension Randomness {
  /// Bytes of which some are changed, taken out, put in or cut off.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(happens(70) ? 0 : number(0...4)) where !bytes.isEmpty {
      let place = number(0...bytes.count - 1)
      switch number(0...9) {
      case 0...3: bytes[place] ^= 1 << UInt8(number(0...7))
      case 4...5: bytes[place] = one(of: [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF])
      case 6: bytes[place] = UInt8(number(0...255))
      case 7: bytes.remove(at: place)
      case 8: bytes.insert(UInt8(number(0...255)), at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }
}
