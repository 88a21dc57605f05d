import Records

extension Canonicalizer {
  /// Writes all members that the head has not, in their order; neighbours go as one stretch.
  ///
  ///     "event":"A", "plan":"pro", "n":1, "userId":"u", "x":2
  ///                  └─── one copy ────┘                └─ another
  func appendRest(
    _ plan: RestPlan, _ facts: PageFacts, _ bytes: Span<UInt8>, to output: inout [UInt8]
  ) throws(ScanError) {
    let keepsContext = plan.keepsContext
    var stretchStart = -1
    var stretchEnd = -1
    for member in message.members {
      let isContext = member.slot == Int32(Slot.context)
      if plan.written.contains(member.slot) || !keepsContext && isContext {
        if stretchStart >= 0 {
          output.append(ASCII.comma)
          output.append(bytes, from: stretchStart, to: stretchEnd)
          stretchStart = -1
        }
        if isContext, message.isLast(member) {
          output.append(",\"context\":")
          try appendContext(plan, facts, member.value, bytes, to: &output)
        }
      } else {
        if stretchStart < 0 { stretchStart = member.start }
        stretchEnd = member.value.end
      }
    }
    if stretchStart >= 0 {
      output.append(ASCII.comma)
      output.append(bytes, from: stretchStart, to: stretchEnd)
    }
    if !keepsContext, !message.field(Slot.context).isPresent {
      output.append(",\"context\":")
      try appendContext(plan, facts, .absent, bytes, to: &output)
    }
  }

  /// Writes the context with the campaign of the URL and the members that moved there.
  ///
  /// A moved member replaces one of its name. A context that is no object becomes a member of the
  /// new one.
  private func appendContext(
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
        let name = key.hasEscapes ? [] : bytes.copy(from: key.start + 1, to: key.end - 1)
        if isMoved(name, plan) { return }
        separate()
        if plan.parameters != 0, name.equals("campaign"), value == facts.campaign {
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

  private func isMoved(_ name: [UInt8], _ plan: RestPlan) -> Bool {
    guard !plan.moved.isEmpty else { return false }
    return Slot.names.indices.contains {
      plan.moved.contains(Int32($0)) && Array(Slot.names[$0].utf8) == name
    }
  }

  /// Writes the campaign with the parameters of the URL that it lacks.
  private func appendCampaign(
    _ plan: RestPlan, _ campaign: Field, _ bytes: Span<UInt8>, to output: inout [UInt8]
  ) {
    var needsComma = false
    if campaign.kind(in: bytes) == .object {
      var end = campaign.end - 1
      while bytes[end - 1] <= ASCII.space { end -= 1 }
      output.append(bytes, from: campaign.start, to: end)
      needsComma = bytes[end - 1] != ASCII.openBrace
    } else {
      output.append(ASCII.openBrace)
    }
    for index in CampaignParameters.names.indices
    where plan.parameters >> UInt32(index) & 1 == 1 {
      if needsComma { output.append(ASCII.comma) }
      needsComma = true
      output.append(jsonString: CampaignParameters.names[index])
      output.append(ASCII.colon)
      let range = parameters.range(index)
      output.append(
        jsonString: parameters.values.span, from: range.lowerBound, to: range.upperBound)
    }
    output.append(ASCII.closeBrace)
  }
}
