public import Records
import Statistics

extension RFMScale {
  /// The names of the options that it reads.
  public static let options = [
    "rfm-ties", "rfm-nested", "recency-cuts", "frequency-cuts", "monetary-cuts",
  ]

  /// The options as a program declares them.
  ///
  /// - Parameter reports: where values may be split and nested, as ` in reports`; nothing for everywhere.
  public static func declarations(in reports: String = "") -> [OptionDeclaration] {
    [
      OptionDeclaration(
        "rfm-ties", "HOW",
        "The fifth of equal values at its edge: that of their middle (default), their lowest, their"
          + " highest, or\(reports.isEmpty ? "" : ",\(reports),") split in the order of ids.",
        choices: QuintileTies.allCases.map(\.rawValue)),
      OptionDeclaration(
        "rfm-nested", nil,
        "Rank frequency and money within the same recency\(reports). Default: each by itself."),
      OptionDeclaration(
        "recency-cuts", "D,D,D,D",
        "Days since the last purchase in place of fifths: at most the first gives 5, more than the"
          + " last 1."),
      OptionDeclaration(
        "frequency-cuts", "N,N,N,N",
        "Purchases in place of fifths: less than the first gives 1, the last and more 5."),
      OptionDeclaration(
        "monetary-cuts", "X,X,X,X", "Amounts in place of fifths, likewise."),
    ]
  }

  /// Reads the options.
  public init(_ arguments: Arguments) throws(Failure) {
    self.init()
    ties = arguments.value("rfm-ties").flatMap(QuintileTies.init(rawValue:)) ?? .middle
    isNested = arguments.has("rfm-nested")
    recencyCuts = try Self.counts("recency-cuts", arguments)
    frequencyCuts = try Self.counts("frequency-cuts", arguments)
    monetaryCuts = try Self.amounts("monetary-cuts", 4, arguments)
  }

  private static func counts(_ name: String, _ arguments: Arguments) throws(Failure) -> [Int] {
    guard let words = words(name, arguments) else { return [] }
    let numbers = words.compactMap { Int($0) }.filter { (0...1_000_000).contains($0) }
    guard numbers.count == 4, words.count == 4, isRising(numbers) else {
      throw .usage("--\(name) takes four rising whole numbers like 2,3,5,10")
    }
    return numbers
  }

  /// Two or four rising amounts of an option; none without it.
  public static func amounts(
    _ name: String, _ count: Int, _ arguments: Arguments
  ) throws(Failure) -> [DecimalSum] {
    guard let words = words(name, arguments) else { return [] }
    var amounts: [DecimalSum] = []
    for word in words {
      let bytes = Array(word.utf8)
      var amount = DecimalSum()
      guard let number = DecimalNumber(bytes.span, from: 0, to: bytes.count), amount.add(number)
      else { break }
      amounts.append(amount)
    }
    guard amounts.count == count, words.count == count, isRising(amounts) else {
      let example = count == 4 ? "20,50,100.50,500" : "100,500"
      throw .usage("--\(name) takes \(count == 4 ? "four" : "two") rising amounts like \(example)")
    }
    return amounts
  }

  private static func words(_ name: String, _ arguments: Arguments) -> [Substring]? {
    arguments.value(name)?.split(separator: ",", omittingEmptySubsequences: false)
  }

  private static func isRising<Value: Comparable>(_ values: [Value]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }
}
