import Events
import Pipes
import Records
import Statistics

/// The fields of a person's record, each group of them with its commas in front.
extension PersonView {
  /// The most bytes of all the fields but the currency: their keys and numbers are less than the
  /// 1024, the sum and the drivers tell themselves how long they may get.
  static let fieldsBytesMax =
    1024 + DecimalSum.textBytesMax + Drivers.textBytesMax + OutputSpan<UInt8>.slackBytes

  /// Writes all fields, with what the person bought in a currency given as JSON.
  ///
  /// - Parameter isAlone: whether health and drivers are left out, since they follow by a file.
  func writeFields(
    _ bought: Buyers.Value?, currency: [UInt8], withoutHealth isAlone: Bool,
    to line: inout OutputSpan<UInt8>
  ) {
    line.append(static: #","engagement":"#)
    line.append(engagement)
    if !isAlone { writeHealth(to: &line) }
    write(bought, currency: currency, to: &line)
    writeActivity(to: &line)
    if !isAlone { writeHealthParts(to: &line) }
    writeChannels(to: &line)
    guard !isAlone else { return }
    line.append(static: #","drivers":"#)
    var drivers = Drivers()
    drivers.weigh(self)
    drivers.append(self, to: &line)
  }

  private func writeHealth(to line: inout OutputSpan<UInt8>) {
    switch Health.Band(health) {
    case .red: line.append(static: #","health":"red","healthScore":"#)
    case .yellow: line.append(static: #","health":"yellow","healthScore":"#)
    case .green: line.append(static: #","health":"green","healthScore":"#)
    }
    line.append(health)
  }

  private func write(
    _ value: Buyers.Value?, currency: [UInt8], to line: inout OutputSpan<UInt8>
  ) {
    let bought = value?.bought
    line.append(static: #","recencyDays":"#)
    if let bought, bought.frequency > 0 {
      line.append(integer: day - Int(bought.day))
    } else {
      line.append(static: "null")
    }
    if let bought {
      line.append(static: #","frequency":"#)
      line.append(integer: Int(bought.frequency))
      line.append(static: #","monetary":"#)
      bought.monetary.append(to: &line)
    } else {
      line.append(static: #","frequency":0,"monetary":0"#)
    }
    line.append(static: #","currency":"#)
    line.append(currency.span, from: 0, to: currency.count)
    guard let rfm = value?.rfm else {
      return line.append(static: #","rfm":null,"rfmGroup":null"#)
    }
    line.append(static: #","rfm":""#)
    line.append(ASCII.zero + rfm.recency)
    line.append(ASCII.zero + rfm.frequency)
    line.append(ASCII.zero + rfm.monetary)
    line.append(static: #"","rfmGroup":""#)
    line.append(static: rfm.group.name)
    line.append(ASCII.quote)
  }

  /// Writes how active the person is.
  private func writeActivity(to line: inout OutputSpan<UInt8>) {
    line.append(static: #","idleDays":"#)
    if let days = features.idleDays {
      line.append(integer: days)
    } else {
      line.append(static: "null")
    }
    line.append(static: #","activeDays":"#)
    line.append(integer: features.activeDays)
    line.append(static: #","interactions":"#)
    line.append(integer: Int(overall.interactions))
    line.append(static: #","passiveContacts":"#)
    line.append(integer: Int(overall.passiveContacts))
  }

  /// Writes what health was made of.
  private func writeHealthParts(to line: inout OutputSpan<UInt8>) {
    line.append(static: #","healthOf":["#)
    for index in healthParts.indices {
      if index > 0 { line.append(ASCII.comma) }
      line.append(ASCII.quote)
      line.append(static: healthParts[index].kind.name)
      line.append(ASCII.quote)
    }
    line.append(ASCII.closeBracket)
  }

  /// Writes the engagement in each channel that the person is known in.
  private func writeChannels(to line: inout OutputSpan<UInt8>) {
    line.append(static: #","engagementByChannel":{"#)
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
