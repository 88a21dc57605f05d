/// How much a person has paid, by the sum of all purchases less refunds.
///
///     value:none     no purchase yet
///     value:low      the lowest fifth of the buyers        or below the first of --value-cuts
///     value:medium   the three fifths between              or between the two
///     value:high     the highest fifth                     or from the second on
///
/// The tiers are ours; fifths as those of RFM, whose highest is the fifth that Pareto's rule speaks of.
enum ValueTier: String, CaseIterable, Sendable {
  case unpaid = "none"
  case low
  case medium
  case high

  /// The tier of a fifth, 1 to 5.
  init(fifth: UInt8) { self = fifth == 5 ? .high : fifth == 1 ? .low : .medium }
}
