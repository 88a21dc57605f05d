public import Expressions
public import Records

/// A small JSON file that people write, rules or a mapping; whatever is wrong in it is told with
/// file, line and column.
///
///     rules.json:3:27: unknown key 'wen'; known are name, when; did you mean 'when'?
///     └ path      │ └ column in bytes, from 1 on
///                 └ line
///
/// The whole file is one object. It is validated in full when its members are asked for.
public struct JSONFile: Sendable {
  /// A key with its quotes, and the value behind it.
  public struct Pair: Sendable {
    /// The key, quotes included.
    public let key: Field
    /// Its decoded name.
    public let name: String
    /// The value.
    public let value: Field
  }

  private let path: String
  private let content: [UInt8]
  /// The content as one line: newlines are spaces, so that the scanner of records reads it.
  private let text: [UInt8]

  /// A file by its content and by the name that messages give it.
  public init(_ content: [UInt8], path: String) {
    self.content = content
    self.path = path
    var text = content.map { $0 == ASCII.newline ? ASCII.space : $0 }
    // A byte order mark is no part of the JSON.
    if content.starts(with: [0xEF, 0xBB, 0xBF]) {
      for index in 0..<3 { text[index] = ASCII.space }
    }
    text.append(ASCII.newline)
    text.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
    self.text = text
  }

  // MARK: The parts

  /// The members of the file's one object.
  ///
  /// - Throws: where the file is no such object, or a key stands twice.
  public func members() throws(Failure) -> [Pair] {
    var reader = RecordReader(WantedMembers(), check: .full)
    let line: ScannedLine
    do { line = try reader.read(text.span, from: 0) } catch {
      switch error.reason {
      case .notAnObject:
        throw failure("invalid JSON: the file is one object, {…}", at: error.offset)
      case .endsEarly: throw failure("invalid JSON: the file ends too early", at: error.offset)
      case .trailingBytes:
        throw failure("invalid JSON: more stands behind the file's one object", at: error.offset)
      default: throw failure(error.reason.rawValue, at: error.offset)
      }
    }
    let start = text.firstIndex { $0 > ASCII.space } ?? 0
    return try members(of: Field(start: start, end: line.end), "the file")
  }

  /// The members of an object.
  ///
  /// - Parameter what: what must be one, for the message.
  public func members(of field: Field, _ what: String) throws(Failure) -> [Pair] {
    guard kind(of: field) == .object else {
      throw failure("\(what) must be an object, {…}", at: field.start)
    }
    var fields: [(key: Field, value: Field)] = []
    do { try forEachMember(of: field, in: text.span) { fields.append(($0, $1)) } } catch {
      throw failure(error.reason.rawValue, at: error.offset)
    }
    var pairs: [Pair] = []
    var names: Set<[UInt8]> = []
    for (key, value) in fields {
      let name = unescaped(text.span, from: key.start + 1, to: key.end - 1)
      let pair = Pair(key: key, name: String(decoding: name, as: UTF8.self), value: value)
      guard names.insert(name).inserted else {
        throw failure("the key '\(pair.name)' stands here twice", at: key.start)
      }
      pairs.append(pair)
    }
    return pairs
  }

  /// The elements of an array.
  public func elements(of field: Field, _ what: String) throws(Failure) -> [Field] {
    guard kind(of: field) == .array else {
      throw failure("\(what) must be a list, […]", at: field.start)
    }
    var elements: [Field] = []
    do { try forEachElement(of: field, in: text.span) { elements.append($0) } } catch {
      throw failure(error.reason.rawValue, at: error.offset)
    }
    return elements
  }

  /// The kind of a value.
  public func kind(of field: Field) -> Field.Kind { field.kind(in: text.span) }

  /// A value as it is written.
  public func json(_ field: Field) -> [UInt8] { text.span.copy(from: field.start, to: field.end) }

  /// A text, decoded.
  ///
  /// - Parameter what: what is expected, for the message.
  public func string(_ field: Field, _ what: String) throws(Failure) -> String {
    guard kind(of: field) == .string else { throw failure("expected \(what)", at: field.start) }
    let content = unescaped(text.span, from: field.start + 1, to: field.end - 1)
    guard firstInvalidUTF8(content.span, from: 0, to: content.count) == nil else {
      throw failure("the text has a lone surrogate, half of a character", at: field.start)
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// A number that a double can hold.
  ///
  /// - Parameter what: what is expected, for the message.
  public func number(_ field: Field, _ what: String) throws(Failure) -> Double {
    guard kind(of: field) == .number,
      let number = Double(String(decoding: json(field), as: UTF8.self)), number.isFinite
    else { throw failure("expected \(what)", at: field.start) }
    return number
  }

  /// A text that is one of a few words.
  public func word(
    _ field: Field, of words: [String], _ what: String
  ) throws(Failure) -> String {
    let word = try string(field, "one of \(words.joined(separator: ", "))")
    guard words.contains(word) else {
      let hint = suggestion(for: word, among: words)
      throw failure(
        "\"\(what)\" is one of \(words.joined(separator: ", ")), not '\(word)'\(hint)",
        at: field.start)
    }
    return word
  }

  /// An expression; what is wrong in it is told with the column inside its text.
  ///
  /// - Parameter origin: what it is for, where that has a name; else its place is told.
  public func expression(
    _ field: Field, _ what: String, as purpose: Environment.Purpose, from origin: String? = nil,
    in environment: inout Environment
  ) throws(Failure) -> Expression {
    let source = try string(field, what)
    let origin = origin ?? place(of: field.start)
    do { return try environment.compile(source, as: purpose, from: origin) } catch {
      throw failure(
        error.rendering, at: offset(ofCharacter: error.column - 1, in: field, decoded: source))
    }
  }

  // MARK: Messages

  /// What is wrong at a place.
  public func failure(_ message: String, at offset: Int) -> Failure {
    .usage("\(place(of: offset)): \(message)")
  }

  /// A place as file, line and column.
  private func place(of offset: Int) -> String {
    let before = content.prefix(offset)
    let line = before.count { $0 == ASCII.newline } + 1
    let lineStart = before.lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
    return "\(path):\(line):\(offset - lineStart + 1)"
  }

  /// A key that nobody knows.
  public func unknown(_ pair: Pair, among known: [String]) -> Failure {
    let hint = suggestion(for: pair.name, among: known)
    return failure(
      "unknown key '\(pair.name)'; known are \(known.joined(separator: ", "))\(hint)",
      at: pair.key.start)
  }

  /// Where a character of a text stands in the file: escapes are longer than what they mean.
  private func offset(ofCharacter character: Int, in field: Field, decoded: String) -> Int {
    let before = decoded.prefix(character).utf8.count
    var offset = field.start + 1
    var count = 0
    while count < before, offset < field.end - 1 {
      var end = offset + 1
      if text[offset] == ASCII.backslash {
        end += text[offset + 1] == UInt8(ascii: "u") ? 5 : 1
        // The two halves of a pair are one character together.
        let pairEnd = end + 6
        if pairEnd < field.end, unescaped(text.span, from: offset, to: pairEnd).count == 4,
          text[end] == ASCII.backslash
        {
          end = pairEnd
        }
      }
      count += unescaped(text.span, from: offset, to: end).count
      offset = end
    }
    return offset
  }
}
