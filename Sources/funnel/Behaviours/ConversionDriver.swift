import Pipes
import Records
import Statistics

/// A behaviour that may set those who convert apart, with what the persons say of it.
struct ConversionDriver: Sendable {
  let behaviour: Behaviour
  let table: FourfoldTable
  let oddsRatio: Double
  let interval: Interval
  /// Fisher's exact probability, by itself and corrected for the number of drivers.
  let p: Double
  var corrected = 1.0

  /// The driver of a table, `nil` where there is nothing to compare.
  init?(_ behaviour: Behaviour, _ table: FourfoldTable) {
    guard let oddsRatio = table.oddsRatio, let interval = table.oddsRatioInterval() else {
      return nil
    }
    (self.behaviour, self.table) = (behaviour, table)
    (self.oddsRatio, self.interval, p) = (oddsRatio, interval, table.fisherExact)
  }

  /// Whether it comes before another: the least likely to be chance first, of equals the stronger,
  /// then by kind, name and value.
  func precedes(_ other: ConversionDriver) -> Bool {
    if p != other.p { return p < other.p }
    if strength != other.strength { return strength > other.strength }
    let (mine, others) = (behaviour, other.behaviour)
    if mine.kind != others.kind { return mine.kind.rawValue < others.kind.rawValue }
    if mine.name != others.name { return mine.name.lexicographicallyPrecedes(others.name) }
    return mine.value.lexicographicallyPrecedes(others.value)
  }

  /// How far the odds ratio is from 1, on either side.
  private var strength: Double { max(oddsRatio, 1 / oddsRatio) }

  /// Writes the fields of a `funnel.driver` record.
  ///
  /// - Parameter tests: how many drivers were compared.
  func write(tests: Int, isSkewed: Bool, to writer: inout RecordWriter) {
    writer.field("kind", "\(behaviour.kind)")
    writer.field("name", text: behaviour.name)
    if behaviour.kind == .property {
      writer.field("value", json: behaviour.value)
    } else {
      writer.null("value")
    }
    writer.rate("with", Rate(numerator: table.exposedHits, denominator: table.exposed))
    writer.rate("without", Rate(numerator: table.otherHits, denominator: table.others))
    writer.field("oddsRatio", oddsRatio)
    writer.field("low", interval.low)
    writer.field("high", interval.high)
    writer.field("p", p)
    writer.field("pHolm", corrected)
    writer.field("tests", tests)
    if isSkewed { writer.field("skewed", true) }
  }
}
