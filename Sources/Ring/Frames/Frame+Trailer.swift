/// What a link adds behind a frame for itself; the link of its kind at the other end takes it off before anyone looks at
/// the frame.
extension Frame {
    /// Bytes that a link with a trailer needs beside the largest frame.
    package static let trailerByteCount = MemoryLayout<Int64>.size

    /// Adds `value` behind the frame.
    ///
    /// - Precondition: The memory has ``trailerByteCount`` bytes to spare.
    package mutating func append(trailer value: Int64) {
        let end = message.count
        message.count = end + Self.trailerByteCount
        message.storage.storeBytes(of: value.littleEndian, toByteOffset: end, as: Int64.self)
    }

    /// Takes off what was added; nil where the frame is too short to have any.
    package mutating func removeTrailer() -> Int64? {
        guard message.count >= FrameHeader.byteCount + Self.trailerByteCount else { return nil }
        message.count -= Self.trailerByteCount
        return Int64(littleEndian: message.storage.loadUnaligned(fromByteOffset: message.count, as: Int64.self))
    }
}
