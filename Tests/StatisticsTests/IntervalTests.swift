import Statistics
import Testing

@Suite("Interval")
struct IntervalTests {
  @Test("An interval contains its ends and what is between them")
  func contains() {
    let interval = Interval(low: 0.25, high: 0.5)
    #expect(interval.contains(0.25))
    #expect(interval.contains(0.3))
    #expect(interval.contains(0.5))
    #expect(!interval.contains(0.25.nextDown))
    #expect(!interval.contains(0.5.nextUp))
    #expect(!interval.contains(.nan))
  }

  @Test("An interval with its ends the wrong way round stops the program")
  func reversed() async {
    await #expect(processExitsWith: .failure) { _ = Interval(low: 1, high: 0) }
  }
}
