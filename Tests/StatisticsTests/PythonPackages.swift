import Foundation

/// Data that come with packages of Python: read where they are installed, never copied.
enum PythonPackages {
  /// The folder of a package: in `.build/python`, where the gate installs it, else that of `python3`.
  static func folder(of package: String) -> URL? {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let own = root.appending(path: ".build/python/\(package)")
    if FileManager.default.isReadableFile(atPath: own.path()) { return own }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let place = "importlib.util.find_spec('\(package)').submodule_search_locations[0]"
    process.arguments = ["python3", "-c", "import importlib.util; print(\(place))"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    let path = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    return URL(filePath: path)
  }
}

/// The customers of CDNOW, the standard data of these models: 2,357 who bought for the first time in the
/// first quarter of 1997, watched until the end of September; times in weeks.
///
/// Source: P. S. Fader and B. G. S. Hardie, Forecasting repeat sales at CDNOW: a case study (2001); the file
/// is that of the Python package Lifetimes.
struct CDNOW {
  /// Of each customer x, t_x, T and the mean spend of the repeats.
  let rows: [[Double]]

  /// The file; `nil`, and it is said, where the package is not installed.
  static let file: URL? = {
    let name = "datasets/cdnow_customers_summary_with_transactions.csv"
    let file = PythonPackages.folder(of: "lifetimes")?.appending(path: name)
    if let file, FileManager.default.isReadableFile(atPath: file.path()) { return file }
    print("skipped: the Python package Lifetimes, which has CDNOW, is not installed")
    return nil
  }()

  init() throws {
    guard let file = Self.file else {
      rows = []
      return
    }
    rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst().map { $0.split(separator: ",").dropFirst().compactMap { Double($0) } }
  }
}
