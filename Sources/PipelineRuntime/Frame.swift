import MPI
import Microbatches

/// One message of the ring: a fixed header, the parts of a microbatch and its hidden states.
///
///     offset 0            header, 64 bytes, little-endian fields of ``FrameHeader``
///     offset 64           operationCount × 16 bytes of ``KVOperation``
///     after them          spanCount × 16 bytes of ``Span``
///     next multiple of 64 rows × hiddenSize × FP32
///
/// A frame is moved, never copied: a stage computes on its payload in place and sends the same memory on.
public struct Frame: ~Copyable {
    var message: MessageBuffer

    /// Raised with every change of the layout; ranks compare it at start-up.
    public static let formatVersion: UInt32 = 3

    /// Takes over `message` as it was received.
    init(_ message: consuming MessageBuffer) { self.message = message }

    /// Makes `message` a frame with a zeroed header.
    init(emptying message: consuming MessageBuffer) {
        self.message = message
        header = FrameHeader(kind: .idle, runID: 0)
    }

    /// Gives the memory up.
    consuming func release() -> MessageBuffer { message }

    /// The bytes that a frame with so many operations, spans and rows needs.
    public static func byteCount(operations: Int, spans: Int, rows: Int, hiddenSize: Int) -> Int {
        payloadOffset(operations: operations, spans: spans) + rows * hiddenSize * MemoryLayout<Float>.stride
    }

    var header: FrameHeader {
        get { message.storage.load(as: FrameHeader.self) }
        set { message.storage.storeBytes(of: newValue, as: FrameHeader.self) }
    }

    /// Bytes of the whole message.
    var byteCount: Int { message.count }

    /// What the frame is for; nil unless it is one of run `runID` whose counts fit the message.
    func kind(runID: UInt64, hiddenSize: Int) -> FrameKind? {
        guard message.count >= FrameHeader.byteCount, header.runID == runID, let kind = header.kind else { return nil }
        let byteCount =
            switch kind {
            case .microbatch: byteCount(hiddenSize: hiddenSize)
            case .measure: Self.byteCount(of: StageTimes.self, count: Int(header.rowCount))
            case .hashes: Self.byteCount(of: UInt64.self, count: Int(header.rowCount))
            case .idle, .stop: FrameHeader.byteCount
            }
        return message.count == byteCount ? kind : nil
    }

    /// Changes of the block tables, to be made before the spans are computed.
    var operations: KVOperations {
        let start = message.storage.baseAddress! + FrameHeader.byteCount
        return KVOperations(
            start: start.assumingMemoryBound(to: KVOperation.self), count: Int(header.operationCount))
    }

    /// The spans, in the order of their rows.
    var spans: Spans {
        let offset = FrameHeader.byteCount + Int(header.operationCount) * MemoryLayout<KVOperation>.stride
        let start = message.storage.baseAddress! + offset
        return Spans(start: start.assumingMemoryBound(to: Span.self), count: Int(header.spanCount))
    }

    /// Hidden states `[rows, hiddenSize]`.
    var hidden: UnsafeMutablePointer<Float> {
        let offset = Self.payloadOffset(operations: Int(header.operationCount), spans: Int(header.spanCount))
        return (message.storage.baseAddress! + offset).assumingMemoryBound(to: Float.self)
    }

    /// Lays the frame out for `microbatch`; the hidden states are the caller's to fill.
    mutating func begin(_ microbatch: Microbatch, runID: UInt64, microbatchID: UInt64, hiddenSize: Int) {
        header = FrameHeader(
            kind: .microbatch, runID: runID, microbatchID: microbatchID,
            operationCount: UInt32(microbatch.operations.count), spanCount: UInt32(microbatch.spans.count),
            rowCount: UInt32(microbatch.rowCount))
        let start = message.storage.baseAddress! + FrameHeader.byteCount
        microbatch.operations.withUnsafeBytes { start.copyMemory(from: $0) }
        microbatch.spans.withUnsafeBytes { (start + microbatch.operations.byteCount).copyMemory(from: $0) }
        message.count = byteCount(hiddenSize: hiddenSize)
    }

    /// Makes the frame a message without hidden states.
    mutating func begin(_ kind: FrameKind, runID: UInt64) {
        header = FrameHeader(kind: kind, runID: runID)
        message.count = FrameHeader.byteCount
    }

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

