/// What goals are learned from and told by: what persons did, and what they paid in one currency.
struct GoalEvidence: Sendable {
  /// What one person did and paid, the oldest day first; days of several ids may stand there twice.
  struct Days {
    fileprivate(set) var behaviours: [Behaviours.Day] = []
    fileprivate(set) var purchases: [PurchaseDay] = []
  }

  let behaviours: Behaviours
  let purchases: PurchaseDays
  /// The number of the currency; `nil` where nothing was paid.
  let currency: UInt32?

  /// What a person did and paid.
  func days(of person: UInt32, _ census: borrowing Census) -> Days {
    var days = Days()
    census.forEachNumber(of: person) { number in
      behaviours.days.forEach(of: number) { days.behaviours.append($0) }
      purchases.forEach(of: number) { if $0.kind == currency { days.purchases.append($0) } }
    }
    // How days of equal number stand does not matter: they are counted.
    days.behaviours.sort { $0.day < $1.day }
    return days
  }
}
