/// How persons visit.
extension Person {
  /// The next page of this visit, or the first one of the next.
  mutating func visit(in scenario: Scenario) -> Occurrence {
    pagesLeft == 0 ? land(in: scenario) : browse(in: scenario)
  }

  /// Begins a visit.
  private mutating func land(in scenario: Scenario) -> Occurrence {
    let time = visitTime
    pagesLeft = UInt8(stream.geometricVariate(mean: planted?.pages ?? Scenario.pagesMean))
    isElsewhere = isSignedUp && group == 0 && stream.happens(Scenario.otherDevice)
    signsIn = isElsewhere || isSignedUp && stream.happens(0.25)
    signsUpNow = !isSignedUp && stream.happens(scenario.signsUp)
    if signsIn || signsUpNow { pagesLeft += 1 }
    let model = Int(isElsewhere ? otherDevice : device)
    source = Device.isApp(model) ? 0 : UInt8(Source.drawn(&stream))
    if journeys == 0 || beginsAgain, stream.happens(planted?.enters ?? scenario.enters) {
      begin(at: time + stream.wait(mean: Scenario.pageGap))
    }
    var landing = occurrence(Device.isApp(model) ? .applicationOpened : .pageViewed, at: time)
    landing.isLanding = true
    landing.isFirst = !hasVisited
    landing.device = model
    landing.deviceSlot = isElsewhere ? 1 : 0
    landing.identity = isElsewhere ? .anonymous : identity()
    if isElsewhere { landing.plan = 0 }
    landing.place = Device.isApp(model) ? Place.home : Place.landing(&stream, favourite)
    hasVisited = true
    scheduleVisit(after: time)
    return landing
  }

  /// Looks at one more page.
  private mutating func browse(in scenario: Scenario) -> Occurrence {
    let time = visitTime
    pagesLeft -= 1
    let model = Int(isElsewhere ? otherDevice : device)
    var page = occurrence(Device.isApp(model) ? .screenViewed : .pageViewed, at: time)
    if signsIn {
      signsIn = false
      page = occurrence(.signedIn, at: time)
      page.identity = .both
      page.place = Place.signIn
    } else if signsUpNow, pagesLeft == 0, !isSignedUp {
      page = occurrence(.signedUp, at: time)
      signUp(at: time, to: &page)
    } else {
      let choice = stream.below(10)
      let category = stream.below(10) < 7 ? Int(favourite) : stream.below(Product.categories.count)
      if choice < 3 {
        page = occurrence(.productListViewed, at: time)
      } else if choice < 4 {
        page = occurrence(.productsSearched, at: time)
      }
      page.place = choice < 4 ? Place.category(category) : stream.below(Place.articles)
      page.identity = identity()
    }
    page.device = model
    page.deviceSlot = isElsewhere ? 1 : 0
    scheduleVisit(after: time)
    return page
  }

  /// Whether a person of a planted group goes to a product again, who has none before the eyes.
  private var beginsAgain: Bool { group > 0 && journeyTime == Person.never }

  private mutating func scheduleVisit(after time: Int64) {
    if pagesLeft > 0 {
      visitTime = time + stream.wait(mean: Scenario.pageGap)
    } else {
      visitTime = time + Scenario.visitGapLeast + stream.wait(mean: visitGap)
      if let planted {
        visitTime = planted.visitTime(from: visitTime, place: stream.uniform())
      }
    }
  }
}
