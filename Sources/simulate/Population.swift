/// All persons, and who acts next.
struct Population: Sendable {
  private var persons: [Person] = []
  private var agenda: Agenda

  /// The persons of a scenario, each at the beginning.
  init(_ scenario: Scenario, events: Int) {
    agenda = Agenda(
      persons: scenario.persons, events: events, start: scenario.start, end: scenario.end)
    persons.reserveCapacity(scenario.persons)
    var activitySum = 0.0
    for number in 0..<scenario.persons {
      let person = Person(number, in: scenario)
      activitySum += person.visitGap
      persons.append(person)
      agenda.add(number, at: person.nextTime)
    }
    // So far the gap holds the person's activity; visits behind the first are shared out by it.
    let length = Double(scenario.end - scenario.start) * (1 - Scenario.arrivalShare / 2)
    let later = max(scenario.visits - 1, 0.05)
    let scale = length / later * (activitySum / Double(scenario.persons))
    for number in persons.indices { persons[number].visitGap = scale / persons[number].visitGap }
  }

  /// The time of the next event.
  mutating func nextTime() -> Int64 { agenda.first().time }

  /// Lets the next person act.
  mutating func next(in scenario: Scenario) -> Occurrence {
    let number = Int(agenda.first().person)
    agenda.removeFirst()
    let occurrence = persons[number].act(in: scenario)
    agenda.add(number, at: persons[number].nextTime)
    return occurrence
  }

  /// The mean number of visits with which persons make so many events each in the period.
  ///
  /// Tried out with a few persons; what lies between two trials is interpolated.
  static func visits(forEventsPerPerson wanted: Double, in scenario: Scenario) -> Double {
    var trial = scenario
    trial.persons = min(scenario.persons, 3000)
    var before = (visits: 1.05, events: 0.0)
    before.events = eventsPerPerson(trial, visits: before.visits)
    var visits = 1.6
    while true {
      let events = eventsPerPerson(trial, visits: visits)
      if events >= wanted || visits > 100 {
        let slope = (events - before.events) / (visits - before.visits)
        return max(1.05, before.visits + (wanted - before.events) / max(slope, 0.1))
      }
      before = (visits, events)
      visits *= 2
    }
  }

  private static func eventsPerPerson(_ scenario: Scenario, visits: Double) -> Double {
    var scenario = scenario
    scenario.visits = visits
    var population = Population(scenario, events: scenario.persons * 8)
    var count = 0
    while population.nextTime() < scenario.end {
      _ = population.next(in: scenario)
      count += 1
    }
    return Double(count) / Double(scenario.persons)
  }
}
