import Hummingbird

/// What the server knows how to answer.
enum Route: String, CaseIterable {
    case page = "/"
    case health = "/health"
    case metrics = "/metrics"
    case properties = "/props"
    case status = "/status"
    case models = "/v1/models"
    case model = "/v1/models/{model}"
    case chat = "/v1/chat/completions"
    case completions = "/v1/completions"
    case tokenize = "/tokenize"
    case detokenize = "/detokenize"

    var path: String { rawValue }

    var method: HTTPRequest.Method {
        switch self {
        case .page, .health, .metrics, .properties, .status, .models, .model: .get
        case .chat, .completions, .tokenize, .detokenize: .post
        }
    }

    /// The methods it takes, as the field `Allow` names them.
    var allowed: String { method == .get ? "GET, HEAD, OPTIONS" : "POST, OPTIONS" }

    /// What any route takes.
    static let allAllowed = "GET, HEAD, POST, OPTIONS"

    func takes(_ method: HTTPRequest.Method) -> Bool {
        method == self.method || method == .head && self.method == .get
    }

    /// What programs ask again and again: it would fill the log.
    var isFrequent: Bool { [.health, .metrics, .status].contains(self) }

    /// What anyone may have: the page shows nothing by itself, and probes have no key.
    var isOpen: Bool { [.page, .health].contains(self) }
}
