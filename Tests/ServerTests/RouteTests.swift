import TestSupport
import Testing

@testable import Server

/// Where requests go, and by which methods.
@Suite("Routes")
struct RouteTests {
    static let paths: [(String, Route?)] = [
        ("/v1/models", .models), ("/v1//models", .models), ("//v1/models/", .models), ("/models", .models),
        ("/v1/%6dodels", .models), ("/%76%31/models", .models), ("/v1/health", .health), ("/health/", .health),
        ("/chat/completions", .chat), ("/completions", .completions), ("/v1/tokenize", .tokenize), ("//", .page),
        ("/", .page), ("/v1/models/a", .model), ("/models/a/b", .model), ("/v1", nil), ("/v1/v1/models", nil),
        ("*", nil),
        ("/v1/./models", nil), ("/v2/models", nil), ("/Health", nil), ("/v1/%zzmodels", nil), ("/health%", nil),
    ]

    @Test("Paths lead to their routes however they are written", arguments: paths)
    func writtenForms(_ path: String, _ route: Route?) {
        #expect(RequestPath(path).route == route)
    }

    @Test("A model's name may hold slashes, and come encoded")
    func modelNames() {
        #expect(RequestPath("/v1/models/org/name").model == "org/name")
        #expect(RequestPath("/models/org%2Fname%20x").model == "org/name x")
        #expect(RequestPath("/v1/models/100%").model == "100%")
        #expect(RequestPath("/v1/models").model == "")
    }

    @Test("A model can be retrieved by its name; another one cannot")
    func retrieval() async throws {
        try await TestServer.run { server in
            for path in ["/v1/models/tiny", "/models/tiny", "/v1//models/t%69ny"] {
                let reply = try await server.get(path)
                #expect(reply.status == 200 && reply.object["id"] as? String == "tiny", "\(reply)")
                #expect(reply.object["object"] as? String == "model")
            }
            let reply = try await server.get("/v1/models/gpt-4o")
            #expect(reply.status == 404 && reply.error["code"] as? String == "model_not_found", "\(reply)")
        }
    }

    @Test("Without /v1, and for proxies as a whole URL, requests are answered as with it")
    func otherForms() async throws {
        try await TestServer.run { server in
            let chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"max_tokens\": 2}"
            let short = try await server.post("/chat/completions", chat)
            let long = try await server.post("/v1//completions?a=b", RawRequest.completion)
            #expect(short.status == 200 && long.status == 200, "\(short) \(long)")
            for target in ["http://localhost:\(server.port)/health", "https://[::1]/health?x", "http://localhost/"] {
                #expect(try await server.reply(to: RawRequest.get(target)).status == 200, "\(target)")
            }
        }
    }

    @Test("HEAD tells of every page what GET would, without it")
    func head() async throws {
        try await TestServer.run { server in
            for route in Route.allCases where route.method == .get {
                let path = route.path.replacing("{model}", with: "tiny")
                let whole = try await server.get(path)
                let connection = try await server.open(
                    RawRequest.get(path, method: "HEAD") + RawRequest.get("/health"))
                let replies = try await HTTPConnection.onThread {
                    (try connection.readReply(hasBody: false), try connection.readReply())
                }
                #expect(replies.0.status == 200, "\(path)")
                #expect(replies.0.headers["content-type"] == whole.headers["content-type"])
                // Numbers may have changed between the two.
                #expect(
                    route == .metrics || route == .status
                        || replies.0.headers["content-length"] == "\(whole.body.count)")
                #expect(replies.1.status == 200 && replies.1.text == "{\"status\":\"ok\"}", "\(replies.1)")
            }
        }
    }

    @Test("A method that a route does not take is refused with those that it does")
    func methods() async throws {
        try await TestServer.run { server in
            for method in ["PUT", "DELETE", "PATCH", "PROPFIND", "TRACE", "POST"] {
                let reply = try await server.reply(to: RawRequest.get("/v1/models", method: method))
                #expect(reply.status == 405 && reply.headers["allow"] == "GET, HEAD, OPTIONS", "\(reply)")
            }
            let reply = try await server.get("/v1/chat/completions")
            #expect(reply.status == 405 && reply.headers["allow"] == "POST, OPTIONS", "\(reply)")
        }
    }

    @Test("OPTIONS says what may be asked: proxies look so whether anybody is here, without a key")
    func options() async throws {
        try await TestServer.run {
            $0.apiKey = "secret"
        } _: { server in
            let known = [
                ("/", "GET, HEAD, OPTIONS"), ("/health", "GET, HEAD, OPTIONS"), ("*", "GET, HEAD, POST, OPTIONS"),
                ("http://localhost", "GET, HEAD, POST, OPTIONS"), ("/v1/chat/completions", "POST, OPTIONS"),
            ]
            for (path, allowed) in known {
                let reply = try await server.reply(to: RawRequest.get(path, method: "OPTIONS"))
                #expect(reply.status == 204 && reply.headers["allow"] == allowed, "\(path) \(reply)")
                #expect(reply.headers["content-length"] == nil)
            }
            let old = RawRequest.get("/", method: "OPTIONS", version: "1.0", host: nil)
            #expect(try await server.lastReply(to: old).status == 204)
            #expect(try await server.reply(to: RawRequest.get("/nowhere", method: "OPTIONS")).status == 404)
        }
    }
}
