import Pipes

extension BuyerRanks.Settings {
  /// The names of the options that it reads.
  static let options = RFMScale.options + ["value-cuts"]

  /// Reads the options.
  init(_ arguments: Arguments) throws(Failure) {
    self.init(
      scale: try RFMScale(arguments),
      valueCuts: try RFMScale.amounts("value-cuts", 2, arguments))
  }
}
