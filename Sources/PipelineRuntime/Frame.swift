import MPI
import Transformer

/// One message of the ring: a fixed header, the spans of a microbatch and its hidden states.
///
///     offset 0            header, 64 bytes, little-endian fields of ``FrameHeader``
///     offset 64           spanCount × 16 bytes of ``Span``
///     next multiple of 64 rows × hiddenSize × FP32
///
/// A frame is moved, never copied: a stage computes on its payload in place and sends the same memory on.
public struct Frame: ~Copyable {
    var message: MessageBuffer

    /// Raised with every change of the layout; ranks compare it at start-up.
    public static let formatVersion: UInt32 = 1

    /// Takes over `message` as it was received.
    init(_ message: consuming MessageBuffer) { self.message = message }

    /// Makes `message` a frame with a zeroed header.
    init(emptying message: consuming MessageBuffer) {
        self.message = message
        header = FrameHeader(kind: .idle, runID: 0, microbatchID: 0, spanCount: 0, rowCount: 0)
    }

    /// Gives the memory up.
    consuming func release() -> MessageBuffer { message }

    /// The bytes that a frame with so many spans and rows needs.
    public static func byteCount(spans: Int, rows: Int, hiddenSize: Int) -> Int {
        payloadOffset(spans: spans) + rows * hiddenSize * MemoryLayout<Float>.stride
    }

    var header: FrameHeader {
        get { message.storage.load(as: FrameHeader.self) }
        set { message.storage.storeBytes(of: newValue, as: FrameHeader.self) }
    }

    /// What the frame is for; nil unless it is one of run `runID` whose counts fit the message.
    func kind(runID: UInt64, hiddenSize: Int) -> FrameKind? {
        guard message.count >= FrameHeader.byteCount, header.runID == runID, let kind = header.kind else { return nil }
        let (spans, rows) = (Int(header.spanCount), Int(header.rowCount))
        let byteCount =
            switch kind {
            case .microbatch: Self.byteCount(spans: spans, rows: rows, hiddenSize: hiddenSize)
            case .measure: Self.byteCount(measuring: rows)
            case .idle, .stop: FrameHeader.byteCount
            }
        return message.count == byteCount ? kind : nil
    }

    /// The spans, in the order of their rows.
    var spans: Spans {
        let start = message.storage.baseAddress! + FrameHeader.byteCount
        return Spans(start: start.assumingMemoryBound(to: Span.self), count: Int(header.spanCount))
    }

    /// Hidden states `[rows, hiddenSize]`.
    var hidden: UnsafeMutablePointer<Float> {
        let offset = Self.payloadOffset(spans: Int(header.spanCount))
        return (message.storage.baseAddress! + offset).assumingMemoryBound(to: Float.self)
    }

    /// Lays the frame out for a microbatch of `spans`; the hidden states are the caller's to fill.
    mutating func begin(
        _ spans: some Collection<Span>, runID: UInt64, microbatchID: UInt64, hiddenSize: Int
    ) {
        let rows = spans.reduce(0) { $0 + Int($1.count) }
        header = FrameHeader(
            kind: .microbatch, runID: runID, microbatchID: microbatchID, spanCount: UInt32(spans.count),
            rowCount: UInt32(rows))
        let start = message.storage.baseAddress! + FrameHeader.byteCount
        for (index, span) in spans.enumerated() {
            start.storeBytes(of: span, toByteOffset: index * MemoryLayout<Span>.stride, as: Span.self)
        }
        message.count = Self.byteCount(spans: spans.count, rows: rows, hiddenSize: hiddenSize)
    }

    /// Makes the frame a message without hidden states.
    mutating func begin(_ kind: FrameKind, runID: UInt64) {
        header = FrameHeader(kind: kind, runID: runID, microbatchID: 0, spanCount: 0, rowCount: 0)
        message.count = FrameHeader.byteCount
    }

    /// Makes the frame a question to every stage for its times.
    mutating func beginMeasure(stageCount: Int, runID: UInt64) {
        header = FrameHeader(
            kind: .measure, runID: runID, microbatchID: 0, spanCount: 0, rowCount: UInt32(stageCount))
        message.count = Self.byteCount(measuring: stageCount)
        stageTimes.initialize(repeating: StageTimes())
    }

    /// A measure frame's times, by rank.
    var stageTimes: UnsafeMutableBufferPointer<StageTimes> {
        let start = message.storage.baseAddress! + FrameHeader.byteCount
        return UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: StageTimes.self), count: Int(header.rowCount))
    }

    /// The bytes that a measure frame needs.
    public static func byteCount(measuring stageCount: Int) -> Int {
        FrameHeader.byteCount + stageCount * MemoryLayout<StageTimes>.stride
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
        message.count = Self.byteCount(spans: spans.count, rows: kept, hiddenSize: hiddenSize)
    }

    private static func payloadOffset(spans: Int) -> Int {
        (FrameHeader.byteCount + spans * MemoryLayout<Span>.stride + 63) / 64 * 64
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
    var spanCount: UInt32
    var rowCount: UInt32
    private var reserved: (UInt64, UInt64, UInt64) = (0, 0, 0)

    init(kind: FrameKind, runID: UInt64, microbatchID: UInt64, spanCount: UInt32, rowCount: UInt32) {
        self.runID = runID
        self.microbatchID = microbatchID
        kindNumber = kind.rawValue
        self.spanCount = spanCount
        self.rowCount = rowCount
    }

    /// nil when the bytes are not a frame of this version.
    var kind: FrameKind? {
        magic == Self.magic && version == Frame.formatVersion ? FrameKind(rawValue: kindNumber) : nil
    }
}
