/// What a metric is, as data: the built-in ones and those of `--define` alike.
///
/// What it counts stands as numbers of its ``MetricPlan``, which asks each condition once, however many
/// metrics have it.
struct MetricDefinition: Sendable {
  /// What one side of a metric counts, in a period.
  enum Count: Sendable, Equatable {
    /// Events for which a condition is true, by number of their counter.
    case events(Int)
    /// Persons of whom there are such events, by number of their mark.
    case persons(Int, PersonSpan)
    /// The exact sum of a value, by number of the value.
    case sum(Int)
    /// Money in one currency.
    case money(MoneyKind)
  }

  /// In which period a person has such an event.
  enum PersonSpan: String, Sendable {
    /// In this one.
    case now = "persons"
    /// In the one before, whatever in this one.
    case before = "personsBefore"
    /// In this one and the one before.
    case kept = "personsKept"
    /// In the one before, and not in this one.
    case lost = "personsLost"
    /// In this one and in any earlier one.
    case returning = "personsReturning"
  }

  /// Which money.
  enum MoneyKind: String, Sendable, CaseIterable {
    /// The amounts of purchases, less what was paid back.
    case net
    /// The amounts of purchases.
    case purchases
  }

  /// How what is counted becomes a value.
  enum Form: Sendable {
    /// The count itself.
    case total(Count)
    /// One by another.
    case ratio(Count, Count)
    /// One less another, by all: the Net Promoter Score.
    case net(Count, minus: Count, Count)
    /// How many more persons there are than in the period before, by those.
    case growth(Int)
    /// The mean of a value, by its number.
    case mean(Int)
    /// The mean of the amounts of purchases in one currency.
    case meanPurchase
    /// A quantile of a value, by its number.
    case quantile(Int, Double)
    /// What becomes of cases, by number of their log.
    case cases(Int, CaseAnswer)
    /// What visitors' sessions are like.
    case sessions(SessionAnswer)
    /// The product of other metrics of the table, by their numbers.
    case product([Int])
  }

  /// What is asked of the cases that were opened in a period.
  enum CaseAnswer: Sendable {
    /// The share that is closed.
    case share
    /// Mean seconds to the first closing, of those closed.
    case seconds
    /// A quantile of the same.
    case quantile(Double)
    /// All closings, by the sizes of the openings.
    case closingsBySize
  }

  /// What is asked of the sessions that began in a period.
  enum SessionAnswer: String, Sendable, CaseIterable {
    /// How many.
    case count
    /// Mean seconds from the first event to the last.
    case seconds
    /// Mean pages and screens.
    case pages
    /// The share that is not engaged.
    case bounced
  }

  /// A range of values that the sources have a word for.
  struct Band: Sendable {
    let from: Double?
    let below: Double?
    let name: String
  }

  /// The units that values have.
  enum Unit: String, Sendable, CaseIterable {
    /// A part of a whole, 0 to 1.
    case share
    /// 100 times a share that may be negative.
    case points
    /// Persons, events.
    case count
    /// A plain number: a rating, purchases a buyer.
    case number
    /// Seconds.
    case seconds
    /// An amount in the currency of the report.
    case money
  }

  let name: String
  /// What it tells, in a sentence.
  let about: String
  let unit: Unit
  let form: Form
  /// Whether more is better; `nil` where neither is.
  let isBetterHigher: Bool?
  /// Whether the value of a period stands for a year: times the periods of one.
  let isYearly: Bool
  let bands: [Band]

  /// The word that the sources have for a value.
  func band(of value: Double) -> String? {
    bands.first { band in
      (band.from.map { value >= $0 } ?? true) && (band.below.map { value < $0 } ?? true)
    }?.name
  }

  /// Whether it is in one currency.
  var isMoney: Bool { unit == .money }
}
