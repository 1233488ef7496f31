/// Reads a GGUF header front to back and never past the end: every length is checked before it is used.
struct GGUFCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    /// What brings the bytes; nil: they are all there.
    private let source: GGUFHeaderBytes?

    init(_ bytes: UnsafeRawBufferPointer, from source: GGUFHeaderBytes? = nil) {
        self.bytes = bytes
        self.source = source
    }

    var remaining: Int { bytes.count - position }

    /// The next little-endian integer; `item` names it in errors.
    mutating func integer<T: FixedWidthInteger>(
        _ item: @autoclosure () -> String, as type: T.Type = T.self
    ) throws(ModelFileProblem) -> T {
        let range = try skip(MemoryLayout<T>.size, item())
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }

    /// Steps over `count` bytes and says which they were.
    mutating func skip(_ count: Int, _ item: @autoclosure () -> String) throws(ModelFileProblem) -> Range<Int> {
        guard count <= remaining else { throw .truncated(item: item(), position: position, size: bytes.count) }
        try source?.fill(upTo: position + count)
        defer { position += count }
        return position..<position + count
    }

    /// Steps over a string (a 64-bit length and its bytes); the range is that of its bytes.
    mutating func string(_ item: @autoclosure () -> String) throws(ModelFileProblem) -> Range<Int> {
        let start = position
        let length: UInt64 = try integer(item())
        guard length <= UInt64(remaining) else {
            throw .impossibleCount(item: "bytes of text for \(item())", count: length, position: start)
        }
        return try skip(Int(length), item())
    }

    /// A string that must be short printable ASCII.
    mutating func name(_ item: @autoclosure () -> String, longest: Int) throws(ModelFileProblem) -> String {
        let range = try string(item())
        let name = UnsafeRawBufferPointer(rebasing: bytes[range])
        if let reason = GGUFLimits.problem(inName: name, longest: longest) {
            throw .invalidName(item: "\(item()) at byte \(range.lowerBound)", reason: reason)
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// A number of things that take at least `smallestSize` bytes each.
    mutating func count(_ item: @autoclosure () -> String, smallestSize: Int) throws(ModelFileProblem) -> Int {
        let start = position
        let count: UInt64 = try integer("the number of \(item())")
        guard count <= UInt64(remaining / smallestSize) else {
            throw .impossibleCount(item: item(), count: count, position: start)
        }
        return Int(count)
    }
}

extension GGUFCursor {
    /// Steps over one value of `type`, looking into every string and array; the range is that of its bytes.
    mutating func value(_ type: GGUFValueType, key: String, depth: Int = 0) throws(ModelFileProblem) -> Range<Int> {
        let start = position
        switch type {
        case .string: _ = try string("the value of '\(key)'")
        case .array: try array(key: key, depth: depth + 1)
        case .bool: try bools(1, key: key)
        default: _ = try skip(type.fixedSize, "the value of '\(key)'")
        }
        return start..<position
    }

    mutating func valueType(key: String) throws(ModelFileProblem) -> GGUFValueType {
        let number: UInt32 = try integer("the value type of '\(key)'")
        guard let type = GGUFValueType(rawValue: number) else { throw .unknownValueType(key: key, number: number) }
        return type
    }

    private mutating func array(key: String, depth: Int) throws(ModelFileProblem) {
        guard depth <= GGUFLimits.arrayDepth else { throw .nestedTooDeep(key: key) }
        let type = try valueType(key: key)
        let count = try count("elements for '\(key)'", smallestSize: type.smallestSize)
        switch type {
        case .string: for _ in 0..<count { _ = try string("the value of '\(key)'") }
        case .array: for _ in 0..<count { try array(key: key, depth: depth + 1) }
        case .bool: try bools(count, key: key)
        default: _ = try skip(count * type.fixedSize, "the value of '\(key)'")
        }
    }

    private mutating func bools(_ count: Int, key: String) throws(ModelFileProblem) {
        let range = try skip(count, "the value of '\(key)'")
        guard bytes[range].allSatisfy({ $0 <= 1 }) else {
            throw .invalidValue(key: key, reason: "holds a truth value that is neither 0 nor 1")
        }
    }
}
