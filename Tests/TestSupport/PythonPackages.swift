public import Foundation

/// Data that come with packages of Python: read where they are installed, never copied.
public enum PythonPackages {
  /// The folder of a package: in `.build/python`, where the gate installs it, else that of `python3`.
  public static func folder(of package: String) -> URL? {
    let own = Programs.root.appending(path: ".build/python/\(package)")
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

  /// A file of a package; `nil`, and it is said, where the package is not installed.
  public static func file(_ path: String, of package: String) -> URL? {
    let file = folder(of: package)?.appending(path: path)
    if let file, FileManager.default.isReadableFile(atPath: file.path()) { return file }
    print("skipped: the Python package \(package) with its \(path) is not installed")
    return nil
  }
}
