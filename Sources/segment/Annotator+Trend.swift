import Events
import Pipes
import Records

extension Annotator {
  /// Writes how large each segment was at the end of each period, where a history is kept.
  func reportTrend(_ run: Run, into output: inout Output) {
    guard history != nil, let from = run.from, let asOf = run.asOf else { return }
    // What ends by time alone until the moment of the report ends in a copy.
    var whole = self
    var aside = Output(program: Segment.program.name)
    whole.advance(to: asOf, run.persons, into: &aside)
    guard let history = whole.history else { return }
    let roots = run.persons.roots()
    var counts = [Bool](repeating: false, count: roots.count)
    for id in roots.indices where run.persons.hasEvents(UInt32(id)) {
      counts[Int(roots[id])] = true
    }
    let persons = roots.indices.filter { counts[Int(roots[$0])] }.map { UInt32($0) }
    let trend = PopulationTrend(history, segmentNames, persons, from: from, asOf: asOf)
    trend.write(into: &output)
    guard run.isFinal, trend.omittedCount > 0 else { return }
    output.notice(
      "the first \(trend.omittedCount) periods are not shown, \(PopulationTrend.periodsMax) at most are;"
        + " --since chooses the first")
  }
}
