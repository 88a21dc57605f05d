import Pipes
import Records
import Statistics

extension BuyerRanks.Settings {
  /// The names of the options that it reads.
  static let options = [
    "rfm-ties", "rfm-nested", "recency-cuts", "frequency-cuts", "monetary-cuts", "value-cuts",
  ]

  /// Reads the options.
  init(_ arguments: Arguments) throws(Failure) {
    self.init()
    ties = arguments.value("rfm-ties").flatMap(QuintileTies.init(rawValue:)) ?? .middle
    isNested = arguments.has("rfm-nested")
    recencyCuts = try Self.counts("recency-cuts", arguments)
    frequencyCuts = try Self.counts("frequency-cuts", arguments)
    monetaryCuts = try Self.amounts("monetary-cuts", 4, arguments)
    valueCuts = try Self.amounts("value-cuts", 2, arguments)
  }

  private static func counts(_ name: String, _ arguments: Arguments) throws(Failure) -> [Int] {
    guard let words = words(name, arguments) else { return [] }
    let numbers = words.compactMap { Int($0) }.filter { (0...1_000_000).contains($0) }
    guard numbers.count == 4, words.count == 4, isRising(numbers) else {
      throw .usage("--\(name) takes four rising whole numbers like 2,3,5,10")
    }
    return numbers
  }

  private static func amounts(
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
