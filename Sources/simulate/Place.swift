/// The pages of the site, by number.
///
///     0 … 7 articles   8 … 17 categories   18 … 23 cart to sign-in   24 … products
struct Place: Sendable {
  /// The path of its URL.
  let path: String
  /// Its title, as JSON text.
  let title: String

  /// So many pages are articles, the home page first.
  static let articles = 8
  static let home = 0
  static let cart = 18
  static let checkout = 19
  static let payment = 20
  static let receipt = 21
  static let signUp = 22
  static let signIn = 23

  /// The page of a category.
  static func category(_ number: Int) -> Int { articles + number }

  /// The page of a product.
  static func product(_ number: Int) -> Int { 24 + number }

  /// A page that a visit begins on.
  static func landing(_ stream: inout RandomStream, _ favourite: UInt8) -> Int {
    let choice = stream.below(10)
    if choice < 5 { return home }
    return choice < 8 ? category(Int(favourite)) : stream.below(articles)
  }

  /// All pages.
  static let all: [Place] =
    [
      Place(path: "/", title: "Home"),
      Place(path: "/about", title: "About us"),
      Place(path: "/help", title: "Help"),
      Place(path: "/pricing", title: "Plans"),
      Place(path: "/stories", title: "Stories"),
      Place(path: "/stories/slow", title: #"The \"slow\" home"#),
      Place(path: "/stories/light", title: "Light \u{2013} a guide"),
      Place(path: "/sale", title: "Sale: 50% off"),
    ]
    + Product.categories.map { Place(path: "/c/\($0.slug)", title: $0.name) }
    + [
      Place(path: "/cart", title: "Cart"),
      Place(path: "/checkout", title: "Checkout"),
      Place(path: "/checkout/payment", title: "Payment"),
      Place(path: "/checkout/done", title: "Thank you"),
      Place(path: "/sign-up", title: "Sign up"),
      Place(path: "/sign-in", title: "Sign in"),
    ]
    + Product.all.indices.map { number in
      Place(path: "/p/\(Product.identifier(number))", title: Product.all[number].name)
    }
}

extension Product {
  /// The id of a product: `p001` and on.
  static func identifier(_ number: Int) -> String {
    let digits = String(number + 1)
    return "p" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}
