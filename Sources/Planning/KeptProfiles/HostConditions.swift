/// Under what a host was measured: its figures hold at another start where all of this is the same.
public struct HostConditions: Sendable, Hashable, Codable {
    public var processor: String
    /// Threads of each rank of the machine, ascending: they share its caches and its memory.
    public var threadsOfRanks: [Int]
    public var instructionSet: String
    /// The program that measured.
    public var build: String
    /// What was measured.
    public var work: ProbedWork
    /// How closely.
    public var effort: String
}
