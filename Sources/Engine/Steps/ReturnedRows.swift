import Ring
import Transformer

/// The rows of the microbatch that came back last. Logits are computed when they are asked for, several rows at once, so
/// that nobody pays for those that nobody wants.
final class ReturnedRows {
    private let ends: any ModelEnds
    private let pipeline: Pipeline
    private let hiddenSize: Int
    /// `[wantsLogits.count, hiddenSize]`
    private var hidden: UnsafePointer<Float>?
    /// Of each row.
    private var wantsLogits: [Bool] = []
    /// The rows whose logits are computed.
    private var tileRows = 0..<0
    private var tile: LogitTile?
    /// Rows that were asked for since the trace was told of them last.
    private var unnotedCount = 0

    init(_ ends: any ModelEnds, _ pipeline: Pipeline, hiddenSize: Int) {
        self.ends = ends
        self.pipeline = pipeline
        self.hiddenSize = hiddenSize
    }

    /// Forgets what was before; the rows follow.
    func begin(_ hidden: UnsafePointer<Float>) {
        self.hidden = hidden
        wantsLogits.removeAll(keepingCapacity: true)
        tileRows = 0..<0
    }

    func append(count: Int, wantsLogits: Bool) {
        for _ in 0..<count { self.wantsLogits.append(wantsLogits) }
    }

    /// Hidden states `[hiddenSize]` of a row.
    func hiddenStates(_ row: Int) -> UnsafeBufferPointer<Float> {
        unnotedCount += 1
        return UnsafeBufferPointer(start: hidden! + row * hiddenSize, count: hiddenSize)
    }

    /// Logits `[vocabSize]` of a row, valid until those of another are asked for.
    func logits(_ row: Int) -> UnsafeBufferPointer<Float> {
        if !tileRows.contains(row) { compute(from: row) }
        unnotedCount += 1
        return tile![row - tileRows.lowerBound]
    }

    /// Tells the trace that the rows asked for have been dealt with.
    func note() {
        if unnotedCount > 0 { pipeline.note(.sample, rows: unnotedCount) }
        unnotedCount = 0
    }

    /// Computes the logits of `row` and those after it that somebody wants too.
    private func compute(from row: Int) {
        note()
        let most = min(row + OutputHead.tileRows, wantsLogits.count)
        let end = wantsLogits[row..<most].firstIndex(of: false) ?? most
        tileRows = row..<max(end, row + 1)
        tile = ends.logits(of: hidden! + row * hiddenSize, count: tileRows.count)
        pipeline.note(.head, rows: tileRows.count)
    }
}
