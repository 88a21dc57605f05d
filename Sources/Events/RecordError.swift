public import Records

/// Why a line that is JSON cannot be used, and where.
public struct RecordError: Error, Equatable, Sendable {
  /// What is wrong, in the words that people read.
  public let reason: String
  /// Offset of the byte at fault in the block.
  public let offset: Int

  /// An error at an offset.
  public init(_ reason: String, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The error of a scan.
  public init(_ error: ScanError) {
    self.init(error.reason.rawValue, at: error.offset)
  }
}
