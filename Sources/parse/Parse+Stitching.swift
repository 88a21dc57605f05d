import Pipes

/// `--stitch`: the files are read twice, so that an event is of a person who became known later too.
extension Parse {
  /// Reads all inputs for the ids that their events link.
  mutating func stitch(_ arguments: Arguments) throws(Failure) {
    var first = self
    first.isFirstPass = true
    try readFirst(arguments, for: "--stitch", by: &first)
    canonicalizer.stitched = first.canonicalizer.identities
  }

  /// Adds the links that a run before knew to those of the files.
  mutating func stitchOn() {
    hasRestoredLinks = false
    guard let stitched = canonicalizer.stitched else { return }
    var both = stitched.rehashed(seed: canonicalizer.sources.seeds.0)
    both.add(canonicalizer.identities)
    canonicalizer.stitched = both
  }
}
