import Microbatches

/// What the frames that a rank receives may hold.
///
/// All that a frame says of itself is checked here, before any of it is used as a count, an index or an address. What it
/// says of blocks and slots is checked against the tables of the KV cache, which change with each frame, just before it
/// is computed. It costs a look at each span, whatever the rows.
struct FrameRules {
    private let runID: UInt64
    private let hiddenSize: Int
    private let rowCapacity: Int
    private let contextLength: Int
    private let stageCount: Int
    /// The hashes that a frame collects; 0 where none are kept.
    private let hashCount: Int
    private let isLastHop: Bool

    /// - Parameter isLastHop: Whether frames have been through all stages, so that only rows that want logits are left.
    init(_ stage: any StageWork, stageCount: Int, runID: UInt64, isLastHop: Bool) {
        self.runID = runID
        self.stageCount = stageCount
        self.isLastHop = isLastHop
        hiddenSize = stage.configuration.hiddenSize
        rowCapacity = stage.rowCapacity
        contextLength = stage.cache.capacity.contextLength
        hashCount = stage.hashes.map { stage.configuration.layerCount * $0.positionCount } ?? 0
    }

    /// What a frame is for, which `rank` sent.
    ///
    /// - Throws: ``PipelineError/malformedFrame(from:)`` where no rank of this run sends such a frame.
    func check(_ frame: borrowing Frame, from rank: Int) throws(PipelineError) -> FrameKind {
        guard let kind = frame.kind(runID: runID, hiddenSize: hiddenSize), allows(frame, kind) else {
            throw .malformedFrame(from: rank)
        }
        return kind
    }

    private func allows(_ frame: borrowing Frame, _ kind: FrameKind) -> Bool {
        switch kind {
        case .microbatch: allowsMicrobatch(frame)
        case .measure: frame.rowCount == stageCount
        case .hashes: frame.rowCount == hashCount && hashCount > 0
        case .idle, .stop: true
        }
    }

    private func allowsMicrobatch(_ frame: borrowing Frame) -> Bool {
        guard frame.rowCount <= rowCapacity, frame.header.reportingRank < stageCount else { return false }
        var rows = 0
        for span in frame.spans {
            guard span.count > 0, span.firstPosition >= 0,
                Int(span.firstPosition) + Int(span.count) <= contextLength, (0...span.count).contains(span.logitRows)
            else { return false }
            rows += Int(isLastHop ? span.logitRows : span.count)
        }
        return rows == frame.rowCount
    }
}
