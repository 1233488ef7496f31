import Glibc
import MPI
import Ring

/// All ranks of the launch; just this process when it was started alone, and then MPI is never initialised.
///
/// Only the thread that joined may use it.
public final class Cluster {
    public let rank: Int
    public let size: Int
    /// The hosts in the order of their ranks.
    public private(set) var hosts: [String]
    /// What this rank gets of its host.
    public private(set) var hostShare = HostShare.alone
    /// Names this run in every frame.
    public private(set) var runID: UInt64

    var environment: Environment?
    var world: Communicator?
    /// nil where this process was started alone.
    let rollCall: RollCall?
    let lastWords: LastWords
    /// Seconds of silence that mean death.
    let timeout: Double

    private init(
        _ environment: consuming Environment?, _ world: consuming Communicator?, timeout: Double, _ lastWords: LastWords
    ) throws(PipelineError) {
        self.timeout = timeout
        self.lastWords = lastWords
        hosts = [Self.hostName]
        runID = UInt64.random(in: 1 ... .max)
        guard let communicator = world.take() else {
            (rank, size, rollCall) = (0, 1, nil)
            return
        }
        (rank, size) = (communicator.rank, communicator.size)
        do {
            rollCall = RollCall(
                MPISignLink(try communicator.shared()), rank: communicator.rank, size: communicator.size,
                timeout: timeout)
        } catch { throw .mpi(error) }
        self.environment = environment.take()
        self.world = consume communicator
    }

    /// Joins the ranks that mpirun or srun started with this one.
    ///
    /// - Parameters:
    ///   - timeout: Seconds in which a rank that is well gives a sign of life.
    ///   - endRequest: By which somebody may ask for the end, until ``startIsOver()``; rank 0's.
    ///   - lastWords: What is said where one does not, or the end is asked for: the process ends then.
    public static func join(
        timeout: Double, endRequest: EndRequest? = nil, lastWords: LastWords = .none
    ) throws(PipelineError) -> Cluster {
        guard Environment.isLaunched else { return try Cluster(nil, nil, timeout: timeout, lastWords) }
        MPINetworks.prepare()
        do {
            let watch = LateCall.watch("MPI_Init", timeout: timeout, lastWords)
            let environment = try Environment()
            watch.stop()
            let world = try environment.world()
            let cluster = try Cluster(environment, world, timeout: timeout, lastWords)
            if cluster.rank == 0 { cluster.rollCall?.endRequest = endRequest }
            cluster.rollCall?.hosts = LaunchedHosts.all
            try cluster.meet()
            return cluster
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! PipelineError }
    }

    /// Learns who the others are, and whether this rank and the next one reach each other.
    private func meet() throws(PipelineError) {
        let limits = ProcessLimits()
        let own = RankIdentity(host: hosts[0], bootID: bootID, runID: runID, limits: limits.encoded)
        let identities = try exchange(own.encoded).map(RankIdentity.init)
        guard let first = identities[0], !identities.contains(where: { $0 == nil }) else {
            throw .malformedFrame(from: identities.firstIndex { $0 == nil }!)
        }
        hosts = identities.map { $0!.host }
        rollCall?.hosts = hosts
        rollCall?.haveMet = true
        runID = first.runID
        let neighbours = identities.compactMap { $0!.isOnHost(of: own) ? $0!.limits : nil }
        hostShare = HostShare(limits, among: neighbours.map(ProcessLimits.init(decoding:)))
        try greetNeighbours()
    }

    /// Every rank's `bytes`, in rank order. Ranks that wait for slower ones sleep.
    public func exchange(_ bytes: [UInt8]) throws(PipelineError) -> [[UInt8]] {
        guard let rollCall else { return [bytes] }
        return try orEnd { () throws(RunEnd) in try rollCall.exchange(bytes) }
    }

    /// Lends the communicator of all ranks.
    ///
    /// - Precondition: There is more than one rank.
    public func withWorld<Value: ~Copyable, Failure: Error>(
        _ body: (borrowing Communicator) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(world!)
    }

    /// What the ranks are about now, for messages: "the ranks load their layers".
    public func begin(_ activity: String) { rollCall?.activity = activity }

    /// From here on nobody may ask for the end here.
    public func startIsOver() { rollCall?.endRequest = nil }

    /// Leaves MPI; every rank must come here.
    public func leave() throws(PipelineError) {
        begin("the ranks leave")
        if let rollCall { try orEnd { () throws(RunEnd) in try rollCall.sayFarewell() } }
        let watch = LateCall.watch("MPI_Finalize", timeout: timeout, lastWords)
        defer { watch.stop() }
        do {
            try world.take()?.free()
            try environment.take()?.finalize(haveMet: true)
        } catch { throw .mpi(error) }
    }

    /// Says that this rank is about to exit because something failed: messages under way are then left to MPI.
    public func declareFailure() { Environment.declareFailure() }

    /// Names the kernel that runs, whose clock all its processes share.
    public var bootID: String { SystemFile.read("/proc/sys/kernel/random/boot_id") ?? "" }

    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What `body` gives; where the run has to end, this process does.
    func orEnd<Value>(_ body: () throws(RunEnd) -> Value) throws(PipelineError) -> Value {
        do { return try body() } catch {
            if case .mpi(let error) = error { throw .mpi(error) }
            end(error)
        }
    }
}
