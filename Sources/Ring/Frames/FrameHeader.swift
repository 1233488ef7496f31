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
