/// Where a stage's time went since it was last asked. The layout is fixed: a measure frame carries it.
public struct StageTimes: Sendable, Equatable, BitwiseCopyable {
    /// Seconds in layers and, on rank 0, in the embedding, the head and with what is done with logits.
    public internal(set) var compute = 0.0
    /// Seconds of waiting for a frame.
    public internal(set) var wait = 0.0
    /// Seconds of handing frames to the link.
    public internal(set) var send = 0.0

    public init() {}

    mutating func add(_ seconds: Double, to activity: Activity) {
        switch activity {
        case .wait: wait += seconds
        case .send: send += seconds
        case .compute, .embed, .head, .sample: compute += seconds
        }
    }
}
