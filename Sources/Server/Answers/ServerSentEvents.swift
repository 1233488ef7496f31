import Hummingbird

/// The framing of server-sent events (HTML Living Standard, section 9.2).
enum ServerSentEvents {
    static let done = event(Array("[DONE]".utf8))
    /// A line that clients leave alone: a sign of life. An empty one after it would end an event, which some take for one
    /// without data.
    static let comment = ByteBuffer(string: ":\n")

    static func event(_ data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        append(data, to: &buffer)
        return buffer
    }

    /// - Parameter data: One line.
    static func append(_ data: [UInt8], to buffer: inout ByteBuffer) {
        buffer.writeString("data: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
    }
}
