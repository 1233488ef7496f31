import TestSupport
import Testing

@testable import Server

/// Whose requests are answered where there is no key, and what pages of other sites may do.
@Suite("Access")
struct AccessTests {
    @Test("Names and addresses as Host and origins have them")
    func hostNames() {
        let names = [
            "localhost": "localhost", "LocalHost:8080": "localhost", "localhost.": "localhost", "[::1]:80": "::1",
            "127.0.0.1:1": "127.0.0.1", "a.b:": "a.b", "": "",
        ]
        for (authority, name) in names { #expect(HostName(authority)?.text == name) }
        for wrong in ["a b", "a/b", "user@a", "a:b", "[::1", "[::1]x", "a:1:2", "ü"] { #expect(HostName(wrong) == nil) }
        #expect(HostName(origin: "https://Example.org:8443")?.text == "example.org")
        #expect(HostName(origin: "null") == nil)
    }

    @Test("Names that others decide about are told from those that they cannot have")
    func privateNames() {
        for name in [
            "localhost", "127.0.0.1", "10.1", "0x7f.1", "2130706433", "[::1]", "[fe80::1%25eth0]", "node7",
            "a.localhost",
            "host.docker.internal", "llm.local", "x.home.arpa",
        ] { #expect(HostName(name)?.isPrivate == true, "\(name)") }
        for name in [
            "example.org", "localhost.example.org", "127.0.0.1.nip.io", "local.com", "notlocal.xlocal", "1.example",
            "a.b2",
        ] { #expect(HostName(name)?.isPrivate == false, "\(name)") }
    }

    @Test("A machine knows itself by its name and by those that its resolver makes of it")
    func ownNames() {
        let resolver = "# a comment\nnameserver 10.0.0.1\nsearch lab.example.edu\texample.edu\noptions ndots:1\n"
        let names = KnownHosts.names(of: "node7.cluster", resolver)
        #expect(names == ["node7.cluster", "node7.lab.example.edu", "node7.example.edu"])
        #expect(KnownHosts.names(of: "node7", "") == ["node7"])
    }

    @Test("Without a key nobody is answered who knows this machine by a name that it does not know itself")
    func rebinding() async throws {
        let evil = ["Origin: http://evil.example", "Sec-Fetch-Site: same-origin"]
        try await TestServer.run {
            $0.allowedHosts = ["llm.example.org"]
            $0.corsOrigins = ["https://chat.example.org:8443"]
        } _: { server in
            for target in ["/", "/v1/models", "/metrics", "/v1/models/tiny", "http://evil.example/v1/models"] {
                let host = target.hasPrefix("/") ? "evil.example:\(server.port)" : "localhost"
                let reply = try await server.reply(to: RawRequest.get(target, host: host, fields: evil))
                #expect(reply.status == 403 && reply.error["code"] as? String == "host", "\(target): \(reply)")
                #expect((reply.error["message"] as? String)?.contains("--allowed-host evil.example") == true)
            }
            let body = RawRequest.post().replacing("Host: localhost", with: "Host: evil.example")
            #expect(try await server.reply(to: body).status == 403 && server.engine.requests.isEmpty)
            for host in ["localhost", "127.0.0.1:9", "[::1]", "LLM.example.org:443", "chat.example.org", "node7", ""] {
                #expect(try await server.reply(to: RawRequest.get("/v1/models", host: host)).status == 200, "\(host)")
            }
            // Probes know a machine by any name.
            #expect(try await server.reply(to: RawRequest.get("/health", host: "evil.example")).status == 200)
        }
        for any: @Sendable (inout ServerSettings) -> Void in [
            { $0.apiKey = "secret" }, { $0.allowedHosts = ["*"] }, { $0.corsOrigins = ["*"] },
        ] {
            try await TestServer.run(any) { server in
                let request = RawRequest.get(
                    "/v1/models", host: "example.org", fields: ["Authorization: Bearer secret"])
                let reply = try await server.reply(to: request)
                #expect(reply.status == 200, "\(reply)")
            }
        }
    }

    @Test("A browser that does not say how sites relate does not get another site's page in either")
    func oldBrowsers() async throws {
        func post(_ origin: String, _ fields: [String] = []) -> String {
            RawRequest.post(fields: ["Content-Type: text/plain", "Origin: \(origin)"] + fields)
        }
        func json(_ origin: String, _ fields: [String] = []) -> String {
            RawRequest.post(fields: ["Content-Type: application/json", "Origin: \(origin)"] + fields)
        }
        try await TestServer.run { server in
            for origin in ["http://evil.example", "null", "file://", "http://localhost.evil.example"] {
                let reply = try await server.reply(to: post(origin))
                #expect(reply.status == 403 && reply.error["code"] as? String == "origin", "\(origin): \(reply)")
            }
            #expect(server.engine.requests.isEmpty)
            for origin in ["http://localhost:\(server.port)", "https://localhost"] {
                #expect(try await server.reply(to: json(origin)).status == 200)
            }
            // Behind a proxy that does not pass Host on, the browser's word counts.
            let passed = json("https://chat.example.org", ["Sec-Fetch-Site: same-origin"])
            #expect(try await server.reply(to: passed).status == 200)
        }
        try await TestServer.run {
            $0.apiKey = "secret"
        } _: { server in
            let keyed = json("app://obsidian.md", ["Authorization: Bearer secret"])
            let reply = try await server.reply(to: keyed)
            #expect(reply.status == 200, "\(reply)")
        }
    }

    @Test("Pages of the origins that are let in may send what their client sends, and read what it needs")
    func preflights() async throws {
        try await TestServer.run {
            $0.corsOrigins = ["http://localhost:5173", "https://b.example"]
            $0.apiKey = "secret"
        } _: { server in
            let wanted = "authorization,content-type,x-stainless-os,x-stainless-retry-count"
            for origin in ["http://localhost:5173", "https://b.example", "https://evil.example"] {
                let fields = [
                    "Origin: \(origin)", "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Headers: \(wanted)", "Access-Control-Request-Private-Network: true",
                ]
                let isLetIn = !origin.contains("evil")
                for path in ["/v1/chat/completions", "/nowhere"] {
                    let reply = try await server.reply(to: RawRequest.get(path, method: "OPTIONS", fields: fields))
                    #expect(reply.status == 204)
                    #expect(reply.headers["access-control-allow-origin"] == (isLetIn ? origin : nil))
                    #expect(reply.headers["access-control-allow-headers"] == (isLetIn ? wanted : nil))
                    #expect(reply.headers["access-control-allow-private-network"] == (isLetIn ? "true" : nil))
                }
                let site = isLetIn ? "cross-site" : "same-site"
                let asked = try await server.get("/v1/models", headers: ["Origin": origin, "Sec-Fetch-Site": site])
                // An error can be read too.
                #expect(asked.status == 401 && asked.headers["access-control-allow-origin"] == (isLetIn ? origin : nil))
                let exposed = asked.headers["access-control-expose-headers"] ?? ""
                #expect(exposed.contains("Retry-After") == isLetIn && exposed.contains("X-Request-Id") == isLetIn)
            }
        }
    }
}
