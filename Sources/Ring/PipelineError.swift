import MPI

/// A failure while the pipeline runs.
public enum PipelineError: Error, CustomStringConvertible {
    case mpi(MPIError)
    /// A frame that no stage of this run can have sent.
    case malformedFrame(from: Int)
    /// A hidden state stopped being finite in or before `layer`.
    case nonFinite(layer: Int)
    /// A rank gave no sign of life although a microbatch is in flight, or the ring is being left.
    case silence(seconds: Double, from: String, whileLeaving: Bool)
    /// Another rank has ended the run and said why, and the launcher has not ended this one.
    case failedElsewhere

    public var description: String {
        switch self {
        case .mpi(let error): "\(error)"
        case .malformedFrame(let rank):
            "rank \(rank) sent a frame that is not of this run; start all ranks from one build"
        case .nonFinite(let layer):
            "hidden states are not finite after layer \(layer): the model file is damaged or its values overflow float32"
        case .failedElsewhere: "the run failed on another rank"
        case .silence(let seconds, let stage, let isLeaving):
            "no sign of life from \(stage) for \(Int(seconds.rounded(.up))) s while "
                + (isLeaving ? "the ranks leave" : "waiting for a microbatch in MPI_Irecv")
                + ": that rank, its machine or the network between has stopped"
        }
    }
}
