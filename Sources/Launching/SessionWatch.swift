/// What a session does about signals, and about an mpirun that stays. It knows no clock and no process: instants are the time
/// since the session began.
struct SessionWatch {
    /// The time after which mpirun, told to end, is stuck: it hangs for good where a machine no longer answers it.
    static let patienceAfterSignal = Duration.seconds(10)
    /// The same once the ranks here have ended: then it has nothing to wait for but machines that no longer answer, or that
    /// are slow to give much memory back.
    static let patienceAfterRanks = Duration.seconds(20)
    /// How long mpirun may be stopped: ranks go on meanwhile, and nobody hears of them.
    static let patienceWhileStopped = Duration.seconds(20)

    let rules: SessionRules
    /// How often the session was asked to end gently.
    private(set) var timesAsked = 0
    /// Whether it was told to end.
    private(set) var isToldToEnd = false
    private(set) var isOverLimit = false
    private var ranks: Set<Int32> = []
    private var stuckFrom: Duration?
    private var aloneFrom: Duration?
    private var stillFrom: Duration?
    private var asking: Set<Int32> = []
    private var isAsked = false
    private var mustAskAgain = false

    init(_ rules: SessionRules) { self.rules = rules }

    enum Order: Equatable {
        case send(Int32)
        /// mpirun and its children.
        case kill(SessionEnd.Killing)
    }

    /// A signal has come. A command with a gentle way to end is asked by it, up to twice; a third signal is for certain.
    /// Another one's second signal would make mpirun leave at once and its ranks behind.
    mutating func take(_ signal: Int32, at now: Duration) -> Order? {
        if let gentle = rules.gentleSignal, timesAsked < 2, !isToldToEnd {
            timesAsked += 1
            return .send(gentle)
        }
        return end(by: rules.endSignal ?? signal, at: now)
    }

    /// Time has passed.
    mutating func look(at now: Duration) -> Order? {
        if let limit = rules.limit, now >= limit, !isOverLimit, let signal = rules.endSignal {
            isOverLimit = true
            if let order = end(by: signal, at: now) { return order }
        }
        if mustAskAgain, let gentle = rules.gentleSignal {
            mustAskAgain = false
            return .send(gentle)
        }
        if isAsked { return .kill(.askedAtTerminal) }
        if let stillFrom, now >= stillFrom { return .kill(.stoodStill) }
        if let stuckFrom, now >= stuckFrom { return .kill(.stuck) }
        if let aloneFrom, now >= aloneFrom { return .kill(.outlivedItsRanks) }
        return nil
    }

    /// When to look again at the latest; nil: whenever.
    var nextLook: Duration? {
        [isOverLimit ? nil : rules.limit, stuckFrom, aloneFrom, stillFrom].compactMap { $0 }.min()
    }

    /// mpirun has these children now.
    ///
    /// - Parameter isRank: Asked until there are ranks.
    mutating func see(_ children: [Int32], at now: Duration, isRank: (Int32) -> Bool) {
        if ranks.isEmpty {
            ranks = Set(children.filter(isRank))
            // What it passed on before there were ranks reached nobody.
            mustAskAgain = !ranks.isEmpty && timesAsked > 0 && !isToldToEnd
        } else if aloneFrom == nil, ranks.isDisjoint(with: children) {
            aloneFrom = now + Self.patienceAfterRanks
        }
    }

    /// Whether mpirun is stopped now.
    mutating func see(isStopped: Bool, at now: Duration) {
        stillFrom = isStopped ? stillFrom ?? now + Self.patienceWhileStopped : nil
    }

    /// These of its children that are no ranks are stopped now: one that stays so waits for a terminal that it may not read.
    /// Where there are ranks, every machine has been reached.
    mutating func see(stopped agents: Set<Int32>) {
        isAsked = ranks.isEmpty && !asking.isDisjoint(with: agents)
        asking = agents
    }

    /// A launcher that has children as long as it has ranks has none.
    mutating func seeNobody(at now: Duration) { aloneFrom = aloneFrom ?? now + Self.patienceAfterRanks }

    private mutating func end(by signal: Int32, at now: Duration) -> Order? {
        guard !isToldToEnd else { return nil }
        isToldToEnd = true
        stuckFrom = now + Self.patienceAfterSignal
        return .send(signal)
    }
}
