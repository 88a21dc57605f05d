import Foundation

/// What is too long for every run: only under `make torture`.
public let isTorture = ProcessInfo.processInfo.environment["FOOTFALL_TORTURE"] != nil

/// Tools and rights that some tests need; where one is missing they are skipped, with a message.
public enum Tools {
  /// Whether system calls can be watched and made to fail.
  public static let hasStrace = works("strace", "strace -f -qq -o /dev/null true")

  /// Whether a small file system can be mounted, seen by the test alone.
  public static let hasTmpfs = works(
    "mounting a tmpfs", "\(privately) bash -c 'mount -t tmpfs -o size=64k none /mnt'")

  /// What runs a command with mounts of its own.
  public static let privately = geteuid() == 0 ? "unshare -m" : "unshare -rm"

  private static func works(_ name: String, _ command: String) -> Bool {
    let status = try? Programs.shell(command).status
    if status != 0 { print("skipped: \(name) does not work here") }
    return status == 0
  }
}
