#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much memory a run may take before it stops by itself: `--max-memory`.
///
/// Without the option it is 80 % of the smallest of what the shell, the control group and the machine
/// have. An array that is full grows to twice its size while the old one is still there, so the run
/// ends as soon as the next such step would pass the limit: with a message, not by a kill.
struct MemoryLimit {
  private static let checkBytes = 1 << 20

  private let bytesMax: Int
  /// What sets the limit, for people.
  private let name: String
  /// Whether it is addresses that are limited, rather than pages in use.
  private let limitsAddresses: Bool
  /// What people can do.
  private let advice: String
  private var bytesToCheck = MemoryLimit.checkBytes

  /// What `--max-memory` says, else what the system allows; `nil` where it does not tell.
  init?(_ arguments: Arguments, for program: Program) throws(Failure) {
    let ways = [
      ("lateness", "--lateness keeps no events"), ("reorder", "a shorter --reorder holds less"),
      ("forget", "--forget lets persons leave"),
    ].filter { program.takes($0.0) }.map(\.1)
    advice = (ways + ["--max-memory SIZE allows more"]).joined(separator: ", ")
    if let bytes = try arguments.size("max-memory", upTo: 1 << 50) {
      (bytesMax, name, limitsAddresses) = (bytes, "--max-memory", false)
      return
    }
    let limits: [(bytes: Int?, name: String, isOfAddresses: Bool)] = [
      (System.addressLimit, "80 % of what ulimit -v allows", true),
      (System.controlGroupLimit, "80 % of what the control group allows", false),
      (System.machineMemory, "80 % of the machine's memory", false),
    ]
    var smallest: (bytes: Int, name: String, isOfAddresses: Bool)?
    for limit in limits {
      guard let bytes = limit.bytes, bytes < smallest?.bytes ?? .max else { continue }
      smallest = (bytes, limit.name, limit.isOfAddresses)
    }
    guard let smallest else { return nil }
    bytesMax = smallest.bytes / 5 * 4
    (name, limitsAddresses) = (smallest.name, smallest.isOfAddresses)
  }

  /// Checks now and then, by the bytes that were read.
  ///
  /// - Parameter largestArrayBytes: what the next array that grows takes now, at most.
  mutating func check(
    afterBytes count: Int, largestArrayBytes: @autoclosure () -> Int
  ) throws(Failure) {
    bytesToCheck -= count
    guard bytesToCheck <= 0 else { return }
    bytesToCheck = Self.checkBytes
    try check(largestArrayBytes: largestArrayBytes())
  }

  /// Checks at once.
  func check(largestArrayBytes: Int) throws(Failure) {
    guard let used = System.memoryUse(ofAddresses: limitsAddresses),
      used + 2 * largestArrayBytes > bytesMax
    else { return }
    throw Failure(
      .inputOutput,
      "\(used >> 20) MB are in use, and the next step would pass \(bytesMax >> 20) MB, \(name): what"
        + " is known is too large; \(advice)")
  }
}

extension System {
  /// What `ulimit -v` allows.
  fileprivate static var addressLimit: Int? {
    var limit = rlimit()
    #if canImport(Glibc)
      let result = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let result = unsafe getrlimit(RLIMIT_AS, &limit)
    #endif
    guard result == 0, limit.rlim_cur < rlim_t(Int.max) else { return nil }
    return Int(limit.rlim_cur)
  }

  /// The memory of the machine.
  fileprivate static var machineMemory: Int? {
    let (pages, pageBytes) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && pageBytes > 0 ? pages * pageBytes : nil
  }

  /// What the control group of the process allows; `nil` where there is none.
  fileprivate static var controlGroupLimit: Int? {
    #if os(Linux)
      guard let groups = try? fileContents("/proc/self/cgroup") else { return nil }
      for line in String(decoding: groups, as: UTF8.self).split(separator: "\n")
      where line.hasPrefix("0::") {
        let path = "/sys/fs/cgroup\(line.dropFirst(3))/memory.max"
        guard let text = try? fileContents(path) else { continue }
        return Int(String(decoding: text.dropLast(), as: UTF8.self))
      }
    #endif
    return nil
  }

  /// Bytes that the process uses: its addresses, or the pages that are there.
  fileprivate static func memoryUse(ofAddresses: Bool) -> Int? {
    #if os(Linux)
      guard let text = try? fileContents("/proc/self/statm") else { return nil }
      let pages = String(decoding: text, as: UTF8.self).split(separator: " ").prefix(2).map {
        Int($0) ?? 0
      }
      return pages.count == 2 ? pages[ofAddresses ? 0 : 1] * sysconf(Int32(_SC_PAGESIZE)) : nil
    #else
      return nil
    #endif
  }
}
