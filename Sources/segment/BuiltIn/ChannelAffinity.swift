import Events

/// The channel of most of a person's interactions.
///
/// Only touchpoints that `parse` names count, and only what the person does there: a letter delivered
/// or an impression is no interaction.
enum ChannelAffinity {
  /// The names of the channels by number.
  static let names: [String] = Channel.names.map(\.description)
}
