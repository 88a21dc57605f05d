import Events
import Pipes
import Records
import Statistics

/// What the buyers of a report bought in its currency, and their quintiles among each other.
struct Buyers: Sendable {
  /// What one person bought.
  struct Value: Sendable {
    let person: UInt32
    let bought: RFMScale.Buyer
    var rfm: RFM?
  }

  /// The values by person.
  private(set) var values: [Value] = []

  /// What persons bought in a currency; purchases without an amount count in any.
  ///
  /// - Parameter persons: roots in ascending order.
  init(
    _ persons: [UInt32], in states: PersonStates, _ census: borrowing Census, currency: UInt32?
  ) {
    for person in persons {
      var bought: Purchases?
      census.forEachNumber(of: person) { number in
        states.forEachPurchases(of: number) { purchases in
          guard purchases.currency == Currencies.none || purchases.currency == currency else {
            return
          }
          if bought == nil { bought = purchases } else { bought?.merge(purchases) }
        }
      }
      guard let bought else { continue }
      values.append(Value(person: person, bought: RFMScale.Buyer(bought), rfm: nil))
    }
  }

  /// Gives their codes to those who have a purchase; who only got money back has none.
  ///
  /// - Parameter order: the persons in the order in which equal ones are split; that of the values else.
  mutating func rank(by scale: RFMScale, asOf day: Int, order: [UInt32]?) {
    let places = order.map { $0.compactMap(place) } ?? Array(values.indices)
    let ranked = places.filter { values[$0].bought.frequency > 0 }
    let codes = scale.codes(of: ranked.map { values[$0].bought }, on: Int32(clamping: day))
    for (index, code) in zip(ranked, codes) { values[index].rfm = code }
  }

  /// Where a person stands in ``values``; `nil` for who bought nothing.
  ///
  /// Cost: a binary search.
  func place(of person: UInt32) -> Int? {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle].person < person { low = middle + 1 } else { high = middle }
    }
    return low < values.count && values[low].person == person ? low : nil
  }
}
