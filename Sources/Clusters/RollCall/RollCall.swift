import MPI
import Platform

/// How ranks know that all of them live, while no microbatch is in flight: as they start, load and leave.
///
/// Each rank gives rank 0 a sign of life now and then, and rank 0 gives one to each. Whatever a rank does, the thread that
/// owns MPI comes here again and again (long work is done by another one), so that a rank that waits for others, or works
/// slowly, is never a silent one. Rank 0 alone judges the others and speaks for all; where it falls silent itself, rank 1
/// says so a little later, and where rank 1 is gone with it, the next.
final class RollCall {
    let rank: Int
    let size: Int
    /// Seconds of silence that mean death.
    let timeout: Double
    /// Seconds between two signs of life.
    let interval: Double
    /// The hosts by rank, as far as they are known: the launcher may have told.
    var hosts: [String] = []
    /// Whether all ranks have met.
    var haveMet = false
    /// What the ranks are about, for messages.
    var activity = "the ranks meet"
    /// Rank 0's, where somebody may ask for the end.
    var endRequest: EndRequest?

    let link: any SignLink
    private let time: any TimeSource
    private(set) var attendance: Attendance
    private var lastLook: Duration
    private var secondsSinceSign = 0.0
    /// Rank 0's: what has come of an exchange.
    var parts: [Int: [UInt8]] = [:]
    /// The others': what came back.
    var whole: [UInt8]?
    /// Who has said farewell.
    private(set) var left: Set<Int> = []
    /// Whether this rank has: it says nothing more then.
    var hasSaidFarewell = false

    static let longestInterval = 5.0
    /// While it spins, a rank looks for what it waits for so often for each time that it looks for signs.
    private static let pollsPerLook = 16

    init(_ link: any SignLink, rank: Int, size: Int, timeout: Double, time: any TimeSource = MachineTime()) {
        (self.link, self.rank, self.size, self.timeout, self.time) = (link, rank, size, timeout, time)
        interval = min(timeout / 8, Self.longestInterval)
        attendance = Attendance(rankCount: size)
        lastLook = time.now
    }

    /// Whom this rank hears, and tells that it lives.
    var peers: Range<Int> { rank == 0 ? 1..<size : 0..<1 }

    /// Waits until `isDone`, which is asked before each look.
    ///
    /// - Parameter limit: Seconds after which it is too late, although all ranks live; nil for none.
    /// - Returns: Whether it was in time.
    @discardableResult
    func wait(
        _ policy: WaitPolicy = .idle, limit: Double? = nil, until isDone: () throws(MPIError) -> Bool
    ) throws(RunEnd) -> Bool {
        begin()
        var backoff = Backoff(policy)
        let pollsPerLook = policy == .yielding ? Self.pollsPerLook : 1
        var polls = 0
        while attendance.seconds <= limit ?? .infinity {
            do { if try isDone() { return true } } catch { throw .mpi(error) }
            polls += 1
            if polls % pollsPerLook == 0 {
                try look()
                try judge()
            }
            _ = backoff.pause()
        }
        return false
    }

    /// Begins to listen.
    func begin() {
        attendance.begin()
        let now = time.now
        secondsSinceSign += (now - lastLook).seconds
        lastLook = now
    }

    /// Takes in what has come, and gives signs of life where they are due.
    func look() throws(RunEnd) {
        let now = time.now
        let elapsed = (now - lastLook).seconds
        lastLook = now
        attendance.listen(for: elapsed)
        secondsSinceSign += elapsed
        do {
            if secondsSinceSign >= interval, !hasSaidFarewell {
                secondsSinceSign = 0
                // None is sent before the last has left, so that a dead rank is not sent ever more.
                for peer in peers where try link.hasSent(to: peer) { try send(.sign, to: peer) }
            }
            while let (sender, bytes) = try link.receive() {
                attendance.hear(sender)
                try take(RollCallMessage(decoding: bytes), from: sender)
            }
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! RunEnd }
    }

    func send(_ message: RollCallMessage, to rank: Int) throws(MPIError) { try link.send(message.encoded, to: rank) }

    private func take(_ message: RollCallMessage?, from sender: Int) throws(RunEnd) {
        switch message {
        case .part(let bytes): parts[sender] = bytes
        case .whole(let bytes): whole = bytes
        case .failure(let reason):
            if rank > 0 { throw .elsewhere }
            throw .failure("\(name(of: sender)): \(reason)")
        case .end: throw .asked
        case .farewell: left.insert(sender)
        case .sign, nil: break
        }
    }

    /// Whether somebody must have died, by what was heard, or wants the end.
    func judge() throws(RunEnd) {
        if let endRequest, endRequest.isMade { throw .asked }
        if rank == 0 {
            let listeners = peers.filter { !left.contains($0) }
            guard let worst = listeners.map(attendance.silence).max(), worst > timeout else { return }
            // Those that fell silent with it have given their last signs up to an interval later.
            let silent = listeners.filter { attendance.silence(of: $0) > timeout - 1.5 * interval }
            throw .failure(complaint(about: silent))
        } else if attendance.silence(of: 0) > timeout + patienceWithOthers {
            throw .failure(complaint(about: [0]))
        }
    }

    /// Seconds that this rank leaves it to others to say that rank 0 is silent: to rank 0 itself, which may say that this
    /// one is, and to those between.
    private var patienceWithOthers: Double { Double(rank) * min(timeout / 4, 2) }

    /// A rank with its host, where that is known.
    func name(of rank: Int) -> String { hosts.count != size ? "rank \(rank)" : "rank \(rank) on \(hosts[rank])" }
}
