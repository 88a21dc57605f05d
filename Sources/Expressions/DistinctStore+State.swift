internal import Records
internal import Statistics

extension DistinctStore {
  /// Writes the values of a set.
  func encode(_ set: Int, _ reach: Int64, into state: inout StateWriter) {
    let slab = slabs[set]
    state.write(Int(slab.count))
    var last: Int64 = 0
    for place in 0..<Int(slab.count) {
      let entry = pool[slab, place]
      state.write(entry.step - last)
      state.write(word: entry.hash)
      last = entry.step
    }
    let sketch = sketches[set]
    state.write(sketch != nil)
    sketch?.encode(from: last - reach, into: &state)
  }

  /// Adds the values of another run to those of a set.
  mutating func decode(
    _ set: Int, _ steps: ClosedRange<Int64>, _ reach: Int64, _ state: inout StateReader
  ) throws(StateError) {
    var entries: [Entry] = []
    var step: Int64 = 0
    for _ in 0..<(try state.count(upTo: DistinctStore.exactMax)) {
      step = try state.step(behind: step, in: steps)
      entries.append(Entry(hash: try state.word(), step: step))
    }
    if try state.flag() {
      add(try DistinctSketch(&state, steps, reach), to: set, reach: reach)
    }
    for entry in entries { add(entry, to: set, reach: reach) }
  }
}

extension DistinctSketch {
  /// Writes the ranks of a step and behind it: those before it no window holds any more.
  func encode(from step: Int64, into state: inout StateWriter) {
    state.write(evictedStep)
    for slab in slabs {
      let places = (0..<Int(slab.count)).filter { pool[slab, $0].step >= step }
      state.write(places.count)
      var last: Int64 = 0
      for place in places {
        let rank = pool[slab, place]
        state.write(rank.step - last)
        state.write(rank.rank)
        last = rank.step
      }
    }
  }

  /// Reads a sketch.
  init(
    _ state: inout StateReader, _ steps: ClosedRange<Int64>, _ reach: Int64
  ) throws(StateError) {
    noteEvicted(try state.step(behind: 0, in: steps))
    for register in slabs.indices {
      var step: Int64 = 0
      for _ in 0..<(try state.count(upTo: HyperLogLog.rankMax)) {
        step = try state.step(behind: step, in: steps)
        let rank = try state.count(upTo: HyperLogLog.rankMax)
        guard rank > 0 else { throw StateError("a rank is none") }
        add(Rank(step: step, rank: rank), to: register)
      }
    }
  }
}
