public import Events

extension EventNames {
  /// The names of purchases: those of `--purchase`, else the Segment spec's.
  public static func purchases(_ arguments: Arguments) -> [String] {
    let purchases = arguments.values("purchase")
    return purchases.isEmpty ? ["Order Completed"] : purchases
  }

  /// The table, with what `--purchase` and `--passive` name.
  public init(_ arguments: Arguments, _ reader: EventReader) throws(Failure) {
    try self.init(arguments, reader, purchases: EventNames.purchases(arguments))
  }

  /// The table, with what `--passive` names, and purchases.
  public init(
    _ arguments: Arguments, _ reader: EventReader, purchases: [String]
  ) throws(Failure) {
    let passive = arguments.values("passive")
    guard purchases.count + passive.count <= EventNames.addedMax else {
      throw .usage("--purchase and --passive take \(EventNames.addedMax) names at most")
    }
    self.init(reader, purchases: purchases, passive: passive)
  }
}
