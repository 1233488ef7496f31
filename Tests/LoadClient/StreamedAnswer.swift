import Foundation
import Platform
import TestSupport

/// One streamed answer, read with as little work as it takes to time it.
struct StreamedAnswer {
    /// Seconds to the first event with text.
    private(set) var firstToken = 0.0
    /// Seconds between reads that brought events.
    private(set) var gaps: [Double] = []
    /// As the server counts them.
    private(set) var tokens = 0

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// nil where the connection was closed before anything came: the server had done so after the answer before.
    init?(_ connection: HTTPConnection, body: [UInt8]) throws {
        let clock = ContinuousClock()
        let start = clock.now
        connection.send("POST", "/v1/chat/completions", headers: ["Content-Type": "application/json"], body: body)
        var last: ContinuousClock.Instant?
        var bytes: [UInt8] = []
        var isOver = false
        while !isOver {
            guard let some = connection.readSome() else {
                if bytes.isEmpty { return nil }
                throw Failure(description: "the connection closed within an answer")
            }
            let now = clock.now
            bytes += some
            if let last {
                gaps.append(last.duration(to: now).seconds)
            } else if Self.hasText(bytes) {
                firstToken = start.duration(to: now).seconds
            }
            if last != nil || Self.hasText(bytes) { last = now }
            // The line before it too: llama-server's header ends in "max=100" and an empty line.
            isOver = bytes.suffix(7).elementsEqual(Array("\r\n0\r\n\r\n".utf8))
            if bytes.starts(with: Array("HTTP/1.1 ".utf8)), !bytes.starts(with: Array("HTTP/1.1 200".utf8)) {
                throw Failure(description: String(decoding: bytes.prefix(12), as: UTF8.self))
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("data: [DONE]"), let place = text.range(of: "\"completion_tokens\":", options: .backwards)
        else { throw Failure(description: "the answer has no end") }
        tokens = Int(text[place.upperBound...].prefix { $0.isNumber }) ?? 0
    }

    /// Whether an event with text has come: both kinds of server send the role without any first.
    private static func hasText(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.range(of: "\"content\":\"[^\"]", options: .regularExpression) != nil
    }
}
