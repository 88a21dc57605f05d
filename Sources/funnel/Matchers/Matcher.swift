/// What a person's events are run through, in the order of time: the rules of one product.
protocol Matcher: Sendable {
  /// Adds how far a person came.
  ///
  /// - Parameters:
  ///   - matches: the person's events, sorted by time and then by the rank of their set.
  ///   - everyTry: whether each try is a passage, as `--count totals` wants it, or only the one that
  ///     counts for the person.
  mutating func addPassages(
    of matches: ArraySlice<Match>, _ sets: StepSets, everyTry: Bool, to passages: inout [Passage])
}

/// Rules by which a person can be carried on bit by bit, since few numbers hold all that later
/// events depend on.
///
/// A matcher is the rules, ``Tries`` the person: one matcher serves all persons.
protocol ResumableMatcher: Matcher {
  /// A person who has done nothing.
  func start() -> Tries

  /// Takes matches that are sorted by time and then by the rank of their set. All matches of their
  /// moments are among them, and those before are in the tries already.
  mutating func advance(_ tries: inout Tries, over matches: ArraySlice<Match>, _ sets: StepSets)

  /// The last moment at which a later event could carry the person on, `nil` where none can.
  func openUntil(_ tries: Tries) -> Int64?
}

extension ResumableMatcher {
  /// Takes all matches of a person; the passage becomes what counts.
  ///
  /// - Parameter tries: those of a person before, to be used again.
  /// - Returns: whether the person entered.
  mutating func take(
    _ matches: ArraySlice<Match>, _ sets: StepSets, _ tries: inout Tries,
    into passage: inout Passage
  ) -> Bool {
    tries.clear()
    advance(&tries, over: matches, sets)
    guard tries.level > 0 else { return false }
    passage.take(tries, openUntil: openUntil(tries))
    return true
  }

  mutating func addPassages(
    of matches: ArraySlice<Match>, _ sets: StepSets, everyTry: Bool, to passages: inout [Passage]
  ) {
    var tries = start()
    if !everyTry {
      advance(&tries, over: matches, sets)
      return add(tries, to: &passages)
    }
    var start = matches.startIndex
    while start < matches.endIndex {
      let time = matches[start].time
      // A try ends when it has converted, or when nothing can carry it on any more.
      if tries.level > 0, tries.isEnded || (openUntil(tries) ?? .min) < time {
        add(tries, to: &passages)
        tries = self.start()
      }
      let end = matches.momentEnd(from: start)
      advance(&tries, over: matches[start..<end], sets)
      start = end
    }
    add(tries, to: &passages)
  }

  private func add(_ tries: Tries, to passages: inout [Passage]) {
    guard tries.level > 0 else { return }
    passages.append(Passage(tries, openUntil: openUntil(tries)))
  }
}
