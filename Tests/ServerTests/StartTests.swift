import Foundation
import Platform
import Requests
import TestSupport
import Testing

@testable import Server

/// The server before it serves, and how many it lets in.
@Suite("Start of the server")
struct StartTests {
    @Test("A port that is taken is one sentence")
    func takenPort() async throws {
        let taken = TakenPort()
        var settings = ServerSettings()
        settings.port = taken.number
        settings.logLevel = .critical
        let service = try HTTPService(Mailbox(), settings)
        let words = try await HTTPConnection.onThread { () -> String in
            do { return "\(try service.listen())" } catch { return "\(error)" }
        }
        let port = "127.0.0.1:\(taken.number)"
        #expect(words == "cannot listen on \(port): another program listens there; end it, or choose another --port")
    }

    @Test("Until there is a model requests wait, and health says so")
    func waiting() async throws {
        try await TestServer.run(loadsLater: true) { server in
            let early = try await server.open(RawRequest.post())
            let health = try await server.get("/health")
            #expect(health.status == 503 && health.object["status"] as? String == "loading", "\(health)")
            #expect(try await server.get("/nowhere").status == 404)
            server.load()
            #expect(try await HTTPConnection.onThread { try early.readReply().status } == 200)
            #expect(try await server.get("/health").status == 200)
        }
    }

    @Test("As many connections may wait to be let in as the system allows, up to 4,096")
    func backlog() async throws {
        try await TestServer.run { server in
            let text = try String(contentsOfFile: "/proc/sys/net/core/somaxconn", encoding: .utf8)
            let most = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(Self.backlog(port: server.port) == min(4096, most))
        }
    }

    @Test("Where no more connections may be open, others wait until some end")
    func limit() async throws {
        try await TestServer.run {
            $0.maxConnections = 4
        } _: { server in
            var connections: [HTTPConnection] = []
            for _ in 0..<12 { connections.append(try await server.open(RawRequest.get("/health"))) }
            // Each that is answered makes room for another.
            while !connections.isEmpty {
                let first = connections.removeFirst()
                #expect(try await HTTPConnection.onThread { try first.readReply().status } == 200)
            }
        }
    }

    /// The length of the queue before a port that this process listens on.
    private static func backlog(port: Int) -> Int? {
        for descriptor in Int32(3)..<4096 {
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            guard code == 0, Int(in_port_t(bigEndian: address.sin_port)) == port else { continue }
            var info = tcp_info()
            length = socklen_t(MemoryLayout<tcp_info>.size)
            // Of a socket that listens, the system tells its queue here.
            if getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0, info.tcpi_state == 10 {
                return Int(info.tcpi_sacked)
            }
        }
        return nil
    }
}