    /// Keeps only the rows that want logits, closed up at the start of the payload: what the last stage sends home.
    mutating func keepLogitRows(hiddenSize: Int) {
        let hidden = hidden
        var row = 0
        var kept = 0
        for span in spans {
            row += Int(span.count - span.logitRows)
            if row != kept {
                (hidden + kept * hiddenSize).update(
                    from: hidden + row * hiddenSize, count: Int(span.logitRows) * hiddenSize)
            }
            row += Int(span.logitRows)
            kept += Int(span.logitRows)
        }
        header.rowCount = UInt32(kept)
        message.count = byteCount(hiddenSize: hiddenSize)
    }

    /// Takes over another frame's bytes up to the hidden states, for a copy with hidden states of another width.
    mutating func copyHead(of other: borrowing Frame) {
        let isMicrobatch = other.header.kind == .microbatch
        message.count = isMicrobatch ? other.message.count - other.payloadByteCount : other.message.count
        message.storage.baseAddress!.copyMemory(from: other.message.storage.baseAddress!, byteCount: message.count)
    }

    /// Bytes from the hidden states on.
    var payloadByteCount: Int {
        message.count - Self.payloadOffset(operations: Int(header.operationCount), spans: Int(header.spanCount))
    }

    mutating func setPayload(byteCount: Int) {
        message.count =
            Self.payloadOffset(operations: Int(header.operationCount), spans: Int(header.spanCount)) + byteCount
    }

    /// The bytes of a microbatch with the counts of this header.
    private func byteCount(hiddenSize: Int) -> Int {
        Self.byteCount(
            operations: Int(header.operationCount), spans: Int(header.spanCount), rows: Int(header.rowCount),
            hiddenSize: hiddenSize)
    }

    private static func payloadOffset(operations: Int, spans: Int) -> Int {
        let end =
            FrameHeader.byteCount + operations * MemoryLayout<KVOperation>.stride + spans * MemoryLayout<Span>.stride
        return (end + 63) / 64 * 64
    }
}

extension Array {
    fileprivate var byteCount: Int { count * MemoryLayout<Element>.stride }
}

extension UnsafeMutableRawPointer {
    fileprivate func copyMemory(from source: UnsafeRawBufferPointer) {
        guard let start = source.baseAddress else { return }
        copyMemory(from: start, byteCount: source.count)
    }
}

/// What a frame is for.
enum FrameKind: UInt32 {
    /// Hidden states to compute on.
    case microbatch = 1
    /// No sequence runs any more: whoever waits may sleep.
    case idle = 2
    /// The run is over: pass it on and leave.
    case stop = 3
    /// Every stage writes down where its time went, and begins anew.
    case measure = 4
    /// Every stage puts down the hashes of its layers.
    case hashes = 5
}

/// The fixed start of every frame.
struct FrameHeader {
    static let byteCount = 64
    private static let magic: UInt32 = 0x4853_5447

    private var magic = Self.magic
    private var version = Frame.formatVersion
    var runID: UInt64
    var microbatchID: UInt64
    private var kindNumber: UInt32
    var operationCount: UInt32
    var spanCount: UInt32
    var rowCount: UInt32
    /// When the frame arrives, in an emulated run; see ``EmulatedLink``.
    var arrival: Int64 = 0
    /// The stage that writes down how long it has computed since the start; each microbatch asks another one.
    var reportingRank: UInt32 = 0
    private var reserved: UInt32 = 0
    /// Seconds.
    var busySeconds = 0.0

    init(
        kind: FrameKind, runID: UInt64, microbatchID: UInt64 = 0, operationCount: UInt32 = 0, spanCount: UInt32 = 0,
        rowCount: UInt32 = 0
    ) {
        self.runID = runID
        self.microbatchID = microbatchID
        kindNumber = kind.rawValue
        self.operationCount = operationCount
        self.spanCount = spanCount
        self.rowCount = rowCount
    }

    /// nil when the bytes are not a frame of this version.
    var kind: FrameKind? {
        magic == Self.magic && version == Frame.formatVersion ? FrameKind(rawValue: kindNumber) : nil
    }
}
