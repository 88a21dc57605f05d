public import Foundation

/// What a program did: its exit status, or 128 and the signal's number, and what it wrote.
public struct Outcome: Sendable {
  /// The exit status; 128 and the number of the signal that ended the program.
  public let status: Int32
  /// What came on standard output.
  public let output: Data
  /// What came on standard error.
  public let errors: Data

  /// Standard output as text.
  public var text: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  public var errorText: String { String(decoding: errors, as: UTF8.self) }
  /// The lines of standard output.
  public var lines: [String] { text.split(separator: "\n").map(String.init) }

  /// The records of standard output with a name.
  public func records(_ name: String) -> [[String: Any]] {
    lines.compactMap { line in
      guard line.hasPrefix("{\"record\":\"\(name)\"") else { return nil }
      return try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }
  }
}

/// Runs the programs that were built with the tests.
public enum Programs {
  /// The folder that the built programs stand in: those of `FOOTFALL_PROGRAMS`, else the ones that
  /// were built with the tests.
  public static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["FOOTFALL_PROGRAMS"] {
      return URL(fileURLWithPath: path)
    }
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = bundle.appendingPathComponent("funnel")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return bundle }
    return root.appendingPathComponent(".build/debug")
  }()

  /// The folder of the package.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the data and cases lie that are not the project's own.
  public static let shared = root.appendingPathComponent("../shared").standardizedFileURL

  /// Whether a file of ``shared`` is there; says so where it is not.
  public static func hasShared(_ path: String) -> Bool {
    let isThere = FileManager.default.fileExists(atPath: shared.appendingPathComponent(path).path)
    if !isThere { print("skipped: ../shared/\(path) is not there") }
    return isThere
  }

  /// The content of a file of ``shared``.
  public static func sharedData(_ path: String) throws -> Data {
    try Data(contentsOf: shared.appendingPathComponent(path))
  }

  /// Runs one program.
  public static func run(
    _ program: String, _ arguments: [String] = [], input: Data = Data()
  ) throws -> Outcome {
    try run(folder.appendingPathComponent(program), arguments, input: input)
  }

  /// Runs one program on a text.
  public static func run(
    _ program: String, _ arguments: [String] = [], text: String
  ) throws -> Outcome {
    try run(program, arguments, input: Data(text.utf8))
  }

  /// Runs a line of shell with the programs first on its path.
  public static func shell(_ script: String, input: Data = Data()) throws -> Outcome {
    try run(URL(fileURLWithPath: "/bin/bash"), ["-c", script], input: input)
  }

  /// Runs a body with no signal blocked: the threads of tests block them, and children inherit that.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var blocked = sigset_t()
    _ = unsafe sigemptyset(&none)
    _ = unsafe pthread_sigmask(SIG_SETMASK, &none, &blocked)
    defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &blocked, nil) }
    try body()
  }

  private static func run(
    _ executable: URL, _ arguments: [String], input: Data
  ) throws -> Outcome {
    let files = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: files) }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = folder.path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    process.environment = environment
    // Files in place of pipes: nothing can block, and any size of output fits.
    let inputFile = files.appendingPathComponent("in")
    let outputFile = files.appendingPathComponent("out")
    let errorFile = files.appendingPathComponent("err")
    try input.write(to: inputFile)
    _ = FileManager.default.createFile(atPath: outputFile.path, contents: nil)
    _ = FileManager.default.createFile(atPath: errorFile.path, contents: nil)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try withoutBlockedSignals { try process.run() }
    process.waitUntilExit()
    let wasSignalled = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: process.terminationStatus + (wasSignalled ? 128 : 0),
      output: try Data(contentsOf: outputFile), errors: try Data(contentsOf: errorFile))
  }
}
