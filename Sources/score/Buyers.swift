import Events
import Records
import Statistics

/// What the buyers of a report bought in its currency, and their quintiles among each other.
struct Buyers: Sendable {
  /// What one person bought.
  struct Value: Sendable {
    let person: UInt32
    let frequency: UInt32
    let newestDay: Int32
    var rfm: RFM?
    let monetary: DecimalSum
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
      values.append(
        Value(
          person: person, frequency: bought.count, newestDay: bought.newestDay, rfm: nil,
          monetary: bought.amount))
    }
    rank()
  }

  /// Gives their quintiles to those who have a purchase; who only got money back has none.
  private mutating func rank() {
    let ranked = values.indices.filter { values[$0].frequency > 0 }
    let recency = quintiles(ranked.map { values[$0].newestDay })
    let frequency = quintiles(ranked.map { values[$0].frequency })
    let monetary = quintiles(ranked.map { values[$0].monetary })
    for (place, index) in ranked.enumerated() {
      values[index].rfm = RFM(recency[place], frequency[place], monetary[place])
    }
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
