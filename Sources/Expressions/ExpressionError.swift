/// What is wrong with an expression, where, and what was perhaps meant.
///
///     unknown function 'starsWith': did you mean 'startsWith'?
///       event.starsWith("Order")
///             ^
public struct ExpressionError: Error, Equatable, Sendable {
  /// What is wrong.
  public let message: String
  /// Where, in characters from the start of the expression, from 1 on.
  public let column: Int
  /// A name that was perhaps meant.
  public let suggestion: String?
  /// The expression.
  public let source: String

  /// An error at a byte offset of an expression.
  init(_ message: String, at offset: Int, of source: [UInt8], suggestion: String? = nil) {
    self.message = message
    self.suggestion = suggestion
    self.source = String(decoding: source, as: UTF8.self)
    column = String(decoding: source[..<min(offset, source.count)], as: UTF8.self).count + 1
  }

  /// The message with its suggestion, the line at fault and a caret under the column.
  ///
  /// Long lines are cut to 60 characters on either side of the fault.
  public var rendering: String {
    let characters = Array(source)
    let place = min(column - 1, characters.count)
    var first = place
    while first > 0, !characters[first - 1].isNewline, place - first < 60 { first -= 1 }
    var last = place
    while last < characters.count, !characters[last].isNewline, last - place < 60 { last += 1 }
    let line = characters[first..<last].map { $0 == "\t" ? " " : $0 }
    let caret = String(repeating: " ", count: place - first) + "^"
    return headline + "\n  " + String(line) + "\n  " + caret
  }

  /// The message with its suggestion, on one line.
  public var headline: String {
    guard let suggestion else { return message }
    return "\(message): did you mean '\(suggestion)'?"
  }
}
