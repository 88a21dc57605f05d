import Pipes
import Records

extension GoalModel {
  /// Reads what `--fit` wrote, alone or behind the header of its run.
  ///
  /// - Throws: what is wrong, with file, line and column.
  init(_ content: [UInt8], file path: String) throws(Failure) {
    let file = JSONFile(try Self.model(in: content, path), path: path)
    let pairs = try file.members()
    let members = RequiredMembers(
      pairs, of: file, "the model", at: pairs.first?.key.start ?? 0)
    let version = try members.number("version")
    guard version == Double(Self.version) else {
      throw members.failure(
        "version", "this program reads models of version \(Self.version), no others")
    }
    if let reason = try members.textOrNull("reason") {
      throw members.failure("reason", "no model was found when this was written: \(reason)")
    }
    goal = try members.text("goal")
    let horizon = try members.number("horizonDays")
    guard let days = Int(exactly: horizon), (1...3660).contains(days) else {
      throw members.failure("horizonDays", "a horizon is 1 to 3660 whole days")
    }
    horizonDays = days
    currency = try members.textOrNull("currency")
    predicts = try members.flagOrNull("predicts")
    intercept = try members.number("intercept")
    guard intercept.magnitude < 1e30 else {
      throw members.failure("intercept", "a number so large is no intercept")
    }
    options = try Self.list(members, "options", in: file) { field throws(Failure) in
      try file.string(field, "an option like \"--no-link\"")
    }
    percentiles = try Self.list(members, "chancePercentiles", in: file) { field throws(Failure) in
      try file.number(field, "a chance")
    }
    guard percentiles.count == 101, zip(percentiles, percentiles.dropFirst()).allSatisfy(<=),
      percentiles[0] >= 0, percentiles[100] <= 1
    else {
      throw members.failure(
        "chancePercentiles", "101 chances from 0 to 1 stand here, none below the one before")
    }
    features = try Self.list(members, "features", in: file) { field throws(Failure) in
      try Feature(field, in: file)
    }
    try checkNames(members)
  }

  /// The content with nothing but the line that has the model; the others are blanks, so that places
  /// stay.
  private static func model(in content: [UInt8], _ path: String) throws(Failure) -> [UInt8] {
    let (opening, report) = (Array(#"{"record":"score.model""#.utf8), Array(#"{"record":"#.utf8))
    let lines = content.split(separator: ASCII.newline, omittingEmptySubsequences: false)
    let models = lines.count { $0.starts(with: opening) }
    guard models < 2 else {
      throw .usage("\(path): \(models) models stand in it: leave one of these lines")
    }
    guard models == 1 else {
      // It may have been laid out by hand or by jq; then it is all there is.
      guard !lines.contains(where: { $0.starts(with: report) }) else {
        throw .usage("\(path): no model stands in it: score --goal EXPR --fit writes one")
      }
      return content
    }
    let kept = lines.map { line in
      line.starts(with: report) && !line.starts(with: opening)
        ? [UInt8](repeating: ASCII.space, count: line.count) : Array(line)
    }
    return Array(kept.joined(separator: [ASCII.newline]))
  }

  private static func list<Element>(
    _ members: RequiredMembers, _ key: String, in file: JSONFile,
    _ element: (Field) throws(Failure) -> Element
  ) throws(Failure) -> [Element] {
    var list: [Element] = []
    for field in try file.elements(of: try members.value(key), "\"\(key)\"") {
      list.append(try element(field))
    }
    return list
  }

  /// Checks that each feature of activity stands there, and none twice.
  private func checkNames(_ members: RequiredMembers) throws(Failure) {
    let activities = features.filter { !$0.isEvent }.map(\.name)
    let known = GoalFeatures.Activity.allCases.map(\.name)
    guard activities == known else {
      throw members.failure(
        "features", "the features of activity are \(known.joined(separator: ", ")), in this order")
    }
    let events = features.filter(\.isEvent).map(\.name)
    guard Set(events).count == events.count else {
      throw members.failure("features", "an event stands here twice")
    }
  }

  /// Refuses a run whose options would make other features of the same events.
  func check(options given: [String], currency: String?, file path: String) throws(Failure) {
    var differences = options.filter { !given.contains($0) }.map { "with \($0)" }
    differences += given.filter { !options.contains($0) }.map { "without \($0)" }
    if let currency, currency.utf8.map(Self.capital) != (self.currency ?? "").utf8.map(Self.capital)
    {
      differences.append("with money in \(self.currency ?? "no named currency")")
    }
    guard differences.isEmpty else {
      throw .usage(
        "\(path): the model was learned \(differences.joined(separator: ", ")): what it weighs means"
          + " something else here; give the same options, or learn anew")
    }
  }

  private static func capital(_ letter: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) ? letter - 32 : letter
  }
}

extension GoalModel.Feature {
  /// Reads one feature.
  fileprivate init(_ field: Field, in file: JSONFile) throws(Failure) {
    let members = RequiredMembers(
      try file.members(of: field, "a feature"), of: file, "a feature", at: field.start)
    name = try members.text("name")
    isEvent =
      try file.word(try members.value("kind"), of: ["event", "activity"], "kind") == "event"
    mean = try members.number("mean")
    deviation = try members.number("deviation")
    guard deviation >= 0 else {
      throw members.failure("deviation", "a deviation is not negative")
    }
    weight = try members.numberOrNull("weight") ?? 0
    guard mean.magnitude < 1e30, weight.magnitude < 1e30, deviation == 0 || deviation > 1e-30
    else { throw members.failure("weight", "numbers so large or small are no weights") }
    isVanity = try members.flagOrNull("vanity")
  }
}
