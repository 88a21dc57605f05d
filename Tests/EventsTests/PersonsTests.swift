import Events
import TestSupport
import Testing

/// Ids that belong together are one person, in whatever order that becomes known.
@Suite("Persons") struct PersonsTests {
  /// The groups of ids by a slow search, each by its smallest name.
  private static func groups(_ count: Int, _ links: [(Int, Int)]) -> [Int] {
    var group = Array(0..<count)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (one, other) in links where group[one] != group[other] {
        let least = min(group[one], group[other])
        (group[one], group[other]) = (least, least)
        hasChanged = true
      }
    }
    return group
  }

  private static func name(_ index: Int) -> [UInt8] { Array("id \(index)".utf8) }

  @Test("links in any order give the groups and names of a slow search", arguments: [1, 2, 3])
  func anyOrder(_ seed: UInt64) {
    var randomness = Randomness(seed: seed)
    for _ in 0..<100 {
      let count = randomness.number(1...40)
      let isUser = (0..<count).map { _ in randomness.happens(40) }
      let links = (0..<randomness.number(0...40)).map { _ in
        (randomness.number(0...count - 1), randomness.number(0...count - 1))
      }
      let group = Self.groups(count, links)
      let expected = (0..<count).map { index in
        let members = (0..<count).filter { group[$0] == group[index] }
        let users = members.filter { isUser[$0] }
        return (users.isEmpty ? members : users).map(Self.name).min {
          $0.lexicographicallyPrecedes($1)
        }
      }
      for _ in 0..<3 {
        var persons = Persons()
        for index in (0..<count).shuffled(using: &randomness) {
          _ = persons.id(Self.name(index), isUser: false)
        }
        for index in (0..<count).shuffled(using: &randomness) where isUser[index] {
          _ = persons.id(Self.name(index), isUser: true)
        }
        for (one, other) in links.shuffled(using: &randomness) {
          let first = persons.id(Self.name(one), isUser: false)
          let second = persons.id(Self.name(other), isUser: false)
          let wereOne = persons.root(first) == persons.root(second)
          let link = persons.link(first, second)
          #expect((link == nil) == wereOne)
          if let link { #expect(link.kept < link.absorbed) }
          #expect(persons.root(first) == persons.root(second))
        }
        let roots = persons.roots()
        let chosen = persons.representatives(of: roots)
        for index in 0..<count {
          let id = persons.id(Self.name(index), isUser: false)
          #expect(roots[Int(id)] == persons.root(id))
          #expect(persons.name(chosen[Int(roots[Int(id)])]) == expected[index])
          #expect(persons.isUser(id) == isUser[index])
        }
      }
    }
  }

  @Test("persons are named by a user id before an anonymous one, and listed by their bytes")
  func named() {
    var persons = Persons()
    let anonymous = persons.id(Array("a".utf8), isUser: false)
    let user = persons.id(Array("z".utf8), isUser: true)
    let loner = persons.id(Array("b".utf8), isUser: false)
    let late = persons.id(Array("é".utf8), isUser: true)
    _ = persons.link(anonymous, user)
    let roots = persons.roots()
    let chosen = persons.representatives(of: roots)
    let ids = [persons.root(user), loner, late].map { chosen[Int($0)] }
    let inOrder = persons.inNameOrder(ids)
    #expect(inOrder.map { String(decoding: persons.name($0), as: UTF8.self) } == ["b", "z", "é"])
    #expect(inOrder.map { persons.isUser($0) } == [false, true, true])
  }

  @Test("ids are listed in the order of their bytes, whatever they share")
  func nameOrder() {
    var randomness = Randomness(seed: 5)
    var persons = Persons()
    for _ in 0..<500 {
      let bytes: [UInt8] = [0x00, 0x01, 0x61, 0x7F, 0x80, 0xFF]
      let shared = [UInt8](repeating: 0x61, count: randomness.one(of: [0, 7, 8, 14, 15, 16, 20]))
      let rest = (0..<randomness.number(0...3)).map { _ in randomness.one(of: bytes) }
      _ = persons.id(shared + rest, isUser: false)
    }
    let ids = Array(0..<UInt32(persons.roots().count)).shuffled(using: &randomness)
    let expected = ids.map { persons.name($0) }.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(persons.inNameOrder(ids).map { persons.name($0) } == expected)
  }

  @Test("a long chain of links is one person")
  func chain() {
    var persons = Persons()
    let ids = (0..<50_000).map { persons.id(Self.name($0), isUser: false) }
    for (one, other) in zip(ids, ids.dropFirst()).reversed() { _ = persons.link(one, other) }
    #expect(persons.roots().allSatisfy { $0 == ids[0] })
    #expect(persons.roots().count == ids.count)
  }

  @Test("user ids and anonymous ids share one space of names")
  func oneSpace() {
    var persons = Persons()
    let first = persons.id([1], isUser: false)
    #expect(!persons.isUser(first))
    #expect(persons.id([1], isUser: true) == first)
    #expect(persons.isUser(first))
    #expect(persons.id([1], isUser: false) == first)
    #expect(persons.isUser(first))
  }
}
