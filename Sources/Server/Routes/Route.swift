import Hummingbird

/// What the server knows how to answer.
enum Route: String, CaseIterable {
    case page = "/"
    case health = "/health"
    case metrics = "/metrics"
    case properties = "/props"
    case status = "/status"
    case models = "/v1/models"
    case chat = "/v1/chat/completions"
    case completions = "/v1/completions"
    case tokenize = "/tokenize"
    case detokenize = "/detokenize"

    var path: String { rawValue }

    var method: HTTPRequest.Method {
        switch self {
        case .page, .health, .metrics, .properties, .status, .models: .get
        case .chat, .completions, .tokenize, .detokenize: .post
        }
    }

    /// What programs ask again and again: it would fill the log.
    var isFrequent: Bool { [.health, .metrics, .status].contains(self) }

    /// A slash at the end makes no difference.
    static func named(_ path: String) -> Route? {
        Route(rawValue: path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    }
}
