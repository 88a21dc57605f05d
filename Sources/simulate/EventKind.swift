/// What a person can do, in the names of the Segment spec where it has one.
enum EventKind: UInt8, CaseIterable, Sendable {
  case pageViewed
  case screenViewed
  case applicationOpened
  case productListViewed
  case productsSearched
  case productViewed
  case productAdded
  case cartViewed
  case checkoutStarted
  case paymentInfoEntered
  case orderCompleted
  case signedUp
  case signedIn
  case emailDelivered
  case emailOpened
  case emailLinkClicked
  case ticketOpened
  case ticketSolved
  case surveyAnswered

  /// The steps of the funnel, in order.
  static let steps: [EventKind] = [
    .productViewed, .productAdded, .checkoutStarted, .paymentInfoEntered, .orderCompleted,
  ]

  /// The name that events carry.
  var name: String {
    switch self {
    case .pageViewed: "Page Viewed"
    case .screenViewed: "Screen Viewed"
    case .applicationOpened: "Application Opened"
    case .productListViewed: "Product List Viewed"
    case .productsSearched: "Products Searched"
    case .productViewed: "Product Viewed"
    case .productAdded: "Product Added"
    case .cartViewed: "Cart Viewed"
    case .checkoutStarted: "Checkout Started"
    case .paymentInfoEntered: "Payment Info Entered"
    case .orderCompleted: "Order Completed"
    case .signedUp: "Signed Up"
    case .signedIn: "Signed In"
    case .emailDelivered: "Email Delivered"
    case .emailOpened: "Email Opened"
    case .emailLinkClicked: "Email Link Clicked"
    case .ticketOpened: "Ticket Opened"
    case .ticketSolved: "Ticket Solved"
    case .surveyAnswered: "Survey Answered"
    }
  }

  /// The type of message that trackers send it as.
  var messageType: String {
    switch self {
    case .pageViewed: "page"
    case .screenViewed: "screen"
    default: "track"
    }
  }

  /// The touchpoint, where it is not that of the device.
  var channel: String? {
    switch self {
    case .emailDelivered, .emailOpened, .emailLinkClicked: "email"
    case .ticketOpened, .ticketSolved: "support"
    case .surveyAnswered: "survey"
    default: nil
    }
  }

  /// What an access log shows of it: method, and path where it is not that of the page.
  var request: (method: String, path: String?) {
    switch self {
    case .productAdded: ("POST", "/cart/add")
    case .paymentInfoEntered: ("POST", nil)
    case .signedUp, .signedIn: ("POST", nil)
    case .productsSearched: ("GET", "/search?q=gift")
    case .emailDelivered: ("POST", "/hooks/email/delivered")
    case .emailOpened: ("GET", "/email/open.gif")
    case .emailLinkClicked: ("GET", "/email/click")
    case .ticketOpened: ("POST", "/hooks/tickets/opened")
    case .ticketSolved: ("POST", "/hooks/tickets/solved")
    case .surveyAnswered: ("POST", "/survey")
    default: ("GET", nil)
    }
  }
}
