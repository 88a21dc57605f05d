/// The visits of crawlers, strewn between the events of persons.
///
/// Each event is a crawler's with the chance of the scenario, whatever happened before, so that the
/// share is exact; its time lies evenly between those of its neighbours.
struct Crawlers: Sendable {
  private let share: Double
  private var stream: RandomStream

  /// The crawlers of a scenario.
  init(_ scenario: Scenario) {
    share = scenario.noise.bots
    stream = RandomStream(seed: scenario.seed, .crawlers)
  }

  /// A crawler's event before `end`, if the next event is a crawler's.
  mutating func next(from start: Int64, to end: Int64) -> Occurrence? {
    guard share > 0, stream.happens(share) else { return nil }
    let time = start + Int64(stream.below(Int(end - start) + 1))
    var fetch = Occurrence(
      kind: .pageViewed, time: time, number: stream.below(Device.crawlerCount))
    fetch.place = stream.below(Place.all.count)
    if (Place.cart...Place.signIn).contains(fetch.place) { fetch.place = Place.home }
    fetch.device = fetch.number % Device.crawlers.count
    fetch.isLanding = true
    fetch.isCrawler = true
    return fetch
  }
}
