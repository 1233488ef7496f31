/// Everything before a GGUF file's tensor data, walked once and checked. The reader takes it from a file, the writer checks
/// with it what it is about to write.
///
/// Layout: magic, version, tensor count, key count, keys with values, tensor table; all little endian. Memory taken is
/// proportional to the keys and tensors that are really there, never to a number that the file claims.
struct GGUFHeader {
    struct Entry {
        let key: String
        let type: GGUFValueType
        let range: Range<Int>
    }

    let version: UInt32
    let entries: [Entry]
    let alignment: Int
    let tensors: [GGUFTensor]
    let tensorIndex: [String: Int]
    /// Bytes of the header without padding.
    let byteCount: Int

    /// - Parameters:
    ///   - bytes: the header, and as much of what follows as there is.
    ///   - fileSize: the size of the whole file, which tensors must lie in.
    ///   - source: What brings the bytes as they are walked; nil: they are all there.
    init(
        _ bytes: UnsafeRawBufferPointer, fileSize: Int, from source: GGUFHeaderBytes? = nil
    ) throws(ModelFileProblem) {
        var cursor = GGUFCursor(bytes, from: source)
        version = try Self.preamble(&cursor)
        // A tensor's entry has at least a name of one byte, a dimension count, one dimension, a type and an offset.
        let tensorCount = try cursor.count("tensors", smallestSize: 8 + 1 + 4 + 8 + 4 + 8)
        let keyCount = try cursor.count("metadata keys", smallestSize: 8 + 1 + 4 + 1)
        entries = try Self.metadata(&cursor, count: keyCount)
        alignment = try Self.alignment(entries, bytes)
        let claims = try cursor.tensorClaims(count: tensorCount)
        byteCount = cursor.position
        let table = GGUFTensorTable(headerEnd: byteCount, fileSize: fileSize, alignment: alignment)
        (tensors, tensorIndex) = try table.resolve(claims)
    }

    /// Magic and version; the version of a big-endian file has its low half empty.
    private static func preamble(_ cursor: inout GGUFCursor) throws(ModelFileProblem) -> UInt32 {
        guard cursor.bytes.prefix(4).elementsEqual(GGUFLimits.magic) else {
            throw .notGGUF(looksLike: ForeignFormat.describe(cursor.bytes))
        }
        _ = try cursor.skip(4, "the magic number")
        let version: UInt32 = try cursor.integer("the version")
        if version & 0xFFFF == 0, version != 0 { throw .bigEndian }
        guard GGUFLimits.versions.contains(version) else { throw .unsupportedVersion(version) }
        return version
    }

    private static func metadata(_ cursor: inout GGUFCursor, count: Int) throws(ModelFileProblem) -> [Entry] {
        var entries: [Entry] = []
        var seen: Set<String> = []
        for index in 0..<count {
            let key = try cursor.name("metadata key number \(index)", longest: GGUFLimits.keyLength)
            let type = try cursor.valueType(key: key)
            let range = try cursor.value(type, key: key)
            guard seen.insert(key).inserted else { throw .duplicate(item: "metadata key '\(key)'") }
            entries.append(Entry(key: key, type: type, range: range))
        }
        return entries
    }

    private static func alignment(
        _ entries: [Entry], _ bytes: UnsafeRawBufferPointer
    ) throws(ModelFileProblem) -> Int {
        guard let entry = entries.first(where: { $0.key == "general.alignment" }) else {
            return GGUFLimits.defaultAlignment
        }
        guard let number = GGUFValue.integer(entry.type, bytes, at: entry.range.lowerBound), number >= 0 else {
            throw .invalidValue(key: entry.key, reason: "is no positive integer")
        }
        guard GGUFLimits.isValidAlignment(number) else { throw .invalidAlignment(number) }
        return number
    }
}
