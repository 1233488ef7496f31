import Foundation
import Glibc

/// A client's end of a TCP connection to this machine, for tests of what a server does with good and bad requests: it
/// sends what it is told and reads when it is told. Calls block; see ``HTTPConnection/onThread(_:)``.
public final class HTTPConnection: @unchecked Sendable {
    private let descriptor: Int32
    /// Bytes that were read and belong to what comes next.
    private var pending: [UInt8] = []

    /// - Parameter receiveBuffer: Bytes that the system keeps for a reader that is slow; nil: as many as it likes.
    public init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 {
            Glibc.close(descriptor)
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Runs what blocks on a thread of its own: those that tests share may be what it waits for.
    public static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Whether all was sent; a server that has closed takes no more.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    public func send(_ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []) {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        send(Array("\(head)\r\n".utf8) + body)
    }

    /// Says that nothing more will be sent.
    public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Some bytes; nil when the server has closed.
    public func readSome() -> [UInt8]? {
        if !pending.isEmpty {
            defer { pending = [] }
            return pending
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Takes bytes back that were read too early.
    public func putBack(_ bytes: [UInt8]) { pending = bytes + pending }

    /// What comes until it ends so, or the server closes.
    public func read(until end: String) -> [UInt8] {
        var bytes: [UInt8] = []
        while !bytes.reversed().starts(with: end.utf8.reversed()), let some = readSome() { bytes += some }
        return bytes
    }

    /// All that comes until the server closes.
    public func readToEnd() -> String {
        var bytes: [UInt8] = []
        while let some = readSome() { bytes += some }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next response, whole.
    ///
    /// - Parameter hasBody: Whether it is none to HEAD.
    public func readReply(hasBody: Bool = true) throws -> HTTPReply {
        let head = try readLines(untilBlank: true)
        let words = head.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { throw POSIXError(.EPROTO) }
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        guard hasBody, status >= 200, status != 204 else {
            return HTTPReply(status: status, headers: headers, body: [])
        }
        if headers["transfer-encoding"] == "chunked" {
            return HTTPReply(status: status, headers: headers, body: try readChunks())
        }
        return HTTPReply(
            status: status, headers: headers, body: try read(Int(headers["content-length"] ?? "0") ?? 0))
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let size = try readLines(untilBlank: false).first.flatMap({ Int($0, radix: 16) }) else {
                throw POSIXError(.EPROTO)
            }
            body += try read(size)
            _ = try read(2)
            if size == 0 { return body }
        }
    }

    private func readLines(untilBlank: Bool) throws -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        while true {
            let byte = try read(1)[0]
            if byte != UInt8(ascii: "\n") {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty { return lines }
            lines.append(String(decoding: line, as: UTF8.self))
            if !untilBlank { return lines }
            line = []
        }
    }

    private func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let some = readSome() else { throw POSIXError(.ECONNRESET) }
            let needed = count - bytes.count
            bytes += some.prefix(needed)
            pending = Array(some.dropFirst(needed))
        }
        return bytes
    }
}

/// A response.
public struct HTTPReply: Sendable {
    public let status: Int
    /// By lower-case names.
    public let headers: [String: String]
    public let body: [UInt8]

    public init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON objects: the one that it is, or the events of a stream, without the end mark.
    public var objects: [[String: Any]] {
        guard headers["content-type"]?.hasPrefix("text/event-stream") == true else {
            return [(try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]]
        }
        // Each event is one line of data; other lines are empty, or signs of life.
        return text.components(separatedBy: "\n").filter { $0.hasPrefix("data: {") }.map {
            (try? JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8))) as? [String: Any] ?? [:]
        }
    }
}

/// One request on a connection of its own.
public enum HTTP {
    public static func request(
        _ method: String, _ path: String, port: Int, headers: [String: String] = [:], body: String = ""
    ) async throws -> HTTPReply {
        try await HTTPConnection.onThread {
            let connection = try HTTPConnection(port: port)
            connection.send(method, path, headers: headers, body: Array(body.utf8))
            return try connection.readReply()
        }
    }

    public static func post(_ path: String, _ body: String, port: Int) async throws -> HTTPReply {
        try await request("POST", path, port: port, headers: ["Content-Type": "application/json"], body: body)
    }
}
