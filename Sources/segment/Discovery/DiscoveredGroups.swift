import Events
import Pipes
import Records
import Statistics

/// Groups of persons who behave alike, found in what they did, and what sets each apart.
///
///     persons by the bytes of their ids ─ features ─ standard deviations ─ k-means ─ groups, largest first
///
/// What sets a group apart are the features whose mean lies furthest from that of all persons, at least
/// half a standard deviation of these (Cohen's middle effect). Persons without an interaction are in no
/// group.
struct DiscoveredGroups: Sendable {
  /// How many features tell of a group, at most.
  private static let differencesMax = 5
  /// The least difference that is told, in standard deviations.
  private static let differenceLeast = 0.5

  private let groups: KMeans
  private let scale: Standardization
  private let persons: [(person: UInt32, name: UInt32)]
  private let writesPersons: Bool

  /// The groups as of the moment of a report.
  init(_ census: ActivityCensus, _ run: Run) {
    let roots = run.persons.roots()
    let active = roots.indices.filter { Int(roots[$0]) == $0 && census.isActive(UInt32($0)) }
    persons = run.persons.inNameOrder(active.map { UInt32($0) }, roots)
    writesPersons = census.writesPersons
    let features = persons.map { census.features(of: $0.person, at: run.asOf ?? .distantPast) }
    scale = Standardization(features)
    groups = KMeans(features.map(scale.apply), groups: census.groupCount)
  }

  /// Writes the groups, then the group of each person where that is asked for.
  func write(_ run: Run, into output: inout Output) {
    var sizes = [Int](repeating: 0, count: groups.centres.count)
    for group in groups.members { sizes[group] += 1 }
    for (group, centre) in groups.centres.enumerated() {
      let differences = centre.indices
        .filter { abs(centre[$0]) >= DiscoveredGroups.differenceLeast }
        .sorted { (-abs(centre[$0]), $0) < (-abs(centre[$1]), $1) }
        .prefix(DiscoveredGroups.differencesMax)
      output.report("segment.group") { writer in
        writer.field("group", group + 1)
        writer.field("persons", sizes[group])
        writer.rate("share", Rate(numerator: sizes[group], denominator: persons.count))
        writer.field("description", describe(centre, differences))
        writer.array("differences") { writer in
          for feature in differences {
            writer.element { writer in
              writer.field("feature", ActivityFeatures.all[feature].name)
              writer.field("standardDeviations", centre[feature])
            }
          }
        }
      }
    }
    guard writesPersons else { return }
    for (place, person) in persons.enumerated() {
      output.report("segment.member") { writer in
        writer.field(person.name, of: run.persons)
        writer.field("group", groups.members[place] + 1)
      }
    }
  }

  private func describe(_ centre: [Double], _ differences: ArraySlice<Int>) -> String {
    guard !differences.isEmpty else { return "like all persons together" }
    return differences.map { feature in
      let words = ActivityFeatures.all[feature]
      return centre[feature] > 0 ? words.more : words.less
    }.joined(separator: ", ")
  }
}
