/// Reads the files of a run once before it, for a stage that must know all of them to begin.
///
/// Nothing is written or told: what is wrong with a line shows when it is read in its turn. Memory has
/// the limit of the run.
///
/// - Parameter option: the option that asks for it, for the messages.
public func readFirst<S: Stage>(
  _ arguments: Arguments, for option: String, by stage: inout S
) throws(Failure) {
  let inputs = arguments.operands
  guard !inputs.isEmpty, !inputs.contains("-") else {
    throw .usage("\(option) reads its input twice: name files, standard input is read once")
  }
  let limit = try MemoryLimit(arguments, for: S.program)
  var reader = LineReader(lineBytesMax: try arguments.size("max-line") ?? 16 << 20)
  for input in inputs {
    try System.checkInput(input)
    let descriptor = try System.openInput(input)
    defer { _ = System.close(descriptor) }
    guard System.regularFileSize(descriptor) != nil else {
      throw .usage("\(option) reads its input twice: '\(input)' must be a file, no pipe")
    }
    reader.begin(input)
    var isAtEnd = false
    while !isAtEnd {
      switch reader.fill(from: descriptor) {
      case .lines:
        var output = Output(program: S.program.name)
        try reader.withLines { (lines: inout LineBlock) throws(Failure) in
          try stage.accept(&lines, into: &output)
        }
        try limit?.check(largestArrayBytes: stage.largestArrayBytes)
      case .nothing, .longLine, .wouldBlock: break
      case .end: isAtEnd = true
      case .failure(let number): throw .cannotRead(input, number)
      }
    }
  }
}
