import TestSupport
import Testing

/// What a request may say of its body.
@Suite("Forms of bodies")
struct BodyFormTests {
    static let taken = [
        "Content-Type: application/json", "Content-Type: Application/JSON; charset=UTF-8", "X: no type",
        "Content-Type: application/json;charset=\"utf-8\"", "Content-Type: application/vnd.api+json",
        "Content-Type: application/x-www-form-urlencoded", "Content-Encoding: identity",
    ]
    static let refused = [
        "Content-Type: text/plain", "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/xml",
        "Content-Type: application/json; charset=utf-16", "Content-Encoding: gzip",
    ]

    @Test("JSON is read, also where curl says that it is a form")
    func json() async throws {
        try await TestServer.run { server in
            for field in Self.taken {
                let reply = try await server.reply(to: RawRequest.post(fields: [field]))
                #expect(reply.status == 200, "\(field): \(reply)")
            }
        }
    }

    @Test("What cannot be read is refused with what could")
    func others() async throws {
        try await TestServer.run { server in
            let form = RawRequest.post(
                "/v1/completions", "prompt=a", fields: ["Content-Type: application/x-www-form-urlencoded"])
            for request in Self.refused.map({ RawRequest.post(fields: [$0]) }) + [form] {
                let reply = try await server.reply(to: request)
                #expect(reply.status == 415 && reply.headers["accept"] == "application/json", "\(reply)")
                #expect(reply.error["code"] as? String == "unsupported_media_type")
            }
            #expect(server.engine.requests.isEmpty)
        }
    }
}
