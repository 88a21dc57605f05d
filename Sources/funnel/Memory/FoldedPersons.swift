import Events
import Records

/// What a funnel keeps under `--lateness`: the latest events one by one, of older ones only how far
/// each person has come by them.
///
///     event ─ recent ─ when no earlier one can come any more: by moment and person ─ matcher ─ state
///
/// Any order of arrival within the lateness gives the same states, since a moment is folded when
/// all its events are there. Two ids that turn out to be one person before what they did is folded
/// are one person throughout. What was folded by then is brought together by ``Tries/merge(_:)``,
/// as far as each has come by itself: exact where only one of them did anything that matters.
///
/// Cost: 16 bytes an event of the latest two to three latenesses; 4 bytes an id, and the words of
/// ``TriesCode`` for each person who has entered.
struct FoldedPersons: Sendable {
  /// An event that is not folded yet.
  private struct Recent: BitwiseCopyable {
    let match: Match
    var person: UInt32
  }

  private let definition: FunnelDefinition
  private var recent: [Recent] = []
  /// Where the state of each person is, counted from 1; 0 for none.
  private var places: [UInt32] = []
  private var store: StateStore
  private var code: TriesCode
  private var ranks: [Int] = []
  private var tries: Tries
  private var bits = BitWriter()
  private var matches: [Match] = []

  init(_ definition: FunnelDefinition) {
    self.definition = definition
    let stepCount = definition.steps.count
    let isTaintable = !definition.exclusions.isEmpty
    code = TriesCode(
      stepCount: stepCount, windowMilliseconds: definition.windowMilliseconds,
      optional: definition.optional, isTaintable: isTaintable)
    store = StateStore(rowWordsMax: code.wordsMax)
    tries = Tries(stepCount: stepCount, isTaintable: isTaintable)
  }

  /// Takes an event.
  mutating func append(person: UInt32, _ match: Match) {
    recent.append(Recent(match: match, person: person))
  }

  /// Folds the events before a moment.
  mutating func fold(before moment: Moment, _ persons: Persons, _ sets: StepSets) {
    if ranks.count != sets.steps.count { ranks = sets.ranks() }
    recent.sort { $0.match.time < $1.match.time }
    guard var matcher = definition.resumableMatcher() else { return }
    var start = 0
    while start < recent.count, recent[start].match.time < moment.milliseconds {
      var end = start + 1
      while end < recent.count, recent[end].match.time == recent[start].match.time { end += 1 }
      foldMoment(start..<end, persons, sets, &matcher)
      start = end
    }
    recent.removeSubrange(..<start)
  }

  /// Folds all events of one moment.
  private mutating func foldMoment(
    _ rows: Range<Int>, _ persons: Persons, _ sets: StepSets, _ matcher: inout any ResumableMatcher
  ) {
    for row in rows { recent[row].person = persons.root(recent[row].person) }
    if rows.count > 1 {
      let ranks = ranks
      recent[rows].sort { left, right in
        left.person != right.person
          ? left.person < right.person : ranks[left.match.set] < ranks[right.match.set]
      }
    }
    var start = rows.lowerBound
    while start < rows.upperBound {
      let person = recent[start].person
      matches.removeAll(keepingCapacity: true)
      while start < rows.upperBound, recent[start].person == person {
        matches.append(recent[start].match)
        start += 1
      }
      advance(person, sets, &matcher)
    }
  }

  /// Carries a person on by the matches at hand.
  private mutating func advance(
    _ person: UInt32, _ sets: StepSets, _ matcher: inout any ResumableMatcher
  ) {
    var wordCount = 0
    if isKnown(person) {
      wordCount = read(person)
      if tries.isEnded { return }
    } else {
      // Before the first step nothing changes anything.
      guard matches.contains(where: { sets.steps[$0.set].first == 1 }) else { return }
      tries.clear()
    }
    matcher.advance(&tries, over: matches[...], sets)
    write(person, inPlaceOfWords: wordCount)
  }

  /// Brings the states of two persons together who turned out to be one.
  mutating func link(_ link: Persons.Link) {
    guard isKnown(link.absorbed) else { return }
    let place = places[Int(link.absorbed)]
    guard isKnown(link.kept) else {
      expect(link.kept)
      places[Int(link.kept)] = place
      places[Int(link.absorbed)] = 0
      return
    }
    let absorbedWords = read(link.absorbed)
    let absorbed = tries
    store.release(place, ofWords: absorbedWords)
    places[Int(link.absorbed)] = 0
    let wordCount = read(link.kept)
    tries.merge(absorbed)
    write(link.kept, inPlaceOfWords: wordCount)
  }

  /// Hands over how far each person has come who entered, in the order of their numbers.
  mutating func forEachPerson(_ body: (UInt32, Tries) -> Void) {
    for person in places.indices where places[person] != 0 {
      _ = read(UInt32(truncatingIfNeeded: person))
      body(UInt32(truncatingIfNeeded: person), tries)
    }
  }

  /// Writes what is folded of a person, as the words of ``TriesCode``.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    var words: [UInt64] = []
    if isKnown(person) {
      var reader = store.reader(places[Int(person)])
      var (code, tries) = (code, tries)
      code.decode(&reader, into: &tries)
      words = store.words(places[Int(person)], count: reader.wordCount)
    }
    state.write(words.count)
    for word in words { state.write(word: word) }
  }

  /// Adds what another run had folded of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    let count = try state.count(upTo: code.wordsMax)
    guard count > 0 else { return }
    // Zeros behind them, whatever a damaged state makes of its words.
    var words = [UInt64](repeating: 0, count: code.wordsMax + 1)
    for index in 0..<count { words[index] = try state.word() }
    var other = BitReader(words, from: 0)
    guard isKnown(person) else {
      code.decode(&other, into: &tries)
      return write(person, inPlaceOfWords: 0)
    }
    let wordCount = read(person)
    var both = tries
    code.decode(&other, into: &tries)
    both.merge(tries)
    tries = both
    write(person, inPlaceOfWords: wordCount)
  }

  /// The events of each person that are not folded yet, by time and then by the rank of their set.
  func recentByPerson(_ roots: [UInt32], ranks: [Int]) -> RowsByPerson<FacetedMatch> {
    var log = MatchLog()
    for event in recent { log.append(person: event.person, event.match) }
    return log.byPerson(roots, ranks: ranks, facetRanks: [0])
  }

  private func isKnown(_ person: UInt32) -> Bool {
    Int(person) < places.count && places[Int(person)] != 0
  }

  /// Makes room for a person.
  private mutating func expect(_ person: UInt32) { places.extend(to: Int(person) + 1, with: 0) }

  /// Reads the state of a person.
  ///
  /// - Returns: its words.
  private mutating func read(_ person: UInt32) -> Int {
    var reader = store.reader(places[Int(person)])
    code.decode(&reader, into: &tries)
    return reader.wordCount
  }

  private mutating func write(_ person: UInt32, inPlaceOfWords wordCount: Int) {
    expect(person)
    code.encode(tries, to: &bits)
    places[Int(person)] = store.replace(
      places[Int(person)], ofWords: wordCount, with: bits)
  }
}
