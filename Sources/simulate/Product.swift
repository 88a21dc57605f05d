/// What the shop sells: ten categories of sixteen products each.
struct Product: Sendable {
  /// Names, and the price of the cheapest in hundredths.
  struct Category: Sendable {
    let name: String
    let slug: String
    let cents: Int
    let nouns: [String]
  }

  let name: String
  let category: Int
  /// The price in hundredths.
  let cents: Int

  /// How many products a category has.
  static let perCategory = 16

  private static let adjectives = ["Oak", "Linen", "Classic", "Nordic"]

  /// All categories; names go beyond ASCII where names do.
  static let categories: [Category] = [
    Category(
      name: "Furniture", slug: "furniture", cents: 4900,
      nouns: ["Chair", "Desk", "Shelf", "Stool"]),
    Category(
      name: "Garden", slug: "garden", cents: 1490, nouns: ["Bench", "Lantern", "Pot", "Trellis"]),
    Category(
      name: "Kitchen", slug: "kitchen", cents: 990, nouns: ["Board", "Bowl", "Kettle", "Pan"]),
    Category(
      name: "Café", slug: "cafe", cents: 790, nouns: ["Cup", "Grinder", "Tray", "Crème Set"]),
    Category(
      name: "Bedroom", slug: "bedroom", cents: 2490,
      nouns: ["Blanket", "Pillow", "Bed", "Nightstand"]),
    Category(
      name: "Bath", slug: "bath", cents: 690, nouns: ["Towel", "Mirror", "Basket", "Robe"]),
    Category(
      name: "Lighting", slug: "lighting", cents: 1990,
      nouns: ["Lamp", "Pendant", "Candle", "Spot"]),
    Category(
      name: "Office", slug: "office", cents: 590, nouns: ["Tray", "Notebook", "Pen", "Clock"]),
    Category(
      name: "Kids", slug: "kids", cents: 890, nouns: ["Blocks", "Puzzle", "Rug", "Tent"]),
    Category(
      name: "Décor", slug: "decor", cents: 1190, nouns: ["Vase", "Frame", "Poster", "Clock"]),
  ]

  /// All products, category by category, the most popular first.
  static let all: [Product] = categories.enumerated().flatMap { index, category in
    (0..<perCategory).map { number in
      Product(
        name: "\(adjectives[number % 4]) \(category.nouns[number / 4])", category: index,
        cents: category.cents + category.cents / 10 * (number * 7 % 16))
    }
  }

  /// A product: of the person's favourite category seven times of ten, rather a popular one.
  static func drawn(_ stream: inout RandomStream, _ favourite: UInt8) -> Int {
    let isFavourite = stream.below(10) < 7
    let category = isFavourite ? Int(favourite) : stream.below(categories.count)
    let rank = min(stream.below(perCategory), stream.below(perCategory))
    return category * perCategory + rank
  }
}
