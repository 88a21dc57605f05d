import Events
import Expressions
import Pipes
import Records

/// Tells the campaigns of events apart.
///
///     context.campaign {"name":"Spring","term":"shoes"}  →  "spring" "shoes"  →  7A1C09E4
///
/// As in Matomo, a campaign is its name, else its source, else its medium, with its keyword; small letters are
/// capital ones. Without `context.campaign` it is the one that `parse` wrote into `trafficSource`.
struct CampaignReader: Sendable {
  private let context: FieldPath
  private let trafficSource: FieldPath
  private static let names = ["name", "source", "medium"].map { Array($0.utf8) }
  private static let term = Array("term".utf8)

  init(_ setup: inout Setup) {
    context = FieldPath("context.campaign", in: &setup.environment.selection)
    trafficSource = FieldPath("trafficSource.campaign", in: &setup.environment.selection)
  }

  /// What stands for the campaign of an event, 0 for none.
  func campaign(of event: Event, in block: Block) throws(RecordError) -> UInt32 {
    let bytes = block.bytes.span
    do throws(ScanError) {
      let campaign = try context.field(block.fields, at: event.base, in: bytes)
      var text: [UInt8] = []
      if campaign.kind(in: bytes) == .object {
        for name in Self.names where text.isEmpty {
          text = try Self.text(try member(name, of: campaign, in: bytes), in: bytes)
        }
        let term = try Self.text(try member(Self.term, of: campaign, in: bytes), in: bytes)
        if !term.isEmpty { text += [0] + term }
      }
      if text.isEmpty {
        text = try Self.text(
          try trafficSource.field(block.fields, at: event.base, in: bytes), in: bytes)
      }
      guard !text.isEmpty else { return 0 }
      let padded = text + [UInt8](repeating: 0, count: 8)
      let hash = byteHash(padded.span, from: 0, to: text.count, seed: fingerprintSeed)
      return max(1, UInt32(truncatingIfNeeded: hash >> 32))
    } catch { throw RecordError(error) }
  }

  /// A text in small letters, empty for none.
  private static func text(
    _ field: Field, in bytes: Span<UInt8>
  ) throws(ScanError) -> [UInt8] {
    guard field.kind(in: bytes) == .string else { return [] }
    return try field.decodedString(in: bytes).map { byte in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
  }
}
