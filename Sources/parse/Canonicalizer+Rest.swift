import Records

extension Canonicalizer {
  /// Writes all members that the head has not, in their order; neighbours go as one stretch.
  ///
  ///     "event":"A", "plan":"pro", "n":1, "userId":"u", "x":2
  ///                  └─── one copy ────┘                └─ another
  mutating func writeRest(_ plan: RestPlan, _ bytes: Span<UInt8>, to line: inout OutputSpan<UInt8>)
  {
    let written = plan.keepsContext ? plan.written : plan.written.with(Slot.context)
    var stretchStart = -1
    let count = message.memberCount
    for index in 0..<count {
      let member = message.member(index)
      if !written.contains(member.slot) {
        if stretchStart < 0 { stretchStart = member.start }
        continue
      }
      if stretchStart >= 0 {
        line.append(ASCII.comma)
        line.append(bytes, from: stretchStart, to: message.member(index - 1).value.end)
        stretchStart = -1
      }
      if !plan.keepsContext, member.slot == Int32(Slot.context), message.isLast(member) {
        line.append(contextText.span, from: 0, to: contextText.count)
      }
    }
    if stretchStart >= 0 {
      line.append(ASCII.comma)
      line.append(bytes, from: stretchStart, to: message.member(count - 1).value.end)
    }
    if !plan.keepsContext, !message.field(Slot.context).isPresent {
      line.append(contextText.span, from: 0, to: contextText.count)
    }
  }

  /// Makes the text of a context that does not stay as it is, with its key and the comma before it.
  mutating func makeContextText(
    _ plan: RestPlan, _ facts: PageFacts, _ bytes: Span<UInt8>
  ) throws(ScanError) {
    if !contextText.isEmpty { contextText.removeAll(keepingCapacity: true) }
    if plan.keepsContext { return }
    // The array is taken out, so that what is read and what is written are two.
    var text = contextText
    contextText = []
    text.append(",\"context\":")
    let context = message.field(Slot.context)
    if plan.moved.isEmpty, context.kind(in: bytes) == .object {
      appendContext(context, addingCampaignTo: facts.campaign, plan, bytes, to: &text)
    } else {
      try appendContext(plan, facts, context, bytes, to: &text)
    }
    contextText = text
  }

  /// Writes a context as it stands but for its campaign, which gets the parameters of the URL.
  private mutating func appendContext(
    _ context: Field, addingCampaignTo campaign: Field, _ plan: RestPlan, _ bytes: Span<UInt8>,
    to output: inout [UInt8]
  ) {
    if campaign.isPresent {
      output.append(bytes, from: context.start, to: campaign.start)
      appendCampaign(plan, campaign, bytes, to: &output)
      output.append(bytes, from: campaign.end, to: context.end)
      return
    }
    if appendMembers(of: context, bytes, to: &output) { output.append(ASCII.comma) }
    output.append("\"campaign\":")
    appendCampaign(plan, .absent, bytes, to: &output)
    output.append(ASCII.closeBrace)
  }

  /// Writes an object but for its end.
  ///
  /// - Returns: whether it has members.
  private func appendMembers(
    of object: Field, _ bytes: Span<UInt8>, to output: inout [UInt8]
  ) -> Bool {
    var end = object.end - 1
    while bytes[end - 1] <= ASCII.space { end -= 1 }
    output.append(bytes, from: object.start, to: end)
    return bytes[end - 1] != ASCII.openBrace
  }

  /// Writes the context with the campaign of the URL and the members that moved there.
  ///
  /// A moved member replaces one of its name. A context that is no object becomes a member of the
  /// new one.
  private mutating func appendContext(
    _ plan: RestPlan, _ facts: PageFacts, _ context: Field, _ bytes: Span<UInt8>,
    to output: inout [UInt8]
  ) throws(ScanError) {
    output.append(ASCII.openBrace)
    var needsComma = false
    var hasCampaign = false
    func separate() {
      if needsComma { output.append(ASCII.comma) }
      needsComma = true
    }
    if context.kind(in: bytes) == .object {
      try forEachMember(of: context, in: bytes) { (key, value) throws(ScanError) in
        if !plan.moved.isEmpty, Canonicalizer.isMoved(key, bytes, plan) { return }
        separate()
        if plan.parameters != 0, value == facts.campaign {
          hasCampaign = true
          output.append("\"campaign\":")
          appendCampaign(plan, value, bytes, to: &output)
        } else {
          output.append(bytes, from: key.start, to: value.end)
        }
      }
    } else if context.isPresent, context.kind(in: bytes) != .null {
      separate()
      output.append("\"context\":")
      output.append(bytes, from: context.start, to: context.end)
    }
    if plan.parameters != 0, !hasCampaign {
      separate()
      output.append("\"campaign\":")
      appendCampaign(plan, .absent, bytes, to: &output)
    }
    for slot in Slot.names.indices where plan.moved.contains(Int32(slot)) {
      separate()
      let field = message.field(slot)
      output.append(jsonString: Slot.names[slot])
      output.append(ASCII.colon)
      output.append(bytes, from: field.start, to: field.end)
    }
    output.append(ASCII.closeBrace)
  }

  private static func isMoved(_ key: Field, _ bytes: Span<UInt8>, _ plan: RestPlan) -> Bool {
    guard !key.hasEscapes else { return false }
    let name = bytes.copy(from: key.start + 1, to: key.end - 1)
    return Slot.names.indices.contains {
      plan.moved.contains(Int32($0)) && Array(Slot.names[$0].utf8) == name
    }
  }

  /// Writes the campaign with the parameters of the URL that it lacks.
  private mutating func appendCampaign(
    _ plan: RestPlan, _ campaign: Field, _ bytes: Span<UInt8>, to output: inout [UInt8]
  ) {
    var needsComma = false
    if campaign.kind(in: bytes) == .object {
      needsComma = appendMembers(of: campaign, bytes, to: &output)
    } else {
      output.append(ASCII.openBrace)
    }
    for index in CampaignParameters.names.indices
    where plan.parameters >> UInt32(index) & 1 == 1 {
      if needsComma { output.append(ASCII.comma) }
      needsComma = true
      output.append(contentsOf: CampaignParameters.jsonKeys[index])
      let range = parameters.range(index)
      output.append(
        jsonString: parameters.values.span, from: range.lowerBound, to: range.upperBound)
    }
    output.append(ASCII.closeBrace)
  }
}
