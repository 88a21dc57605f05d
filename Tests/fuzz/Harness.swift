import Pipes
import Records

/// What every target needs: the bytes of one input.
func input(_ data: UnsafePointer<UInt8>, _ count: Int) -> [UInt8] {
  // libFuzzer owns the bytes for the time of the call.
  unsafe Array(UnsafeBufferPointer(start: data, count: count))
}

/// A law that an input broke.
func require(_ holds: Bool, _ law: String) {
  if !holds { fatalError(law) }
}
