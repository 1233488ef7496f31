import EmulatedRing
import Planning
import Transformer

/// The ends of a model that is not there: the head takes as long as it would, and one token is always the likeliest.
final class EmulatedEnds: ModelEnds {
    private let cost: StageCost
    private let clock: EmulatedClock
    private let logits: UnsafeMutableBufferPointer<Float>

    /// - Parameter token: The likeliest one.
    init(cost: StageCost, clock: EmulatedClock, vocabSize: Int, token: Int) {
        self.cost = cost
        self.clock = clock
        logits = .allocate(capacity: vocabSize)
        logits.initialize(repeating: 0)
        logits[token] = 1
    }

    deinit { logits.deallocate() }

    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) {}

    func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile {
        clock.spend(cost.headSeconds(count))
        return LogitTile(logits.baseAddress!, vocabSize: logits.count, stride: 0)
    }
}
