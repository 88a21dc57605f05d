import Events
import Records

/// A message that was read before its turn.
struct WaitingMessage {
  var prepared = Canonicalizer.Prepared(start: 0, end: 0, kind: .event)
  var identity = EventIdentity()
  /// Where its parts lie, or others until they are exchanged for those of ``Canonicalizer/message``.
  var parts = RecordParts(Slot.wanted)
}

/// Some messages are read before the first of them is written, so that the memory is asked for the ids
/// of all of them at once: with many persons every look-up is a miss of the cache, and here they overlap.
///
///     read      m0 m1 m2 … m15      parts and hashes of ids
///     ask       ids → persons → companions of m0 … m15
///     write     m0 m1 m2 … m15      each finds what it needs near
extension Canonicalizer {
  /// How many messages are read ahead: their lines and parts fit into the first cache.
  private static let waitingMax = 16

  /// Reads messages ahead until one is no event or at fault, which are left for their turn.
  ///
  /// - Returns: how many wait.
  mutating func readAhead(
    _ bytes: Span<UInt8>, from start: Int, to limit: Int, lineBytesMax: Int
  ) -> Int {
    var offset = start
    var count = 0
    while offset < limit, count < Canonicalizer.waitingMax {
      if count == waiting.count { waiting.append(WaitingMessage()) }
      do {
        let prepared = try prepare(bytes, from: offset)
        guard case .event = prepared.kind, prepared.end - offset <= lineBytesMax else { break }
        waiting[count].prepared = prepared
      } catch {
        break
      }
      waiting[count].identity = identity
      swap(&message.parts, &waiting[count].parts)
      offset = waiting[count].prepared.end + 1
      count += 1
    }
    if count > 0, settings.links, settings.key == nil { lookAhead(count) }
    return count
  }

  /// Takes up a message that waits, as if it had just been prepared.
  mutating func recall(_ index: Int) -> Prepared {
    swap(&message.parts, &waiting[index].parts)
    identity = waiting[index].identity
    return waiting[index].prepared
  }

  /// Asks for the ids of those that wait.
  private mutating func lookAhead(_ count: Int) {
    waitingHashes.removeAll(keepingCapacity: true)
    for index in 0..<count {
      let keys = waiting[index].identity.keys
      if let user = keys.user { waitingHashes.append(user.low) }
      if let anonymous = keys.anonymous { waitingHashes.append(anonymous.low) }
    }
    // A second reference: a property may not be read while another one changes.
    let hashes = waitingHashes
    // Places are those of one table: what is stitched is asked for, and found anew in its turn.
    if stitched != nil {
      stitched?.lookAhead(hashes.span, &waitingPlaces)
      return
    }
    identities.lookAhead(hashes.span, &waitingPlaces)
    var next = 0
    for index in 0..<count {
      let keys = waiting[index].identity.keys
      if keys.user != nil {
        waiting[index].identity.places.user = waitingPlaces[next]
        next += 1
      }
      if keys.anonymous != nil {
        waiting[index].identity.places.anonymous = waitingPlaces[next]
        next += 1
      }
    }
  }
}
