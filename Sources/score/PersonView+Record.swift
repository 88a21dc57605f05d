import Records

/// The fields of a person's record, each group of them with its commas in front.
extension PersonView {
  /// The most bytes of all the fields but the currency: their keys and numbers are less than the
  /// 1024, the sum and the drivers tell themselves how long they may get.
  static let fieldsBytesMax =
    1024 + DecimalSum.textBytesMax + Drivers.textBytesMax + OutputSpan<UInt8>.slackBytes

  /// Writes engagement and health.
  func writeScores(to line: inout OutputSpan<UInt8>) {
    line.key("engagement")
    line.append(engagement)
    line.field("health", Health.Band(health).name)
    line.key("healthScore")
    line.append(health)
  }

  /// Writes what the person bought, in a currency given as JSON.
  func write(
    _ bought: Buyers.Value?, currency: [UInt8], to line: inout OutputSpan<UInt8>
  ) {
    if let bought, bought.frequency > 0 {
      line.field("recencyDays", day - Int(bought.newestDay))
    } else {
      line.null("recencyDays")
    }
    line.field("frequency", Int(bought?.frequency ?? 0))
    line.key("monetary")
    if let bought {
      bought.monetary.append(to: &line)
    } else {
      line.append(ASCII.zero)
    }
    line.key("currency")
    line.append(currency.span, from: 0, to: currency.count)
    guard let rfm = bought?.rfm else {
      line.null("rfm")
      return line.null("rfmGroup")
    }
    line.key("rfm")
    line.append(ASCII.quote)
    line.append(ASCII.zero + rfm.recency)
    line.append(ASCII.zero + rfm.frequency)
    line.append(ASCII.zero + rfm.monetary)
    line.append(ASCII.quote)
    line.field("rfmGroup", rfm.group.name)
  }

  /// Writes how active the person is, and what health was made of.
  func writeActivity(to line: inout OutputSpan<UInt8>) {
    if let days = features.idleDays {
      line.field("idleDays", days)
    } else {
      line.null("idleDays")
    }
    line.field("activeDays", features.activeDays)
    line.field("interactions", Int(overall.interactions))
    line.field("passiveContacts", Int(overall.passiveContacts))
    line.key("healthOf")
    line.append(ASCII.openBracket)
    for index in healthParts.indices {
      if index > 0 { line.append(ASCII.comma) }
      line.append(ASCII.quote)
      line.append(static: healthParts[index].kind.name)
      line.append(ASCII.quote)
    }
    line.append(ASCII.closeBracket)
  }

  /// Writes the engagement in each channel that the person is known in.
  func writeChannels(to line: inout OutputSpan<UInt8>) {
    line.key("engagementByChannel")
    line.append(ASCII.openBrace)
    var isFirst = true
    var channels = namedChannels
    while let channel = channels.popFirst() {
      guard let engagement = engagement(in: channel) else { continue }
      if !isFirst { line.append(ASCII.comma) }
      isFirst = false
      line.append(ASCII.quote)
      line.append(static: Channel.names[channel])
      line.append(static: "\":")
      line.append(engagement)
    }
    line.append(ASCII.closeBrace)
  }
}

extension OutputSpan<UInt8> {
  /// Adds a score with its decimal.
  fileprivate mutating func append(_ score: Tenths) {
    append(integer: Int(score.count / 10))
    guard score.count % 10 != 0 else { return }
    append(ASCII.period)
    append(ASCII.zero + UInt8(score.count % 10))
  }
}
