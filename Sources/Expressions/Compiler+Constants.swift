internal import Records

extension Compiler {
  /// The node of a call whose second argument is a constant that is worked on once, not for each
  /// event: a pattern or a time zone; `nil` for any other call.
  mutating func prepared(
    _ function: Function, _ operands: [Int], at syntax: Int
  ) throws(ExpressionError) -> Int? {
    guard operands.count == 2, case .text(let text)? = constant(operands[1]) else { return nil }
    let argument = tree.nodes[syntax].children[1]
    if function == .matches {
      guard let pattern = try pattern(text, at: argument) else { return add(.failure(.badPattern)) }
      program.patterns.append(pattern)
      return add(.matches(operands[0], pattern: program.patterns.count - 1), of: [operands[0]])
    }
    guard function.isTimePart else { return nil }
    guard let rules = environment.zones.rules(named: text) else {
      guard environment.variables == nil else { return add(.failure(.unknownZone)) }
      throw error(EvaluationError.unknownZone.message, at: argument)
    }
    program.zoneRules.append(rules)
    return add(
      .zonedPart(function, operands[0], zone: program.zoneRules.count - 1), of: [operands[0]])
  }

  /// The compiled pattern; `nil` where it is wrong and the standard makes that an error of the
  /// evaluation.
  private mutating func pattern(
    _ text: [UInt8], at syntax: Int
  ) throws(ExpressionError) -> Pattern? {
    if let known = environment.patterns[text] { return known }
    do {
      let pattern = try Pattern(text)
      environment.patterns[text] = pattern
      return pattern
    } catch {
      guard environment.variables == nil else { return nil }
      throw ExpressionError(
        error.message, at: place(of: error.offset, in: text, at: syntax), of: tree.source,
        suggestion: error.suggestion)
    }
  }

  /// The offset in the expression of a byte of a string that it has: exactly, where the string is
  /// written without escapes, else the string itself.
  private func place(of offset: Int, in text: [UInt8], at syntax: Int) -> Int {
    let token = tree.tokens[tree.nodes[syntax].firstToken]
    let literal = tree.source[token.start..<token.end]
    guard token.kind == .text,
      let quote = literal.firstIndex(where: { $0 == ASCII.quote || $0 == UInt8(ascii: "'") })
    else { return token.start }
    let quotes = literal[quote...].prefix { $0 == literal[quote] }.count
    let content = literal[(quote + (quotes >= 3 ? 3 : 1))...]
    return content.starts(with: text) ? content.startIndex + offset : token.start
  }
}
