import Pipes

/// What is true of the simulated world: the numbers that estimates should find again.
struct Scenario: Sendable {
  /// Where all random numbers come from.
  var seed: UInt64 = 1
  /// How many persons there are.
  var persons = 20_000
  /// How many events end the stream; without it the period does.
  var events: Int?
  /// The first moment, in milliseconds since 1970.
  var start: Int64 = 1_767_225_600_000
  /// The length of the period in days.
  var days = 90
  /// Mean number of visits of a person in the period, the first one too.
  var visits = 2.0
  /// Shape of the Pareto distribution of activity.
  var activityShape = 1.5
  /// Chance that a person who has not yet looked at a product does so in a visit.
  var enters = 0.4
  /// Chance of going on to the next step of the funnel, from each but the last.
  var stepRates = SIMD4<Double>(0.55, 0.65, 0.85, 0.92)
  /// Mean times to the next step, in milliseconds.
  var stepDelays = SIMD4<Double>(240_000, 600_000, 120_000, 60_000)
  /// Chance that an anonymous visitor signs up, in a visit and at a checkout.
  var signsUp = 0.2
  /// Whether each person behaves as one of a few groups does.
  var plantsGroups = false
  /// Why persons drop before the payment; without it shipping is not told.
  var shippingCause: ShippingCause?
  /// The process of repeat orders.
  var purchase = PurchaseProcess()
  /// The shares of what makes data dirty.
  var noise = Noise()

  /// Chance that a signed-up person's visit is on the other device.
  static let otherDevice = 0.12
  /// Mean number of pages of a visit behind the landing page.
  static let pagesMean = 1.2
  /// Mean time on a page, in milliseconds.
  static let pageGap = 35_000.0
  /// Visits of one person are at least so far apart, in milliseconds: more than a session's idle time.
  static let visitGapLeast: Int64 = 1_860_000
  /// No person is more than so many times as active as the least active one.
  static let activityMost = 300.0
  /// First visits are spread evenly over this part of the period.
  static let arrivalShare = 0.8
  /// Mean time between newsletters to a signed-up person, in milliseconds.
  static let mailGap = 28 * 86_400_000.0
  /// Chance that a newsletter is opened, and the mean time until then in milliseconds.
  static let opens = (chance: 0.35, delay: 18_000_000.0)
  /// Chance that the link of an opened newsletter is clicked, and the mean time until then.
  static let clicks = (chance: 0.2, delay: 90_000.0)
  /// Mean time between tickets of a signed-up person, in milliseconds.
  static let ticketGap = 150 * 86_400_000.0
  /// Mean time until a ticket is solved, in milliseconds.
  static let solveDelay = 72_000_000.0
  /// Chance that a buyer answers a survey after an order, and the mean time until then.
  static let answers = (chance: 0.1, delay: 86_400_000.0)
  /// Chances of the plans free, pro and team.
  static let plans = SIMD4<Double>(0, 0.7, 0.22, 0.08)

  /// The end of the period, in milliseconds since 1970.
  var end: Int64 { start + Int64(days) * 86_400_000 }

  /// The times from each step of one person's journey to the next, in milliseconds.
  ///
  /// They are known before the journey begins, so that a repeat order can fall on its own time.
  func delays(person: Int, journey: Int) -> SIMD4<Int64> {
    var stream = RandomStream(seed: seed, .journey, person, part: journey)
    var delays = SIMD4<Int64>()
    for step in 0..<4 { delays[step] = stream.wait(mean: stepDelays[step]) }
    return delays
  }
}

/// How often and for how much buyers buy again.
///
/// BG/NBD: between orders pass exponential times whose rate is gamma distributed over buyers; after
/// each repeat order a buyer is lost with a chance that is beta distributed over buyers. Order values
/// are gamma distributed with a mean that differs between buyers, by an inverse gamma distribution.
/// Sources: Fader, Hardie and Lee, "Counting your customers the easy way", 2005; Fader and Hardie,
/// "The gamma-gamma model of monetary value", 2013.
struct PurchaseProcess: Sendable {
  /// Shape of the gamma distribution of order rates.
  var r = 0.8
  /// Its rate, in days.
  var alphaDays = 30.0
  /// First shape of the beta distribution of the chance to be lost.
  var a = 0.8
  /// Its second shape.
  var b = 2.5
  /// Shape of the gamma distribution of one buyer's order values.
  var p = 6.0
  /// Shape of the gamma distribution of its rate over buyers.
  var q = 4.0
  /// The rate of that, in the currency.
  var gamma = 15.0
}

/// The shares of what makes data dirty, each from 0 to 1.
struct Noise: Sendable {
  /// Of the events, those of crawlers.
  var bots = 0.01
  /// Of the events, those that are sent twice.
  var duplicates = 0.005
  /// Of the events, those that arrive behind newer ones.
  var late = 0.02
  /// How long a late event is held back at most, in milliseconds.
  var lateBy: Int64 = 900_000
  /// Broken lines for each event.
  var broken = 0.0005
  /// Of the events, those that have the time of the event before them.
  var ties = 0.0
}
