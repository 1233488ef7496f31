import MPI
import Ring

extension Cluster {
    /// Whom this rank hears in the ring.
    public var previousRank: Int { (rank + size - 1) % size }

    /// This stage's two ends of the ring.
    ///
    /// - Parameters:
    ///   - frameCapacity: Bytes of the largest frame, the same on all ranks.
    ///   - previousLayers: The layers of the rank before, for messages.
    ///   - longestStep: How long a rank that is well may give no sign of life, in seconds: it is not taken for dead
    ///     before, whatever the timeout.
    ///   - waitPolicy: How to wait while microbatches are in flight.
    public func makeLink(
        frameCapacity: Int, previousLayers: Range<Int>, longestStep: Double, waitPolicy: WaitPolicy = .yielding
    ) throws(PipelineError) -> any Link {
        guard size > 1 else { return LoopbackLink.ring(stageCount: 1, frameCapacity: frameCapacity)[0] }
        do {
            return try MPILink(
                try world!.shared(), notes: try world!.shared(), frameCapacity: frameCapacity,
                timeout: max(timeout, longestStep), waitPolicy: waitPolicy,
                previousStage: Self.name(of: previousRank, on: hosts[previousRank], layers: previousLayers),
                firstStage: "rank 0 on \(hosts[0])"
            ) { [unowned self] () throws(PipelineError) in try look() }
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! PipelineError }
    }

    /// A rank with its host and layers, as messages name it.
    public static func name(of rank: Int, on host: String, layers: Range<Int>) -> String {
        let owned =
            switch layers.count {
            case 0: "no layers"
            case 1: "layer \(layers.lowerBound)"
            default: "layers \(layers.lowerBound) to \(layers.upperBound - 1)"
            }
        return "rank \(rank) on \(host) (\(owned))"
    }
}
