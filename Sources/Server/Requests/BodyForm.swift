import HTTPTypes
import Hummingbird

/// What a request says that its body is.
enum BodyForm {
    /// JSON, or nothing is said.
    case json
    /// A form of names and values. curl says so of whatever it sends, if nobody tells it otherwise.
    case form

    /// - Throws: Where the body cannot be what is read here: JSON in UTF-8 that is not compressed.
    init(_ headers: HTTPFields) throws(APIError) {
        if let coding = headers[.contentEncoding]?.lowercased(), coding != "identity", !coding.isEmpty {
            throw Self.refusal("bodies in the coding \(coding.prefix(100)) are not read: send it as it is")
        }
        let parts = (headers[.contentType] ?? "").lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
        guard let type = parts.first else {
            self = .json
            return
        }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst(8).filter { $0 != "\"" }
        switch type {
        case "application/x-www-form-urlencoded": self = .form
        case _ where !Self.isUTF8(charset) || !Self.isJSON(type):
            throw Self.refusal("the body must be JSON in UTF-8: send \"Content-Type: application/json\"")
        default: self = .json
        }
    }

    private static func isUTF8(_ charset: String?) -> Bool {
        charset.map { ["utf-8", "utf8", "us-ascii"].contains($0) } ?? true
    }

    private static func isJSON(_ type: String) -> Bool {
        ["application/json", "text/json"].contains(type) || type.hasPrefix("application/") && type.hasSuffix("+json")
    }

    /// Refuses what is a form indeed.
    func check(_ body: some Sequence<UInt8>) throws(APIError) {
        guard self == .form else { return }
        let first = body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return }
        throw Self.refusal("the body must be a JSON object, and is a form: send \"Content-Type: application/json\"")
    }

    private static func refusal(_ message: String) -> APIError {
        APIError(
            .unsupportedMediaType, message, code: "unsupported_media_type",
            headers: [.accept: "application/json", .acceptEncoding: "identity"])
    }
}
