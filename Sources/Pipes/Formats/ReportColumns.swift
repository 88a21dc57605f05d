import Records

/// The columns of a table, found as its rows come; those of nested objects hang on their key's.
///
///     {"step":1,"overall":null}                      0 ─┬─ 1 step
///     {"step":2,"overall":{"value":0.5},"by":"a"}       ├─ 2 overall ─── 3 value
///                                                       └─ 4 by
///
/// So the parts of a key stand together wherever a row brought them. Cost: a comparison a key for
/// rows whose keys come in the order known already.
struct ReportColumns {
  /// The columns; the first one is the record itself.
  private(set) var all = [ReportColumn([], parent: -1)]
  /// Whether all objects are taken apart into columns of their own; else only those of rates are, each
  /// rate a cell of a heat table.
  private let flattens: Bool
  private var numbers: [Key: Int] = [:]

  /// Columns that a table may have before rows that bring more begin a table of their own.
  ///
  /// Without a limit, rows of ever new keys would make a table that grows with their square.
  static let countMax = 256

  private struct Key: Hashable {
    let parent: Int
    let name: [UInt8]
  }

  init(flattens: Bool) { self.flattens = flattens }

  /// Takes the columns that a row brings, or gives `false` where the row is too unlike the others.
  mutating func admit(_ row: borrowing ReportRow, _ cells: inout [Field]) -> Bool {
    let countBefore = all.count
    let filled = place(row, into: &cells)
    if countBefore > 1, all.count > ReportColumns.countMax {
      let isNew = all.count > countBefore
      if isNew { forget(from: countBefore) }
      if isNew || filled * 2 < all.count { return false }
    }
    let source = row.bytes.span
    for index in all.indices where cells[index].isPresent {
      all[index].note(cells[index], in: source)
    }
    return true
  }

  /// Puts the values of a row into the cells, by number of column, and counts them.
  @discardableResult
  mutating func place(_ row: borrowing ReportRow, into cells: inout [Field]) -> Int {
    cells.removeAll(keepingCapacity: true)
    cells.append(contentsOf: repeatElement(.absent, count: all.count))
    return place(row.object, under: 0, depth: 1, row.bytes.span, into: &cells)
  }

  private mutating func place(
    _ object: Field, under parent: Int, depth: Int, _ source: Span<UInt8>,
    into cells: inout [Field]
  ) -> Int {
    var position = 0
    var filled = 0
    try? forEachMember(of: object, in: source) { key, value in
      let number = number(of: key, under: parent, at: &position, in: source)
      if number == cells.count { cells.append(.absent) }
      let isObject = value.kind(in: source) == .object
      let isTakenApart =
        flattens ? depth < CellText.nestingShownMax : depth == 1 && value.isRateSeries(in: source)
      if isObject, isTakenApart {
        filled += place(value, under: number, depth: depth + 1, source, into: &cells)
      } else {
        cells[number] = value
        filled += 1
      }
    }
    return filled
  }

  /// The number of a key's column; a column behind the others where the key is new.
  private mutating func number(
    of key: Field, under parent: Int, at position: inout Int, in source: Span<UInt8>
  ) -> Int {
    if position < all[parent].children.count, !key.hasEscapes {
      let expected = all[parent].children[position]
      if source.equals(all[expected].name, from: key.start + 1, to: key.end - 1) {
        position += 1
        return expected
      }
    }
    let name = unescaped(source, from: key.start + 1, to: key.end - 1)
    let known = Key(parent: parent, name: name)
    if let number = numbers[known] {
      if let place = all[parent].children.firstIndex(of: number) { position = place + 1 }
      return number
    }
    let number = all.count
    all.append(ReportColumn(name, parent: parent, isHeat: !flattens && parent > 0))
    all[parent].children.append(number)
    position = all[parent].children.count
    numbers[known] = number
    return number
  }

  private mutating func forget(from count: Int) {
    while all.count > count {
      let column = all.removeLast()
      all[column.parent].children.removeLast()
      numbers[Key(parent: column.parent, name: column.name)] = nil
    }
  }

  /// The columns that hold values, each before those of its objects.
  ///
  /// A key that is null or an object has no column of its own beside those of the object.
  func leaves(under parent: Int = 0) -> [Int] {
    var leaves: [Int] = []
    for child in all[parent].children {
      if all[child].hasValue || all[child].children.isEmpty { leaves.append(child) }
      leaves += self.leaves(under: child)
    }
    return leaves
  }

  /// The keys from the record down to a column, joined by dots.
  func path(of number: Int) -> [UInt8] {
    let parent = all[number].parent
    return parent == 0 ? all[number].name : path(of: parent) + [ASCII.period] + all[number].name
  }
}
