import Foundation
import TestSupport
import Testing

/// Late lines, duplicates, crawlers and equal times: as many as asked for, none where none are.
@Suite struct NoiseTests {
  @Test func eventsComeInTheOrderOfTheirTimes() throws {
    let times = try Simulation(["--persons", "2000"] + Simulation.clean).events.map(\.timestamp)
    #expect(times == times.sorted())
  }

  @Test func lateEventsAreAsManyAndAsLateAsAsked() throws {
    let options = ["--events", "15000", "--duplicates", "0", "--late", "10", "--late-by", "2h"]
    let events = try Simulation(options).events
    var newest = 0.0
    var late = 0
    var lateSum = 0.0
    for event in events {
      if event.seconds < newest {
        late += 1
        lateSum += newest - event.seconds
      }
      newest = max(newest, event.seconds)
    }
    #expect(isWithinFourErrors(late, of: events.count, probability: 0.1))
    // An hour in the mean, and then the time until a newer event lets it go.
    let mean = lateSum / Double(late)
    #expect(mean > 3500 && mean < 5400, "\(mean) s")
    let truth = try Simulation.truth("simulate.truth", options)
    #expect(abs((truth["late"] as? Int ?? 0) - late) <= 15)
  }

  @Test func duplicatesAreAsManyAsAskedAndEqualToTheirOriginals() throws {
    let options = ["--events", "20000", "--late", "0", "--duplicates", "4", "--broken", "0"]
    let simulation = try Simulation(options)
    let copies = Dictionary(grouping: simulation.events, by: \.messageId).values
    let twice = copies.filter { $0.count == 2 }
    #expect(copies.count == 20_000 && copies.allSatisfy { $0.count <= 2 })
    #expect(twice.allSatisfy { $0[0].line == $0[1].line })
    #expect(isWithinFourErrors(twice.count, of: 20_000, probability: 0.04))
    let truth = try Simulation.truth("simulate.truth", options)
    #expect(truth["duplicates"] as? Int == twice.count)
  }

  @Test func crawlersAreAsManyAsAsked() throws {
    let options = ["--events", "20000", "--bots", "12"]
    let lines = try Simulation(options + Simulation.clean.dropFirst(2)).lines
    let bots = lines.filter { $0.contains("compatible; ") }
    #expect(isWithinFourErrors(bots.count, of: 20_000, probability: 0.12))
    let truth = try Simulation.truth("simulate.truth", options)
    #expect(truth["bots"] as? Int == bots.count)
  }

  @Test func tiesAreAtLeastAsManyAsAsked() throws {
    let times = try Simulation(["--events", "20000", "--ties", "30"] + Simulation.clean)
      .events.map(\.timestamp)
    #expect(times == times.sorted())
    let ties = zip(times, times.dropFirst()).filter { $0 == $1 }.count
    #expect(isWithinFourErrors(ties, of: 20_000, probability: 0.3))
  }

  @Test func nothingIsDirtyWithoutNoise() throws {
    let simulation = try Simulation(["--persons", "1000"] + Simulation.clean)
    let events = simulation.events
    #expect(events.count == simulation.lines.count)
    #expect(Set(events.map(\.messageId)).count == events.count)
    #expect(!simulation.text.contains("compatible; "))
    let truth = try Simulation.truth("simulate.truth", ["--persons", "1000"] + Simulation.clean)
    for key in ["bots", "duplicates", "late", "broken"] { #expect(truth[key] as? Int == 0) }
  }
}
