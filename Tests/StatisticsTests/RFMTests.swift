import Statistics
import Testing

/// Fifths, and the groups that codes of three fifths are told by.
@Suite struct RFMTests {
  @Test func quintilesOfTies() {
    #expect(quintiles([10, 20, 30, 40, 50]) == [1, 2, 3, 4, 5])
    #expect(quintiles([50, 10, 40, 20, 30]) == [5, 1, 4, 2, 3])
    #expect(quintiles([1, 1, 1, 1, 1, 1, 1, 2, 3, 9]) == [2, 2, 2, 2, 2, 2, 2, 4, 5, 5])
    #expect(quintiles([7, 7, 7]) == [3, 3, 3])
    #expect(quintiles([7]) == [3])
    #expect(quintiles([Int]()) == [])
    #expect(quintiles([1, 1, 1, 2], ties: .low) == [1, 1, 1, 4])
    #expect(quintiles([1, 1, 1, 2], ties: .high) == [3, 3, 3, 4])
    #expect(quintiles([5, 5, 5, 5, 5], ties: .split) == [1, 2, 3, 4, 5])
    #expect(quintiles([9, 1, 8, 2], within: [1, 0, 1, 0]) == [4, 2, 2, 4])
    #expect(quintiles([Int](), within: []) == [])
    let hundred = quintiles(Array(0..<100))
    #expect((1...5).allSatisfy { fifth in hundred.count { $0 == fifth } == 20 })
  }

  @Test func groupsOfAllCodes() {
    func group(_ code: Int) -> String {
      RFM(UInt8(code / 100), UInt8(code / 10 % 10), UInt8(code % 10)).group.name.description
    }
    for code in [555, 554, 545] { #expect(group(code) == "Champions") }
    for code in [453, 543, 444] { #expect(group(code) == "Loyal") }
    for code in [155, 154, 144] { #expect(group(code) == "At risk") }
    for code in [111, 112] { #expect(group(code) == "Hibernating") }
    var sizes: [String: Int] = [:]
    for recency in 1...5 {
      for frequency in 1...5 {
        for monetary in 1...5 {
          sizes[group(recency * 100 + frequency * 10 + monetary), default: 0] += 1
        }
      }
    }
    #expect(
      sizes == [
        "Champions": 3, "Loyal": 17, "Potential loyalist": 24, "New": 6, "Need attention": 10,
        "About to sleep": 15, "At risk": 20, "Hibernating": 30,
      ])
  }
}
