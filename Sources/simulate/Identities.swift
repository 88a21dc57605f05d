/// The ids and addresses of persons, devices and messages, each computed from its number.
///
/// Different numbers have different ids: the computation can be undone.
struct Identities: Sendable {
  private let anonymousKey: UInt64
  private let messageKey: UInt64
  private let addressKey: UInt32

  private static let odd: UInt64 = 0xD1B5_4A32_D192_ED03

  /// The ids of a seed.
  init(seed: UInt64) {
    anonymousKey = RandomStream.key(seed: seed, .anonymousId)
    messageKey = RandomStream.key(seed: seed, .messageId)
    addressKey = UInt32(truncatingIfNeeded: RandomStream.key(seed: seed, .address))
  }

  /// The id of a device, or of a crawler.
  func anonymousId(of occurrence: Occurrence) -> UInt64 {
    let number = UInt64(occurrence.number * 2 + occurrence.deviceSlot + 1)
    let word = occurrence.isCrawler ? number + 1 << 40 : number
    return RandomStream.mixed(anonymousKey &+ word &* Identities.odd)
  }

  /// The id of the message of this number.
  func messageId(_ sequence: Int) -> UInt64 {
    RandomStream.mixed(messageKey &+ UInt64(sequence) &* Identities.odd)
  }

  /// The address: of the block 10.0.0.0/8 for persons, of 192.0.2.0/24 for crawlers.
  ///
  /// Both belong to nobody (RFC 1918, RFC 5737). Up to 8 million persons have addresses apart.
  func address(of occurrence: Occurrence) -> UInt32 {
    if occurrence.isCrawler { return 0xC000_0200 + UInt32(occurrence.number) }
    let number = UInt32(truncatingIfNeeded: occurrence.number * 2 + occurrence.deviceSlot)
    let mixed = ((number &* 0x9E_3779) ^ addressKey) &* 0x5B_D1E9
    return 0x0A00_0000 | mixed & 0xFF_FFFF
  }
}
