import Foundation
import TestSupport

extension Programs {
  /// What every script begins with: a folder of its own, its input in `$d/in`, and helpers.
  private static let prelude = #"""
    d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cat > $d/in
    # until_ok SECONDS/10 COMMAND: waits until the command succeeds.
    until_ok() { local n=$1; shift; while ! eval "$*"; do ((n--)) || return 1; sleep .1; done; }
    event() { printf '{"event":"%s","userId":"u","timestamp":"2026-03-01T00:00:%02dZ"}\n' "$1" "$2"; }
    """# + "\n"

  /// Runs shell in a folder `$d` that goes away with it.
  static func script(_ text: String, input: Data = Data()) throws -> Outcome {
    try shell(prelude + text, input: input)
  }

  /// Runs shell in a folder `$d` that goes away with it, on a text.
  static func script(_ text: String, text input: String) throws -> Outcome {
    try script(text, input: Data(input.utf8))
  }
}
