/// What expressions may say, by examples: each with its value for one event and those before it, so
/// that the help is a test too.
public enum ExpressionGuide {
  /// Examples of one kind.
  public struct Section: Sendable {
    /// What they are examples of.
    public let title: String
    /// What holds for all of them, perhaps nothing.
    public let intro: String
    /// The examples.
    public let rows: [Row]
  }

  /// One example.
  public struct Row: Sendable {
    /// An expression.
    public let example: String
    /// Its value for ``event``, as JSON.
    public let value: String
    /// What it means.
    public let meaning: String

    init(_ example: String, _ value: String, _ meaning: String) {
      self.example = example
      self.value = value
      self.meaning = meaning
    }
  }

  /// The event that the examples are of.
  public static let event = #"""
    {"type":"track","event":"Order Completed","userId":"u1","timestamp":"2026-03-14T09:26:53Z",
     "properties":{"revenue":59.90,"a b":1,"startedAt":"2026-03-14T08:00:00Z",
      "products":[{"sku":"s1","price":19.95,"quantity":2},{"sku":"s2","price":20,"quantity":1}]},
     "context":{"page":{"path":"/p/shoes"}},"segments":["vip"]}
    """#

  /// The earlier events of its person.
  public static let earlierEvents = #"""
    {"event":"Signed Up","userId":"u1","timestamp":"2026-01-05T08:00:00Z"}
    {"event":"Login","userId":"u1","timestamp":"2026-01-05T08:00:01Z"}
    {"event":"Order Completed","userId":"u1","timestamp":"2026-02-20T12:00:00Z","properties":{"revenue":40}}
    {"type":"identify","userId":"u1","timestamp":"2026-03-01T00:00:00Z","traits":{"plan":"pro"}}
    {"event":"Login","userId":"u1","timestamp":"2026-03-10T10:00:00Z"}
    {"event":"Login","userId":"u1","timestamp":"2026-03-13T10:00:00Z"}
    """#

  /// Every function, macro and operator: each must stand in an example.
  static var names: [String] {
    Environment.functionNames + Operator.allCases.map(\.symbol)
  }
}
