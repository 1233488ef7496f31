/// Frames that ask every stage: in place of spans and hidden states they collect entries of one kind.
extension Frame {
    /// Makes the frame a question to every stage: `count` empty entries that the stages fill on its way.
    mutating func begin<Entry: BitwiseCopyable>(_ kind: FrameKind, runID: UInt64, empty: Entry, count: Int) {
        header = FrameHeader(kind: kind, runID: runID, rowCount: UInt32(count))
        message.count = Self.byteCount(of: Entry.self, count: count)
        entries(of: Entry.self).initialize(repeating: empty)
    }

    /// A measure frame's times, by rank.
    var stageTimes: UnsafeMutableBufferPointer<StageTimes> { entries(of: StageTimes.self) }

    /// The hashes that a frame collects: [layer][position].
    var hashes: UnsafeMutableBufferPointer<UInt64> { entries(of: UInt64.self) }

    private func entries<Entry: BitwiseCopyable>(of type: Entry.Type) -> UnsafeMutableBufferPointer<Entry> {
        let start = message.storage.baseAddress! + FrameHeader.byteCount
        return UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: type), count: Int(header.rowCount))
    }

    /// The bytes of a frame that collects `count` entries.
    static func byteCount<Entry: BitwiseCopyable>(of type: Entry.Type, count: Int) -> Int {
        FrameHeader.byteCount + count * MemoryLayout<Entry>.stride
    }

    /// The bytes of a frame that collects every stage's times.
    public static func byteCount(measuring stageCount: Int) -> Int {
        byteCount(of: StageTimes.self, count: stageCount)
    }

    /// The bytes of a frame that collects hashes of so many layers and positions.
    public static func byteCount(hashing layers: Int, positions: Int) -> Int {
        byteCount(of: UInt64.self, count: layers * positions)
    }
}
