import Kernels
import Planning
import Platform
import Tensors

/// Times the product of a matrix with rows as stages do it: packed weights that come from memory, all threads.
struct MatrixProbe {
    private let matrix: PackedMatrix
    private let activations: Activations
    private let floats: AlignedMemory
    private let output: AlignedMemory
    private let kernels: KernelSet
    private let team: ThreadTeam
    private let cold: ColdMemory

    private static let rowCounts = [1, 2, 4, 8, 16, 32, 128]
    /// With more rows arithmetic takes so long that it does not matter where weights come from.
    private static let mostColdRows = 8
    /// Products with many rows are timed on a part of the matrix whose output is no larger than this.
    private static let outputByteCount = 16 << 20

    /// - Parameter memory: Bytes that the rank may fill; nil: enough.
    init(
        type: ElementType, columns: Int, kernels: KernelSet, team: ThreadTeam, cold: ColdMemory, effort: ProbeEffort,
        memory: Int?
    ) throws {
        self.kernels = kernels
        self.cold = cold
        self.team = team
        let groupBytes = PackedMatrix.groupRows * type.byteCount(of: columns)
        let groups = max(team.threadCount, effort.weightByteCount(within: memory) / groupBytes)
        let matrix = try PackedMatrix(type: type, rows: groups * PackedMatrix.groupRows, columns: columns)
        self.matrix = matrix
        let rows = Self.rowCounts.last!
        activations = try Activations(rowCapacity: rows, columnCapacity: (columns + 31) / 32 * 32)
        floats = try AlignedMemory(byteCount: rows * columns * MemoryLayout<Float>.stride)
        output = try AlignedMemory(byteCount: max(Self.outputByteCount, matrix.rows * 8 * MemoryLayout<Float>.stride))

        let stored = UnsafeMutableRawPointer.allocate(byteCount: groupBytes, alignment: 64)
        defer { stored.deallocate() }
        var generator = RandomWeights(seed: 1, stream: 0)
        generator.fill(type, deviation: 0.02, count: PackedMatrix.groupRows * columns, into: stored)
        team.run { worker in
            for group in worker.share(of: matrix.groupCount) { matrix.pack(group: group, fromRows: stored) }
        }
        let x = floats.start.assumingMemoryBound(to: Float.self)
        for index in 0..<rows * columns { x[index] = Float(index * 7919 % 1009) / 504 - 1 }
        guard type.isQuantized else { return }
        for row in 0..<rows { activations.quantize(x + row * columns, row: row, with: kernels) }
    }

    /// Seconds for each weight by rows.
    func curve(_ effort: ProbeEffort) -> RowCurve {
        // The first look is short, and says how much of the matrix fits the time.
        var perProduct = time(groups: max(1, matrix.groupCount / 64), rows: 1)
        return RowCurve(
            Self.rowCounts.map { rows in
                let affordable = effort.seconds / (perProduct * Double(rows * PackedMatrix.groupRows * matrix.columns))
                let largest = output.bytes.count / (rows * PackedMatrix.groupRows * MemoryLayout<Float>.stride)
                let groups = min(matrix.groupCount, largest, max(team.threadCount, Int(min(affordable, 1e9))))
                let perWeight = effort.typical((0..<effort.repetitions).map { _ in time(groups: groups, rows: rows) })
                perProduct = perWeight / Double(rows)
                return RowCurve.Point(rows: Double(rows), seconds: perWeight)
            })
    }

    /// The same with weights from the last-level cache; as in `curve` where arithmetic takes longer anyway.
    func cachedCurve(_ curve: RowCurve, _ effort: ProbeEffort) -> RowCurve {
        let groupBytes = matrix.byteCount / matrix.groupCount
        let held = CacheProbe.leastByteCount(threadCount: team.threadCount) / groupBytes
        return RowCurve(
            curve.points.map { point in
                let rows = Int(point.rows)
                guard rows <= Self.mostColdRows else { return point }
                let affordable = effort.seconds / (point.seconds * Double(PackedMatrix.groupRows * matrix.columns))
                let groups = max(team.threadCount, min(matrix.groupCount, held, Int(min(affordable, 1e9))))
                let seconds = (0..<effort.repetitions).map { _ in time(groups: groups, rows: rows, cached: true) }
                return RowCurve.Point(rows: point.rows, seconds: effort.typical(seconds))
            })
    }

    /// Seconds for each weight of the second half of the first `groups` groups. The first half is a run-up: after other
    /// memory was read, a product takes a while until its weights come as fast as they do in the midst of a run.
    private func time(groups: Int, rows: Int, cached: Bool = false) -> Double {
        let half = cached ? groups : (groups + 1) / 2
        let stride = groups * PackedMatrix.groupRows
        if rows <= Self.mostColdRows, !cached {
            cold.evict(
                UnsafeRawBufferPointer(rebasing: matrix.bytes.prefix(matrix.byteCount / matrix.groupCount * groups)))
        }
        multiply(0..<half, rows: rows, outputStride: stride)
        var watch = Stopwatch()
        multiply(groups - half..<groups, rows: rows, outputStride: stride)
        return watch.lap() / Double(half * PackedMatrix.groupRows * matrix.columns)
    }

    private func multiply(_ groups: Range<Int>, rows: Int, outputStride: Int) {
        let out = output.start.assumingMemoryBound(to: Float.self)
        let x = floats.start.assumingMemoryBound(to: Float.self)
        team.run { worker in
            let part = worker.share(of: groups.count)
            let share = groups.lowerBound + part.lowerBound..<groups.lowerBound + part.upperBound
            if matrix.type.isQuantized {
                kernels.multiply(
                    matrix, groups: share, by: activations, tokens: 0..<rows, into: out, outputStride: outputStride)
            } else {
                kernels.multiply(
                    matrix, groups: share, by: x, stride: matrix.columns, tokens: rows, into: out,
                    outputStride: outputStride)
            }
        }
    }
}
