import MPI

/// A failure while the pipeline runs.
public enum PipelineError: Error, CustomStringConvertible {
    case mpi(MPIError)
    /// A frame that no stage of this run can have sent.
    case malformedFrame(from: Int)
    /// A hidden state stopped being finite in or before `layer`.
    case nonFinite(layer: Int)
    /// Nothing came round the ring although a microbatch is in flight.
    case silence(Duration, from: Int)

    public var description: String {
        switch self {
        case .mpi(let error): "\(error)"
        case .malformedFrame(let rank):
            "rank \(rank) sent a frame that is not of this run; start all ranks from one build"
        case .nonFinite(let layer):
            "hidden states are not finite after layer \(layer): the model file is damaged or its values overflow float32"
        case .silence(let time, let rank):
            "nothing heard from rank \(rank) for \(time.components.seconds) s while waiting to receive a microbatch; "
                + "raise --timeout if the stage is only slow"
        }
    }
}
