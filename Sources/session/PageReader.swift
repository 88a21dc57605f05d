import Events
import Expressions
import Pipes
import Records

/// Reads which page or screen was viewed: its path, else that of its URL, else its name.
struct PageReader: Sendable {
  private let paths: [FieldPath]
  private let urls: [FieldPath]
  private let names: [FieldPath]

  init(_ setup: inout Setup) {
    func paths(_ texts: String...) -> [FieldPath] {
      texts.map { FieldPath($0, in: &setup.environment.selection) }
    }
    self.paths = paths("properties.path", "context.page.path")
    urls = paths("properties.url", "context.page.url")
    names = paths("name", "properties.name")
  }

  /// The number of the page of a page view, 0 where it names none.
  func number(
    of event: Event, in block: Block, _ table: inout EventFactsTable
  ) throws(RecordError) -> UInt32 {
    let bytes = block.bytes.span
    do throws(ScanError) {
      if let path = try text(paths, event, in: block) { return number(path, bytes, &table) }
      if let url = try text(urls, event, in: block) {
        guard !url.hasEscapes else {
          return table.page(Self.path(try url.decodedString(in: bytes)))
        }
        return table.page(Self.path(bytes.copy(from: url.start + 1, to: url.end - 1)))
      }
      if let name = try text(names, event, in: block) { return number(name, bytes, &table) }
    } catch { throw RecordError(error) }
    return 0
  }

  private func number(
    _ field: Field, _ bytes: Span<UInt8>, _ table: inout EventFactsTable
  ) -> UInt32 {
    guard field.hasEscapes else {
      return table.page(bytes, from: field.start + 1, to: field.end - 1)
    }
    return table.page(unescaped(bytes, from: field.start + 1, to: field.end - 1))
  }

  /// The first text of some paths that is not empty.
  private func text(
    _ paths: [FieldPath], _ event: Event, in block: Block
  ) throws(ScanError) -> Field? {
    let bytes = block.bytes.span
    for path in paths {
      let field = try path.field(block.fields, at: event.base, in: bytes)
      if field.count > 2, bytes[field.start] == ASCII.quote { return field }
    }
    return nil
  }

  /// The path of a URL: `/cart` of `https://shop.example/cart?step=2#pay`.
  static func path(_ url: [UInt8]) -> [UInt8] {
    let end = url.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? url.count
    let whole = url[..<end]
    let slash = UInt8(ascii: "/")
    guard let first = whole.firstIndex(of: slash) else { return Array(whole) }
    // Behind a scheme there are two of them, then the host.
    guard first > 0, whole[first - 1] == ASCII.colon, first + 1 < end, whole[first + 1] == slash
    else { return Array(whole[first...]) }
    guard let path = whole[(first + 2)...].firstIndex(of: slash) else { return [slash] }
    return Array(whole[path...])
  }
}
