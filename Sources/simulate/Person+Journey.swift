/// How persons go through the funnel, and buy again.
///
/// The first journey goes on from each step with the chance of the scenario. Journeys of buyers who
/// come back go through to the order, whose time is that of the purchase process.
extension Person {
  /// Begins a journey with its first step at this time.
  mutating func begin(at time: Int64) {
    journeys += 1
    step = 0
    interlude = .none
    journeyTime = time
  }

  /// Takes the next step.
  mutating func travel(in scenario: Scenario) -> Occurrence {
    let time = journeyTime
    if interlude != .none { return pause(in: scenario) }
    let kind = EventKind.steps[Int(step)]
    if step == 0 { product = UInt8(Product.drawn(&stream, favourite)) }
    step += 1
    var taken = occurrence(kind, at: time)
    taken.identity = identity()
    taken.product = Int(product)
    taken.isFirstJourney = journeys == 1
    switch kind {
    case .productViewed, .productAdded: taken.place = Place.product(Int(product))
    case .checkoutStarted:
      taken.place = Place.checkout
      if scenario.shippingCause != nil {
        taken.shippingCents = paysShipping(in: scenario) ? ShippingCause.cents : 0
      }
    case .paymentInfoEntered: taken.place = Place.payment
    default: taken.place = Place.receipt
    }
    if kind == .orderCompleted {
      if orderScale == 0 { becomeBuyer(scenario.purchase) }
      taken.cents = orderCents(scenario.purchase)
      scheduleOrder(after: time, in: scenario)
    } else {
      goOn(from: time, in: scenario)
    }
    return taken
  }

  /// Decides whether and when the next step follows.
  private mutating func goOn(from time: Int64, in scenario: Scenario) {
    let last = Int(step) - 1
    guard journeys > 1 || stream.happens(chance(ofGoingOnFrom: last, in: scenario)) else {
      journeyTime = Person.never
      return
    }
    let delay = scenario.delays(person: Int(number), journey: Int(journeys))[last]
    if step == 2 {
      if !isSignedUp, stream.happens(scenario.signsUp) {
        interlude = .signUp
      } else if stream.happens(0.3) {
        interlude = .cart
      }
    }
    journeyTime = time + (interlude == .none ? delay : delay / 2)
  }

  /// The chance of going on from a step of the first journey, the first step being 0.
  private func chance(ofGoingOnFrom step: Int, in scenario: Scenario) -> Double {
    let rate = scenario.stepRates[step]
    guard step == 2, let cause = scenario.shippingCause else { return rate }
    return cause.chance(isCostly: paysShipping(in: scenario), rate: rate)
  }

  private func paysShipping(in scenario: Scenario) -> Bool {
    ShippingCause.isCostly(Int(number), seed: scenario.seed)
  }

  /// Looks into the cart, or signs up to check out, halfway to the checkout.
  private mutating func pause(in scenario: Scenario) -> Occurrence {
    let time = journeyTime
    let delay = scenario.delays(person: Int(number), journey: Int(journeys))[1]
    journeyTime = time + delay - delay / 2
    defer { interlude = .none }
    if interlude == .signUp, !isSignedUp {
      var occurrence = occurrence(.signedUp, at: time)
      signUp(at: time, to: &occurrence)
      return occurrence
    }
    var occurrence = occurrence(.cartViewed, at: time)
    occurrence.identity = identity()
    occurrence.place = Place.cart
    return occurrence
  }

  /// Draws what this buyer is like.
  private mutating func becomeBuyer(_ purchase: PurchaseProcess) {
    let rate = stream.gammaVariate(shape: purchase.r) / purchase.alphaDays
    orderGap = 86_400_000 / max(rate, 1e-9)
    dropout = stream.betaVariate(purchase.a, purchase.b)
    orderScale = purchase.gamma / max(stream.gammaVariate(shape: purchase.q), 1e-6)
  }

  private mutating func orderCents(_ purchase: PurchaseProcess) -> Int {
    let value = stream.gammaVariate(shape: purchase.p) * orderScale
    return Int(min(max((value * 100).rounded(), 1), 99_999_999))
  }

  /// Begins the journey of the next order so that it ends at the order's time.
  private mutating func scheduleOrder(after time: Int64, in scenario: Scenario) {
    journeyTime = Person.never
    if journeys > 1, stream.happens(dropout) { return }
    let gap = stream.wait(mean: orderGap)
    let delays = scenario.delays(person: Int(number), journey: Int(journeys) + 1)
    let length = delays.wrappedSum()
    if gap > length {
      begin(at: time + gap - length)
    } else {
      // No time to look around: the buyer orders the same once more.
      begin(at: time + gap)
      step = 4
    }
    if service == .ticket, stream.happens(Scenario.answers.chance) {
      service = .survey
      serviceTime = time + stream.wait(mean: Scenario.answers.delay)
    }
  }
}
