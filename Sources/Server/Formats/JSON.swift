import Hummingbird
import ReportSchemas

/// JSON in requests and responses.
enum JSON {
    /// `value` with its keys in snake case.
    static func bytes(_ value: some Encodable) -> [UInt8] {
        // Only numbers that JSON has no word for can fail here, and none of ours is infinite.
        Array(((try? JSONLine.text(value)) ?? "{}").utf8)
    }

    static func response(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes(value))))
    }
}
