import Records

/// What a message says of the page, the campaign and the device: where the fields lie.
struct PageFacts {
  var userAgent = Field.absent
  var url = Field.absent
  var referrer = Field.absent
  var search = Field.absent
  var libraryName = Field.absent
  /// The value of `context.campaign`.
  var campaign = Field.absent
  var campaignSource = Field.absent
  var campaignMedium = Field.absent
  var campaignName = Field.absent
  /// Which of ``CampaignParameters/names`` the campaign has, a bit each.
  var campaignMembers: UInt32 = 0
  /// Whether there is a `context.page`.
  var hasPage = false
}

/// Finds them in one pass over `context`, and over `properties` where a page message has its page
/// there.
struct PageFactsReader {
  private let campaign = KeyWord("campaign")
  private let page = KeyWord("page")
  private let userAgent = KeyWord("userAgent")
  private let library = KeyWord("library")
  private let url = KeyWord("url")
  private let referrer = KeyWord("referrer")
  private let search = KeyWord("search")
  private let source = KeyWord("source")
  private let medium = KeyWord("medium")
  private let name = KeyWord("name")
  private let campaignNames = CampaignParameters.names.map { KeyWord($0) }

  /// The facts of a message; the record has been validated.
  func facts(
    context: Field, properties: Field, isPage: Bool, in bytes: Span<UInt8>
  ) throws(ScanError) -> PageFacts {
    var facts = PageFacts()
    if context.kind(in: bytes) == .object {
      try forEachMember(of: context, in: bytes) { (key, value) throws(ScanError) in
        switch KeyWord(bytes, key: key) {
        case campaign: facts.campaign = value
        case page: if value.kind(in: bytes) == .object { try readPage(value, bytes, &facts) }
        case userAgent: facts.userAgent = text(value, bytes)
        case library:
          if value.kind(in: bytes) == .object {
            facts.libraryName = text(try member(Array("name".utf8), of: value, in: bytes), bytes)
          }
        default: break
        }
      }
      if facts.campaign.kind(in: bytes) == .object { try readCampaign(bytes, &facts) }
    }
    if isPage, !facts.url.isPresent, properties.kind(in: bytes) == .object {
      let hasPage = facts.hasPage
      try readPage(properties, bytes, &facts)
      facts.hasPage = hasPage
    }
    return facts
  }

  private func readPage(
    _ object: Field, _ bytes: Span<UInt8>, _ facts: inout PageFacts
  ) throws(ScanError) {
    var found = facts
    try forEachMember(of: object, in: bytes) { (key, value) throws(ScanError) in
      switch KeyWord(bytes, key: key) {
      case url: found.url = text(value, bytes)
      case referrer: found.referrer = text(value, bytes)
      case search: found.search = text(value, bytes)
      default: break
      }
    }
    facts = found
    facts.hasPage = true
  }

  private func readCampaign(_ bytes: Span<UInt8>, _ facts: inout PageFacts) throws(ScanError) {
    var found = facts
    try forEachMember(of: facts.campaign, in: bytes) { (key, value) throws(ScanError) in
      let word = KeyWord(bytes, key: key)
      switch word {
      case source: found.campaignSource = text(value, bytes)
      case medium: found.campaignMedium = text(value, bytes)
      case name: found.campaignName = text(value, bytes)
      default: break
      }
      for index in campaignNames.indices where campaignNames[index] == word {
        found.campaignMembers |= 1 << UInt32(index)
      }
    }
    facts = found
  }

  /// A string that is not empty, else the absent field.
  private func text(_ value: Field, _ bytes: Span<UInt8>) -> Field {
    value.kind(in: bytes) == .string && value.count > 2 ? value : .absent
  }
}
