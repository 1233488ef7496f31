import Kernels
import ModelFiles
import Tensors

/// The end of the model, which rank 0 owns: final norm and output head turn hidden states into logits.
public final class OutputHead {
    private let norm: [Float]
    /// `[vocabSize, hiddenSize]`
    private let matrix: PackedMatrix
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
        norm = loader.vector(model.outputNorm)
        let head = model.outputHead
        matrix = try PackedMatrix(type: head.type, rows: head.rows, columns: head.columns)
        try loader.pack(head, into: matrix)
        epsilon = model.configuration.rmsNormEpsilon
        let float = MemoryLayout<Float>.stride
        normed = try AlignedMemory(byteCount: Self.tileRows * matrix.columns * float)
        quantized = try Activations(rowCapacity: 2 * Self.tileRows, columnCapacity: matrix.columns.roundedUp(to: 32))
        logits = try AlignedMemory(byteCount: 2 * Self.tileRows * matrix.rows * float)
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
            tile = (hidden + first * matrix.columns, rows)
            team.runPrepared(pass)
            tile = nil
            let output = logits.start.assumingMemoryBound(to: Float.self)
            for row in 0..<rows {
                try body(first + row, UnsafeBufferPointer(start: output + row * matrix.rows, count: matrix.rows))
            }
        }
    }

    /// Logits of the tile's rows; the remainders' part is added to them, as for all integer weights of fine precision.
    private func compute(_ worker: borrowing Worker) {
        guard let (hidden, rows) = tile else { return }
        let width = matrix.columns
        let normed = normed.start.assumingMemoryBound(to: Float.self)
        let output = logits.start.assumingMemoryBound(to: Float.self)
        for row in worker.share(of: rows) { normalize(hidden + row * width, into: normed + row * width, row, rows) }
        worker.barrier()
        let groups = worker.share(of: matrix.groupCount)
        guard matrix.type.isQuantized else {
            kernels.multiply(
                matrix, groups: groups, by: normed, stride: width, tokens: rows, into: output,
                outputStride: matrix.rows)
            return
        }
        kernels.multiply(
            matrix, groups: groups, by: quantized, tokens: 0..<2 * rows, into: output, outputStride: matrix.rows)
        let first = groups.lowerBound * PackedMatrix.groupRows
        let count = min(groups.upperBound * PackedMatrix.groupRows, matrix.rows) - first
        for row in 0..<rows {
            let logits = output + row * matrix.rows + first
            kernels.add(logits + rows * matrix.rows, to: logits, count: count)
        }
    }

    private func normalize(
        _ hidden: UnsafePointer<Float>, into normed: UnsafeMutablePointer<Float>, _ row: Int, _ rows: Int
    ) {
        kernels.rmsNorm(hidden, weight: norm, count: matrix.columns, epsilon: epsilon, into: normed)
        guard matrix.type.isQuantized else { return }
        quantized.quantize(normed, row: row, with: kernels)
        quantized.quantizeRemainder(of: normed, row: row, into: rows + row, scratch: normed, with: kernels)
    }
}
