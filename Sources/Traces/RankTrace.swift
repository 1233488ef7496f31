/// One rank's part of a trace, as rank 0 gets it.
public struct RankTrace {
    public let rank: Int
    public let clock: ClockMap
    public let droppedCount: Int

    public init(rank: Int, clock: ClockMap, droppedCount: Int) {
        self.rank = rank
        self.clock = clock
        self.droppedCount = droppedCount
    }
}
