import Events
import Records

/// The furthest step that each person has reached as far as known when an event passes.
///
/// In arrival order, since nothing is held back for `--pass`; the reports at the end, which wait
/// for everything, may know more. Cost: 8 bytes a step and person, only under `--pass`.
struct StageTracker: Sendable {
  private static let notEntered = Int64.min

  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let isStrict: Bool
  private let optional: Set<Int>
  /// When the latest try of each step began, a row of steps a person.
  private var entries: [Int64] = []
  private var furthest: [UInt16] = []

  init(_ definition: FunnelDefinition) {
    stepCount = definition.steps.count
    windowMilliseconds = definition.windowMilliseconds
    isStrict = definition.keepsUnmatched
    optional = definition.optional
  }

  /// The furthest step of a person, 0 for none.
  func stage(of person: UInt32) -> Int {
    let index = Int(person)
    return index < furthest.count ? Int(furthest[index]) : 0
  }

  /// Takes an event with the steps that it matches, in ascending order.
  mutating func take(_ event: Event, _ steps: [Int]) {
    makeRoom(for: Int(event.person))
    let time = event.time.milliseconds
    let row = Int(event.person) * stepCount
    // Numbers behind the steps are exclusions.
    for step in steps.reversed() where step <= stepCount {
      var before = step - 2
      while before > 0, optional.contains(before + 1), entries[row + before] == Self.notEntered {
        before -= 1
      }
      let entry = step == 1 ? time : entries[row + before]
      guard entry != Self.notEntered, time >= entry, time - entry <= windowMilliseconds else {
        continue
      }
      entries[row + step - 1] = max(entries[row + step - 1], entry)
      furthest[Int(event.person)] = max(furthest[Int(event.person)], UInt16(step))
    }
    guard isStrict else { return }
    for step in 1...stepCount where !steps.contains(step) {
      entries[row + step - 1] = Self.notEntered
    }
  }

  /// Gives the one person what the other has reached.
  mutating func link(_ link: Persons.Link) {
    makeRoom(for: Int(link.absorbed))
    let (from, to) = (Int(link.absorbed), Int(link.kept))
    for step in 0..<stepCount {
      let entry = entries[from * stepCount + step]
      entries[to * stepCount + step] = max(entries[to * stepCount + step], entry)
    }
    furthest[to] = max(furthest[to], furthest[from])
  }

  /// Writes what a person has reached.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    let stage = stage(of: person)
    state.write(stage)
    guard stage > 0 else { return }
    for step in 0..<stepCount {
      let entry = entries[Int(person) * stepCount + step]
      state.write(entry == Self.notEntered ? nil : Moment(milliseconds: entry))
    }
  }

  /// Takes over what another run knew of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    let stage = try state.count(upTo: stepCount)
    guard stage > 0 else { return }
    makeRoom(for: Int(person))
    furthest[Int(person)] = max(furthest[Int(person)], UInt16(stage))
    for step in 0..<stepCount {
      guard let entry = try state.momentIfAny() else { continue }
      let row = Int(person) * stepCount + step
      entries[row] = max(entries[row], entry.milliseconds)
    }
  }

  private mutating func makeRoom(for person: Int) {
    furthest.extend(to: person + 1, with: 0)
    entries.extend(to: furthest.count * stepCount, with: Self.notEntered)
  }
}
