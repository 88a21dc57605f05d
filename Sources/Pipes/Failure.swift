/// The exit statuses of every program, those of BSD's sysexits.
///
/// A process that ends by a signal has 128 and the signal's number in the shell: 141 for a closed
/// pipe, 130, 143, 129 for an interrupt, a termination, a hang-up.
public enum ExitStatus: Int32, Sendable {
  /// Done.
  case success = 0
  /// An alert or a check said no.
  case refused = 1
  /// The command line cannot be used.
  case usage = 64
  /// Bad data under `--strict`, or past `--max-rejects`.
  case badData = 65
  /// An input that does not exist or cannot be opened.
  case noInput = 66
  /// An output that cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
}

/// Why a program ends before its work is done: what, where, and what to do.
public struct Failure: Error, Equatable, Sendable {
  /// The status that the process ends with.
  public let status: ExitStatus
  /// One sentence, or several lines where an expression is shown.
  public let message: String

  /// A failure with its status.
  public init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// A command line that cannot be used.
  public static func usage(_ message: String) -> Failure { Failure(.usage, message) }

  /// An input that cannot be read, `-` for standard input, with the system's number for the reason.
  static func cannotRead(_ input: String, _ number: Int32) -> Failure {
    let shown = input == "-" ? "standard input" : "'\(input)'"
    return Failure(.inputOutput, "cannot read \(shown): \(System.errorText(number))")
  }
}
