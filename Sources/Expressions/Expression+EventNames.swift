extension Expression {
  /// The names one of which an event must have for the condition to be true; `nil` where any may do.
  ///
  ///     event == "A" && properties.n > 1              A
  ///     event in ["A", "B"] || event == "C"           A, B, C
  ///     properties.n > 1                              nil
  ///
  /// Of any other event it is false, and has no error; so who asks many conditions need ask only
  /// those of an event's name.
  public var eventNames: [[UInt8]]? { program.eventNames(of: program.root) }
}

extension Program {
  /// The names that an event must have for a node to be true.
  fileprivate func eventNames(of node: Int) -> [[UInt8]]? {
    switch nodes[node] {
    case .textComparison(.equal, let operand, let text) where isEventName(operand):
      return [texts.content(text)]
    case .oneOf(let operand, let first, let count) where isEventName(operand):
      return (first..<first + count).map { texts.content($0) }
    case .and(let first, let count):
      // One that is false makes the whole false, whatever the others are.
      return children[first..<first + count].compactMap(eventNames).min { $0.count < $1.count }
    case .or(let first, let count):
      var names: [[UInt8]] = []
      for child in children[first..<first + count] {
        guard let other = eventNames(of: child) else { return nil }
        names += other
      }
      return names
    default: return nil
    }
  }

  private func isEventName(_ node: Int) -> Bool {
    if case .eventName = nodes[node] { true } else { false }
  }
}
