/// What is known of a person besides activity: tickets, the latest rating, the latest payment.
///
/// Cost: 64 bytes, only for persons who have any.
struct Signals: Sendable, BitwiseCopyable {
  /// Tickets opened.
  var opened: UInt32 = 0
  /// Tickets solved or closed.
  var closed: UInt32 = 0
  /// The latest rating, 0 to 100.
  var rating = Latest()
  /// The latest payment: 1 came in, 0 failed.
  var payment = Latest()

  /// Whether support knows the person.
  var hasTickets: Bool { opened > 0 || closed > 0 }

  /// Tickets that wait for an answer.
  var openTickets: Int { max(0, Int(opened) - Int(closed)) }

  /// Adds what another row knows.
  mutating func merge(_ other: Signals) {
    opened &+= other.opened
    closed &+= other.closed
    rating.merge(other.rating)
    payment.merge(other.payment)
  }
}
