import Microbatches
import TestSupport

@testable import Scheduling

/// Sequences of all kinds that a generator with a fixed seed makes up. Many begin alike, and many go on alike.
struct SimulatedWork {
    var random: FixedRandom
    let limits: SchedulerLimits
    let sequenceCount: Int
    private let promptLimit: Int
    /// A sequence arrives in one of so many steps, is cancelled in one of so many, and so on.
    let arrivalPace: Int
    let cancelPace: Int
    let holdPace: Int
    let returnPace: Int

    init(seed: Int) {
        random = FixedRandom(seed)
        let slots = [1, 2, 3, 8, 17].randomElement(using: &random)!
        let context = [64, 100, 128, 192, 300, 700].randomElement(using: &random)!
        var capacity = KVCapacity(slotCount: slots, contextLength: context)
        // The least that is allowed, the most that is useful, or between.
        let least = capacity.blocksPerSlot + 1
        capacity.blockCount = [least, least + 1, least + slots, capacity.blockCount + 1].randomElement(using: &random)!
        limits = SchedulerLimits(
            capacity: capacity, rowCapacity: [1, 7, 16, 64, 130, 1500].randomElement(using: &random)!,
            stageCount: .random(in: 1...4, using: &random),
            microbatches: random.isOne(in: 4) ? .random(in: 1...6, using: &random) : nil,
            prefillFactor: [1, 1.5, 3, 1000].randomElement(using: &random)!)
        sequenceCount = .random(in: 5...60, using: &random)
        promptLimit = random.isOne(in: 2) ? context : min(context, 30)
        arrivalPace = [1, 3, 20].randomElement(using: &random)!
        cancelPace = [7, 50, 100_000].randomElement(using: &random)!
        holdPace = [3, 100, 100_000].randomElement(using: &random)!
        returnPace = .random(in: 1...4, using: &random)
    }

    mutating func makeRequest() -> SequenceRequest {
        let most = promptLimit
        let lengths = [1, 2, 63, 64, 65, 128, most - 1, most, .random(in: 1...most, using: &random)]
        let length = min(lengths.randomElement(using: &random)!, most)
        let branch = random.isOne(in: 3) ? length : .random(in: 0...length, using: &random)
        var tokens: [Int32] = []
        for position in 0..<length { tokens.append(token(at: position, following: position < branch)) }
        return SequenceRequest(
            tokens: tokens, wantsAllRows: random.isOne(in: 10), reusesPrefix: !random.isOne(in: 6),
            adapter: random.isOne(in: 5) ? AdapterID(number: 1) : .none)
    }

    /// One of two tokens, or the one that most sequences have there.
    mutating func token(at position: Int, following: Bool) -> Int32 {
        following ? Int32(position * 7919 % 101) : .random(in: 200...201, using: &random)
    }

    /// How many tokens a sequence is given at once, where it has room for `room`.
    mutating func answerLength(upTo room: Int) -> Int {
        random.isOne(in: 6) ? .random(in: 1...min(room, 9), using: &random) : 1
    }

    mutating func nextToken(at position: Int) -> Int32 { token(at: position, following: !random.isOne(in: 40)) }

    /// How many tokens a sequence has in the end.
    mutating func finalCount(_ request: SequenceRequest) -> Int {
        let most = limits.capacity.contextLength
        return random.isOne(in: 4) ? most : .random(in: request.tokens.count...most, using: &random)
    }
}
