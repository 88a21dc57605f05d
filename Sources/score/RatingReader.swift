import Events
import Pipes
import Records

/// Reads what a person answered, as 0 (worst) to 100 (best).
///
///     {"score":9,"scale":10}      90        {"rating":4}           75   of a Product Reviewed
///     {"score":9,"scale":"0-10"}  90        {"score":"good"}      100
///
/// The answer is `properties.score`, else `rating`. `scale` is the best answer, the worst being 0
/// for 10 and 1 for others, or both as text. What lies outside the scale is no answer.
struct RatingReader: Sendable {
  private let properties: Int
  private static let answers = ["score", "rating"].map { Array($0.utf8) }
  private static let scale = Array("scale".utf8)

  /// A reader whose key is entered into a selection.
  init(_ selection: inout Selection) {
    properties = selection.slot("properties")
  }

  /// The rating of an event, `nil` where it has none.
  func rating(
    of event: Event, in block: Block, bestAnswer: Double
  ) throws(RecordError) -> UInt32? {
    let object = block.fields[event.base + properties]
    let bytes = block.bytes.span
    guard object.kind(in: bytes) == .object else { return nil }
    do {
      for name in RatingReader.answers {
        let field = try member(name, of: object, in: bytes)
        guard field.isPresent else { continue }
        let scale = try member(RatingReader.scale, of: object, in: bytes)
        return rating(field, scale, in: bytes, bestAnswer: bestAnswer)
      }
    } catch {
      throw RecordError(error)
    }
    return nil
  }

  private func rating(
    _ field: Field, _ scale: Field, in bytes: Span<UInt8>, bestAnswer: Double
  ) -> UInt32? {
    let answer = text(field, in: bytes)
    if answer == "good" { return 100 }
    if answer == "bad" { return 0 }
    guard let score = Double(answer), score.isFinite else { return nil }
    let limits = text(scale, in: bytes).split(separator: "-").compactMap { Double($0) }
    let best = limits.last ?? bestAnswer
    let worst = limits.count == 2 ? limits[0] : best == 10 ? 0 : 1
    guard worst < best, score >= worst, score <= best else { return nil }
    return UInt32(((score - worst) * 100 / (best - worst)).rounded())
  }

  /// A number, or a string without its quotes.
  private func text(_ field: Field, in bytes: Span<UInt8>) -> String {
    switch field.kind(in: bytes) {
    case .number: bytes.text(from: field.start, to: field.end)
    case .string: bytes.text(from: field.start + 1, to: field.end - 1)
    default: ""
    }
  }
}
