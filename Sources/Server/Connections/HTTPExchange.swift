import NIOHTTP1

/// A request and what it means for its response and for the connection.
struct HTTPExchange {
    /// Whether its response has no body.
    let isHead: Bool
    /// Whether a body may come in chunks, and other responses before the last one: since HTTP/1.1.
    let isModern: Bool
    /// Whether another request may follow it.
    var persists: Bool
    /// Whether the client sends the body when it is told to.
    var waitsForWord: Bool
    /// Whether its response has begun.
    var isAnswered = false

    init(_ head: HTTPRequestHead) {
        let fields = head.headers
        isHead = head.method == .HEAD
        isModern = head.version != .http1_0
        // What follows the wish for another protocol is not read as HTTP/1 any more.
        let wantsOther =
            fields.contains(name: "Upgrade")
            && fields[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
        persists = head.isKeepAlive && isModern && !wantsOther
        let hasBody = fields.contains(name: "Transfer-Encoding") || (fields.first(name: "Content-Length") ?? "0") != "0"
        waitsForWord = isModern && hasBody && fields.first(name: "Expect")?.lowercased() == "100-continue"
    }

    /// The response's head as it has to be sent; ``persists`` is decided by then.
    mutating func head(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        isAnswered = true
        // A client that was not told to send the body may do so, or not.
        let isLast = waitsForWord || !head.isKeepAlive
        if isLast { persists = false }
        if !persists { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        if !head.status.mayHaveResponseBody {
            head.headers.remove(name: "Content-Length")
        } else if !isHead, isModern, !head.headers.contains(name: "Content-Length") {
            head.headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
        }
        return head
    }
}
