import ModelFiles
import Tensors

/// What the parts of a model cost on a host: seconds of computing, bytes on the wire.
///
/// A layer's matrices take what the host needs for each of their weights with so many rows; keys and values meet each row
/// twice. Attention takes time for each position that a row attends to and for reading the sequence's keys
/// and values; norms, activation functions and quantization for each of their elements; threads for each meeting.
public struct CostModel: Sendable, Equatable, Codable {
    public var shape: ModelShape
    /// How keys and values are kept.
    public var kvType: ElementType
    /// Bytes of a hidden state's element on the wire.
    public var wireBytesPerElement: Double
    /// The most rows of a microbatch.
    public var rowCapacity: Int

    /// Times that the threads of a rank meet in a layer.
    private static let meetingsPerLayer = 8.0

    /// - Parameter rowCapacity: nil: the model's.
    public init(
        _ shape: ModelShape, kvType: ElementType = .f16, wireBytesPerElement: Double = 4, rowCapacity: Int? = nil
    ) {
        self.shape = shape
        self.kvType = kvType
        self.wireBytesPerElement = wireBytesPerElement
        self.rowCapacity = rowCapacity ?? shape.rowCapacity
    }

    /// The cost of a stage that owns `layers`, and on rank 0 the output head.
    public func stage(_ layers: Range<Int>, hasHead: Bool, on host: HostProfile) -> StageCost {
        let bytes = shape.layers[layers].reduce(0) { $0 + $1.byteCount } + (hasHead ? shape.head.byteCount : 0)
        return stage(layers, hasHead: hasHead, on: host, cachedShare: host.cachedShare(ofBytes: Double(bytes)))
    }

    /// The same where the last-level cache has `cachedShare` of the weights when their turn comes.
    func stage(_ layers: Range<Int>, hasHead: Bool, on host: HostProfile, cachedShare: Double) -> StageCost {
        let shapes = shape.layers[layers]
        let count = Double(layers.count)
        // Each element of a query is multiplied with a key's, each of a probability's row with a value's.
        let products = Double(shape.size(.queries) + shape.size(.attended)) / 2
        let rows = RowCurve(upTo: rowCapacity) { rows in
            let matrices = shapes.reduce(0) { $0 + matrixSeconds($1.matrices, rows: rows, host, cachedShare) }
            return matrices + count * layerOverhead(rows: rows, host)
        }
        return StageCost(
            layerCount: layers.count, layers: rows, secondsPerAttended: count * products * host.attentionSeconds,
            secondsPerCached: count * secondsPerCached(host),
            head: hasHead ? RowCurve(upTo: rowCapacity) { headSeconds(rows: $0, host, cachedShare) } : nil,
            readSeconds: shapes.reduce(0) { $0 + Double($1.byteCount) } / host.readBandwidth,
            headReadSeconds: hasHead ? Double(shape.head.byteCount) / host.readBandwidth : 0, cachedShare: cachedShare)
    }

    /// The costs of all stages, by rank.
    public func stages(_ partition: Partition, on hosts: [HostProfile]) -> [StageCost] {
        var first = 0
        return hosts.indices.map { rank in
            defer { first += partition.layerCounts[rank] }
            return stage(first..<first + partition.layerCounts[rank], hasHead: rank == 0, on: hosts[rank])
        }
    }

    /// Bytes of a frame with so many rows.
    public func frameBytes(rows: Int) -> Int {
        128 + Int((Double(rows * shape.hiddenSize) * wireBytesPerElement).rounded())
    }

    /// Bytes of keys and values that one position has in one layer.
    public var cachedBytesPerPosition: Double {
        Double(shape.size(.keys) + shape.size(.values)) * kvType.bytesPerElement
    }

    private func secondsPerCached(_ host: HostProfile) -> Double {
        host.cachedSeconds.map { $0 * Double(shape.size(.keys) + shape.size(.values)) / 2 }
            ?? cachedBytesPerPosition / host.readBandwidth
    }

    private func matrixSeconds(
        _ matrices: [MatrixShape], rows: Double, _ host: HostProfile, _ cachedShare: Double
    ) -> Double {
        matrices.reduce(0) {
            $0 + Double($1.elementCount)
                * host.secondsPerWeight($1, rows: $1.rows(rows), cachedShare: cachedShare)
        }
    }

    /// Two norms, one of them finely quantized, rotation, keys and values, attention's output, two sums, the gates, and
    /// meetings.
    private func layerOverhead(rows: Double, _ host: HostProfile) -> Double {
        let heads = [Width.queries, .keys, .values, .attended].reduce(0) { $0 + shape.size($1) }
        let elements = 3 * shape.hiddenSize + heads + shape.intermediateSize
        let meetings = host.threads > 1 ? Self.meetingsPerLayer * host.barrierSeconds : 0
        return rows * Double(elements) * host.elementSeconds + meetings
    }

    /// The head takes 16 rows at once. Its logits are added up from two products and searched, which takes
    /// about as long as an element of a layer.
    private func headSeconds(rows: Double, _ host: HostProfile, _ cachedShare: Double) -> Double {
        let tile = 16.0
        let whole = (rows / tile).rounded(.down)
        func seconds(_ rows: Double) -> Double {
            rows > 0 ? matrixSeconds([shape.head], rows: rows, host, cachedShare) : 0
        }
        let elements = rows * Double(shape.hiddenSize + shape.vocabSize) * host.elementSeconds
        return whole * seconds(tile) + seconds(rows - whole * tile) + elements
    }
}
