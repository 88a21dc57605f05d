/// Newsletters, tickets and surveys.
extension Person {
  /// Gets a newsletter, opens it, clicks in it.
  mutating func readMail() -> Occurrence {
    let time = mailTime
    let kind: EventKind
    var next: Letter?
    switch letter {
    case .delivered:
      kind = .emailDelivered
      if stream.happens(Scenario.opens.chance) { next = .opened }
    case .opened:
      kind = .emailOpened
      if stream.happens(Scenario.clicks.chance) { next = .clicked }
    case .clicked: kind = .emailLinkClicked
    }
    letter = next ?? .delivered
    switch letter {
    case .delivered: mailTime = time + stream.wait(mean: Scenario.mailGap)
    case .opened: mailTime = time + stream.wait(mean: Scenario.opens.delay)
    case .clicked: mailTime = time + stream.wait(mean: Scenario.clicks.delay)
    }
    var message = occurrence(kind, at: time)
    message.identity = .user
    return message
  }

  /// Opens a ticket, has it solved, or answers a survey.
  mutating func beServed() -> Occurrence {
    let time = serviceTime
    let kind: EventKind
    switch service {
    case .ticket:
      kind = .ticketOpened
      service = .solution
      serviceTime = time + stream.wait(mean: Scenario.solveDelay)
    case .solution, .survey:
      kind = service == .solution ? .ticketSolved : .surveyAnswered
      service = .ticket
      serviceTime =
        isSignedUp ? time + stream.wait(mean: Scenario.ticketGap) : Person.never
    }
    var contact = occurrence(kind, at: time)
    contact.identity = isSignedUp ? .user : .anonymous
    if kind == .surveyAnswered { contact.score = surveyScore() }
    return contact
  }

  /// A score from 0 to 10: half promoters, 30 % passives, 20 % detractors.
  private mutating func surveyScore() -> Int {
    let share = stream.below(10)
    if share < 5 { return 9 + stream.below(2) }
    return share < 8 ? 7 + stream.below(2) : stream.below(7)
  }
}
