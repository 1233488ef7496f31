import Kernels
import ModelFiles
import Tensors

/// Packs tensors of a mapped file into memory, all threads at once, and gives the file's pages back as it goes, so
/// that a rank never holds two copies of its slice.
public final class WeightLoader {
    private let file: MappedFile
    private let team: ThreadTeam
    private let onProgress: (Int) -> Void

    /// - Parameter onProgress: Told how many bytes of the file have been packed since the last call.
    public init(file: MappedFile, team: ThreadTeam, onProgress: @escaping (Int) -> Void) {
        self.file = file
        self.team = team
        self.onProgress = onProgress
    }

    /// A vector widened to FP32.
    func vector(_ tensor: TensorView) -> [Float] {
        let values = [Float](unsafeUninitializedCapacity: tensor.columns) { buffer, count in
            dequantize(tensor.type, tensor.bytes.baseAddress!, count: tensor.columns, into: buffer.baseAddress!)
            count = tensor.columns
        }
        onProgress(tensor.bytes.count)
        return values
    }

    /// Fills `matrix` with what the file stores for `tensor`, strip by strip.
    func pack(_ tensor: TensorView, into matrix: PackedMatrix) {
        let groupByteCount = PackedMatrix.groupRows * tensor.type.byteCount(of: tensor.columns)
        let stripGroups = max(team.threadCount, Self.stripByteCount / groupByteCount)
        var first = 0
        while first < matrix.groupCount {
            let strip = first..<min(first + stripGroups, matrix.groupCount)
            let start = tensor.fileRange.lowerBound + strip.lowerBound * groupByteCount
            let packed = start..<min(start + strip.count * groupByteCount, tensor.fileRange.upperBound)
            file.prefetch(packed.upperBound..<min(packed.upperBound + packed.count, file.bytes.count))
            team.run { worker in
                let share = worker.share(of: strip.count)
                matrix.pack(
                    groups: strip.lowerBound + share.lowerBound..<strip.lowerBound + share.upperBound,
                    from: tensor.bytes.baseAddress!)
            }
            file.releasePages(in: packed)
            onProgress(packed.count)
            first = strip.upperBound
        }
    }

    /// Small enough that the file's resident pages never matter, large enough to keep all threads busy.
    private static let stripByteCount = 16 << 20
}
