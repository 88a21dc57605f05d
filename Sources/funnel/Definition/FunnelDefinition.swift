import Pipes

/// What a funnel counts: its steps, its window, and the rules by which a person passes.
///
///     where a rule is                    posthog            clickhouse              mixpanel    amplitude
///     order, ties, re-entry, windows     SequentialMatcher  WindowFunnelMatcher,    Mixpanel-   Amplitude-
///                                        AnyOrderMatcher    StrictOnceMatcher       Matcher     Matcher
///     exclusions, optional, step window  SequentialMatcher  –                       the same    –
///     default of the window              here, for all of them, like all below
///     which options a profile takes      Definition/FunnelDefinition+Checks
///     sessions; which passages count     Passages/PassageFinder
///     totals: when a try is over         Matchers/Matcher; MixpanelMatcher for its own
///     held values, a missing one         Passages/PersonView, as --matured and step:N
///     attribution                        Definition/FunnelCounting says what each value means;
///       first and last                   of persons Pipes/PersonGroups, of sessions and tries PassageFinder
///     amounts, currencies                Passages/Facets reads them, Reports/FunnelTally adds them up
///     rates, open, dropped, seconds      Reports/FunnelTally
///     times to convert, bins             Reports/ConversionTimes, HistogramBins
///     trends                             PassageFinder.entries: which period; Reports/FunnelTrend: complete
///     drivers, what came next            Behaviours/DriverTally, DropoffTally
///     --explain                          Reports/Explanation
///     --lateness                         Memory/FoldedPersons; two ids that are one: Memory/Tries
///
///     what they say          posthog         clickhouse       mixpanel           amplitude
///     default window         14 d            none             7 d                none
///     end of the window      inclusive       inclusive        inclusive          inclusive, whole seconds
///     the entry that counts  latest that     latest           first; optimized:  the furthest,
///                            can convert                      the furthest       of equals the first
///     one moment             lower steps     lower steps      2 s of grace, else one second, in the
///                            first           first            higher steps first order that helps
///     one event, two steps   of two tries    unless           never              never
///                                            strict_once
struct FunnelDefinition: Sendable {
  /// The products whose rules can be followed.
  enum Semantics: String, CaseIterable, Sendable {
    /// At one moment lower steps first, one event one step, the latest try that can convert.
    case posthog
    /// `windowFunnel` with its modes.
    case clickhouse
    /// The first entry, two seconds of grace.
    case mixpanel
    /// Whole seconds, the entry that comes furthest.
    case amplitude
  }

  /// What may stand between two steps, and whether they have an order at all.
  enum Order: String, CaseIterable, Sendable {
    /// Anything may stand between.
    case sequential
    /// Nothing may.
    case strict
    /// The steps may come in any order.
    case any
  }

