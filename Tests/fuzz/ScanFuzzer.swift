import Records

/// Every line is read to its end or refused, on all ways, and what the full check accepts the others
/// accept with the same fields.
@c(LLVMFuzzerTestOneInput)
public func scan(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var bytes = unsafe input(data, count)
  for index in bytes.indices where bytes[index] == ASCII.newline { bytes[index] = ASCII.space }
  let end = bytes.count
  bytes.append(ASCII.newline)
  bytes.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
  var selection = Selection()
  for key in ["event", "userId", "timestamp", "properties"] { _ = selection.slot(key) }
  let full = fields(bytes, selection, .full)
  let structure = fields(bytes, selection, .structure)
  if let full {
    require(structure == full, "structure differs from full")
    require(full.allSatisfy { !$0.isPresent || $0.end <= end }, "a field lies behind the line")
  }
  // Told twice, the second time with the order learnt.
  _ = fields(bytes, selection, .none)
  return 0
}

private func fields(_ bytes: [UInt8], _ selection: Selection, _ check: Check) -> [Field]? {
  var scanner = Scanner(selection, check: check)
  var first: [Field]?
  for turn in 0..<2 {
    var fields = [Field](repeating: .absent, count: selection.count)
    do {
      let line = try scanner.scan(bytes.span, from: 0, into: &fields, at: 0)
      require(bytes[line.end] == ASCII.newline, "the end is no newline")
    } catch {
      require(turn == 0 || first == nil, "refused only the second time")
      return nil
    }
    if turn == 1, check != .none { require(first == fields, "the second time differs") }
    first = fields
  }
  return first
}
