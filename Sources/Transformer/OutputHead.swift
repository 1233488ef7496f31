import Kernels
import ModelFiles
import Tensors

/// The end of the model, which rank 0 owns: final norm and output head turn hidden states into logits.
public final class OutputHead {
    private let norm: [Float]
    /// `[vocabSize, hiddenSize]`
    private let matrix: LayerMatrix
    private let epsilon: Float
    private let team: ThreadTeam
    private let kernels: KernelSet
    private let normed: AlignedMemory
    private let quantized: Activations
    private let logits: AlignedMemory

    /// What the team's threads do with a tile: made once, so that a token allocates nothing.
    private var pass: (borrowing Worker) -> Void = { _ in }
    /// The rows of the tile that is computed.
    private var tile: (hidden: UnsafePointer<Float>, rows: Int)?

    /// Rows turned into logits at once: bounds the memory that a vocabulary needs.
    public static let tileRows = 16

    public init(_ model: Model, team: ThreadTeam, kernels: KernelSet, loader: WeightLoader) throws {
        self.team = team
        self.kernels = kernels
        norm = try loader.vector(model.outputNorm)
        let head = model.outputHead
        let packed = try PackedMatrix(type: head.type, rows: head.rows, columns: head.columns)
        try loader.pack(head, into: packed)
        matrix = LayerMatrix(packed, .outputHead, model.configuration)
        epsilon = model.configuration.rmsNormEpsilon
        let float = MemoryLayout<Float>.stride
        normed = try AlignedMemory(byteCount: Self.tileRows * matrix.columns * float)
        let rows = Self.tileRows * matrix.precision.rowsPerRow
        quantized = try Activations(
            rowCapacity: rows, columnCapacity: matrix.columns.roundedUp(to: 32),
            scaleColumns: matrix.precision.scaleColumns)
        logits = try AlignedMemory(byteCount: rows * matrix.rows * float)
        pass = { [unowned self] worker in compute(worker) }
    }

    /// Calls `body` for each row of `hidden` `[count, hiddenSize]` in order, with its index and logits `[vocabSize]`.
    ///
    /// The logits are valid during the call only.
    public func forEachRow(
        of hidden: UnsafePointer<Float>, count: Int, _ body: (Int, UnsafeBufferPointer<Float>) throws -> Void
    ) rethrows {
        for first in stride(from: 0, to: count, by: Self.tileRows) {
            let rows = min(Self.tileRows, count - first)
            let tile = logits(of: hidden + first * matrix.columns, count: rows)
            for row in 0..<rows { try body(first + row, tile[row]) }
        }
    }

    /// The logits of `hidden` `[count, hiddenSize]`, of up to ``tileRows`` rows at once.
    public func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile {
        precondition((1...Self.tileRows).contains(count))
        tile = (hidden, count)
        team.runPrepared(pass)
        tile = nil
        return LogitTile(
            logits.start.assumingMemoryBound(to: Float.self), vocabSize: matrix.rows, stride: matrix.rows)
    }

    /// Logits of the tile's rows; the remainders' part is added to them, as for all integer weights of fine precision.
    private func compute(_ worker: borrowing Worker) {
        guard let (hidden, rows) = tile else { return }
        let width = matrix.columns
        let normed = normed.start.assumingMemoryBound(to: Float.self)
        let output = logits.start.assumingMemoryBound(to: Float.self)
        for row in worker.share(of: rows) { normalize(hidden + row * width, into: normed + row * width, row, rows) }
        worker.meet()
        multiply(normed, rows, into: output, matrix.columns(inShares: worker.share(of: matrix.shareCount)))
        worker.gather(Rows(output, width: matrix.rows))
    }

    private func multiply(
        _ normed: UnsafePointer<Float>, _ rows: Int, into output: UnsafeMutablePointer<Float>, _ columns: Range<Int>
    ) {
        let size = PackedMatrix.groupRows
        let groups = columns.lowerBound / size..<(columns.upperBound + size - 1) / size
        guard matrix.isQuantized else {
            kernels.multiply(
                matrix.packed, groups: groups, by: normed, stride: matrix.columns, tokens: rows, into: output,
                outputStride: matrix.rows)
            return
        }
        kernels.multiply(
            matrix.packed, groups: groups, by: quantized, tokens: 0..<matrix.productsPerRow * rows, into: output,
            outputStride: matrix.rows)
        guard matrix.productsPerRow > 1 else { return }
        for row in 0..<rows {
            let logits = output + row * matrix.rows + columns.lowerBound
            kernels.add(logits + rows * matrix.rows, to: logits, count: columns.count)
        }
    }

    private func normalize(
        _ hidden: UnsafePointer<Float>, into normed: UnsafeMutablePointer<Float>, _ row: Int, _ rows: Int
    ) {
        kernels.rmsNorm(hidden, weight: norm, count: matrix.columns, epsilon: epsilon, into: normed)
        guard matrix.isQuantized else { return }
        quantized.quantize(normed, row: row, with: kernels)
        guard matrix.precision.hasRemainder else { return }
        quantized.quantizeRemainder(of: normed, row: row, into: rows + row, scratch: normed, with: kernels)
    }
}
