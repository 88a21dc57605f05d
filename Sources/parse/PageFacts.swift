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

extension PageFacts {
  /// The facts of a message whose objects have been read.
  ///
  /// - Parameter isPage: whether its page may stand in `properties`.
  init(_ message: borrowing Message, isPage: Bool, in bytes: Span<UInt8>) {
    userAgent = text(Slot.userAgent)
    url = text(Slot.url)
    referrer = text(Slot.referrer)
    search = text(Slot.search)
    libraryName = text(Slot.libraryName)
    hasPage = message.field(Slot.page).kind(in: bytes) == .object
    campaign = message.field(Slot.campaign)
    if campaign.kind(in: bytes) == .object {
      campaignSource = text(Slot.campaignMember + CampaignParameters.source)
      campaignMedium = text(Slot.campaignMember + CampaignParameters.medium)
      campaignName = text(Slot.campaignMember + CampaignParameters.name)
      for index in CampaignParameters.names.indices
      where message.field(Slot.campaignMember + index).isPresent {
        campaignMembers |= 1 << UInt32(index)
      }
    }
    if isPage, !url.isPresent {
      url = text(Slot.propertiesURL)
      if message.field(Slot.propertiesReferrer).isPresent {
        referrer = text(Slot.propertiesReferrer)
      }
      if message.field(Slot.propertiesSearch).isPresent { search = text(Slot.propertiesSearch) }
    }

    /// A string that is not empty, else the absent field.
    func text(_ slot: Int) -> Field {
      let field = message.field(slot)
      return field.count > 2 && bytes[field.start] == ASCII.quote ? field : .absent
    }
  }
}
