import Records

/// What `--inspect` shows of the file of `--state`.
struct Inspection {
  private let name: String
  private let driver: DriverState
  private let lines: [StateLine]

  init(_ arguments: Arguments, of program: Program) throws(Failure) {
    guard let path = arguments.value("state") else {
      throw .usage("--inspect needs --state FILE, which it shows")
    }
    guard let content = try StateFile(unlocked: path, of: program.name).read() else {
      throw Failure(.noInput, "there is no state '\(path)'")
    }
    name = program.name
    (driver, lines) = content
  }

  /// One record that says how far the run is.
  func record() -> [UInt8] {
    var writer = RecordWriter()
    writer.open(record: "\(name).state")
    writer.field("version", StateLine.version)
    writer.array("options") { writer in
      for word in driver.options.words { writer.element(word) }
    }
    writer.array("inputs") { writer in
      for input in driver.inputs {
        writer.element { writer in
          writer.field("file", input.name)
          writer.field("bytes", input.offset)
          writer.field("lines", input.nextNumber - 1)
          writer.field("finished", input.isFinished)
        }
      }
    }
    write(driver.output, as: "output", to: &writer)
    write(driver.rejects, as: "rejects", to: &writer)
    writer.field("persons", lines.reduce(0) { $0 + ($1.part == .persons ? $1.persons : 0) })
    writer.field("stateBytes", lines.reduce(0) { $0 + $1.state.count })
    writer.close()
    return writer.bytes
  }

  private func write(
    _ file: DriverState.WrittenFile, as name: String, to writer: inout RecordWriter
  ) {
    guard !file.path.isEmpty else { return }
    writer.object(name) { writer in
      writer.field("file", file.path)
      writer.field("bytes", file.bytes)
    }
  }
}
