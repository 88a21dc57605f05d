/// A way to behave that is planted into persons, so that groups that are found can be compared with it.
///
///     1  window shoppers   browser, evenings, many pages, hardly ever a product
///     2  buyers            browser, mornings, a product in each visit
///     3  app users         app, at any time, often, a page or two
///     4  weekenders        browser, afternoons of Saturday and Sunday, seldom
struct PlantedGroup: Sendable {
  /// How often they come, compared with others.
  let activity: Double
  /// Mean number of pages behind the landing page.
  let pages: Double
  /// Chance that a visit goes to a product.
  let enters: Double
  /// Whether they come with an app.
  let usesApp: Bool
  /// The hours of the day at which visits begin.
  let hours: Range<Int64>
  /// Whether they come on Saturdays and Sundays only.
  let onWeekendsOnly: Bool

  /// All groups; the number of a person's is in ``Person/group``, counted from 1.
  static let all: [PlantedGroup] = [
    PlantedGroup(
      activity: 1, pages: 6, enters: 0.02, usesApp: false, hours: 18..<23, onWeekendsOnly: false),
    PlantedGroup(
      activity: 1, pages: 1.5, enters: 1, usesApp: false, hours: 6..<11, onWeekendsOnly: false),
    PlantedGroup(
      activity: 3, pages: 1.2, enters: 0.05, usesApp: true, hours: 0..<24, onWeekendsOnly: false),
    PlantedGroup(
      activity: 0.7, pages: 2, enters: 0.1, usesApp: false, hours: 12..<17, onWeekendsOnly: true),
  ]

  /// The first moment at or after one at which a visit may begin, and where in the hours it does.
  ///
  /// - Parameter place: where in the hours of a day, 0 to 1, a visit begins that has to wait.
  func visitTime(from time: Int64, place: Double) -> Int64 {
    let hour: Int64 = 3_600_000
    var day = Self.day(of: time)
    let isOpen = hours.contains((time - day * 24 * hour) / hour)
    if isOpen, isVisiting(on: day) { return time }
    if (time - day * 24 * hour) / hour >= hours.lowerBound { day += 1 }
    while !isVisiting(on: day) { day += 1 }
    let length = Double((hours.upperBound - hours.lowerBound) * hour)
    return day * 24 * hour + hours.lowerBound * hour + Int64(place * length)
  }

  private static func day(of time: Int64) -> Int64 {
    let quotient = time / 86_400_000
    return time % 86_400_000 < 0 ? quotient - 1 : quotient
  }

  /// Whether they come on a day, 0 for 1970-01-01, a Thursday.
  private func isVisiting(on day: Int64) -> Bool {
    !onWeekendsOnly || [2, 3].contains(((day % 7) + 7) % 7)
  }
}