  let steps: [Step]
  let windowMilliseconds: Int64
  /// The longest time from step to step, where there is one.
  let stepWindowMilliseconds: Int64?
  let semantics: Semantics
  let order: Order
  let modes: Set<WindowFunnelMode>
  let exclusions: [Exclusion]
  /// The steps that may be left out, counted from 1.
  let optional: Set<Int>
  /// Whether each of a person's entries is looked at, as Mixpanel's optimized re-entry does.
  let isReentryOptimized: Bool
  let tieGraceMilliseconds: Int64
  let counting: FunnelCounting

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    steps = try Step.steps(arguments, &setup)
    guard steps.count >= 2 else { throw .usage("a funnel has at least two steps") }
    semantics = arguments.value("semantics").flatMap(Semantics.init(rawValue:)) ?? .posthog
    order = arguments.value("order").flatMap(Order.init(rawValue:)) ?? .sequential
    try Self.checkOptions(arguments, semantics, order)
    modes = try WindowFunnelMode.modes(arguments)
    windowMilliseconds = try Self.window(arguments, semantics)
    stepWindowMilliseconds = try arguments.duration("step-window")
    exclusions = try Exclusion.exclusions(arguments, steps, semantics, order, &setup)
    optional = try Self.optional(arguments, steps)
    isReentryOptimized = arguments.value("reentry") == "optimized"
    tieGraceMilliseconds = try arguments.duration("tie-grace") ?? 2000
    counting = try FunnelCounting(arguments, stepCount: steps.count, &setup)
    try Self.checkCounting(counting, semantics, order, isReentryOptimized: isReentryOptimized)
    guard setup.lateness == nil || canFold else { throw Self.cannotFold }
  }

  private static func window(
    _ arguments: Arguments, _ semantics: Semantics
  ) throws(Failure) -> Int64 {
    if let window = try arguments.duration("window") { return window }
    switch semantics {
    case .posthog: return 14 * 86_400_000
    case .mixpanel: return 7 * 86_400_000
    case .clickhouse:
      throw .usage("--semantics clickhouse needs a --window, as windowFunnel does: --window 1h")
    case .amplitude:
      throw .usage("--semantics amplitude needs a --window: its documentation names no default")
    }
  }

  /// Reads `--optional N`.
  private static func optional(
    _ arguments: Arguments, _ steps: [Step]
  ) throws(Failure) -> Set<Int> {
    var optional: Set<Int> = []
    for text in arguments.values("optional") {
      guard let step = Int(text), step >= 1, step <= steps.count else {
        throw .usage(
          "--optional takes the number of one step, 2 to \(steps.count), once for each, not '\(text)'"
        )
      }
      guard step > 1 else { throw .usage("the first step of a funnel cannot be optional") }
      optional.insert(step)
    }
    for step in optional where step < steps.count && !optional.contains(step + 1) {
      guard steps[step - 1].condition.source != steps[step].condition.source else {
        throw .usage(
          "step \(step) cannot be optional: it is the same as step \(step + 1), which would take its"
            + " events")
      }
    }
    return optional
  }

  /// Whether how far a person has come can be kept in a few bits, without the events.
  var canFold: Bool {
    counting.isPlain && (semantics == .posthog && order != .any || semantics == .clickhouse)
  }

  /// Whether events that match no step matter too.
  var keepsUnmatched: Bool { order == .strict || modes.contains(.strictOrder) }

  /// Whether all events of a person are kept: those of no step keep sessions going, and are explained.
  var keepsAllEvents: Bool {
    keepsUnmatched || counting.unit == .sessions || counting.isExplained
  }

  /// The most sets of steps that events may match; each view of a person's events may halve one thrice.
  var setsMax: Int { counting.isPlain ? Match.setsMax : Match.setsMax / 8 }

  /// The name that a step has in reports.
  func name(_ step: Int) -> String {
    guard order == .any else { return steps[step - 1].name }
    return step == 1 ? "Completed 1 step" : "Completed \(step) steps"
  }

  /// The number behind steps and exclusions that stands for the attributed step done with another value,
  /// where that matters.
  var otherValue: (number: Int, step: Int)? {
    guard semantics == .posthog, order == .strict, let step = counting.attributedStep else {
      return nil
    }
    return (steps.count + exclusions.count + 1, step)
  }

  /// The matcher of these rules where a person can be carried on bit by bit.
  func resumableMatcher() -> (any ResumableMatcher)? {
    switch semantics {
    case .posthog where order != .any:
      return SequentialMatcher(
        SequentialRules(
          stepCount: steps.count, windowMilliseconds: windowMilliseconds,
          stepWindowMilliseconds: stepWindowMilliseconds, isStrict: order == .strict,
          optional: optional, exclusions: exclusions.map(\.range), otherValue: otherValue))
    case .clickhouse where modes.contains(.strictOnce):
      return StrictOnceMatcher(
        stepCount: steps.count, windowMilliseconds: windowMilliseconds, modes: modes)
    case .clickhouse:
      return WindowFunnelMatcher(
        stepCount: steps.count, windowMilliseconds: windowMilliseconds, modes: modes)
    default: return nil
    }
  }

  /// The matcher of these rules.
  func matcher() -> any Matcher {
    if let matcher = resumableMatcher() { return matcher }
    switch semantics {
    case .mixpanel:
      return MixpanelMatcher(
        MixpanelRules(
          stepCount: steps.count, windowMilliseconds: windowMilliseconds,
          graceMilliseconds: tieGraceMilliseconds, isReentryOptimized: isReentryOptimized,
          exclusions: exclusions.map(\.range)))
    case .amplitude:
      return AmplitudeMatcher(
        stepCount: steps.count, windowMilliseconds: windowMilliseconds, isExact: order == .strict)
    default:
      return AnyOrderMatcher(stepCount: steps.count, windowMilliseconds: windowMilliseconds)
    }
  }
}
