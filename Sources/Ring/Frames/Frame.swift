import MPI
import Microbatches

/// One message of the ring: a fixed header, the parts of a microbatch and its hidden states.
///
///     offset 0            header, 64 bytes, little-endian fields of ``FrameHeader``
///     offset 64           operationCount × 16 bytes of ``KVOperation``
///     after them          spanCount × 20 bytes of ``Span``
///     next multiple of 64 rows × hiddenSize × FP32
///
/// A frame is moved, never copied: a stage computes on its payload in place and sends the same memory on.
public struct Frame: ~Copyable {
    var message: MessageBuffer

    /// Raised with every change of the layout; ranks compare it at start-up.
    public static let formatVersion: UInt32 = 4

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
    public var byteCount: Int { message.count }

    /// What the frame says that it is for, whatever else it says; nil where it is none.
    var statedKind: FrameKind? { message.count >= FrameHeader.byteCount ? header.kind : nil }

    /// Whether it says that it carries hidden states to compute on.
    public var isMicrobatch: Bool { statedKind == .microbatch }

    /// What the frame is for; nil unless it is one of run `runID` whose counts fit the message.
    func kind(runID: UInt64, hiddenSize: Int) -> FrameKind? {
        guard let kind = statedKind, header.runID == runID else { return nil }
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

    /// Rows of hidden states.
    public var rowCount: Int { Int(header.rowCount) }

    /// The spans, in the order of their rows.
    public var spans: Spans {
        let offset = FrameHeader.byteCount + Int(header.operationCount) * MemoryLayout<KVOperation>.stride
        let start = message.storage.baseAddress! + offset
        return Spans(start: start.assumingMemoryBound(to: Span.self), count: Int(header.spanCount))
    }

    /// Hidden states `[rows, hiddenSize]`.
    public var hidden: UnsafeMutablePointer<Float> {
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
        message.count = other.isMicrobatch ? other.message.count - other.payloadByteCount : other.message.count
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
    func byteCount(hiddenSize: Int) -> Int {
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
