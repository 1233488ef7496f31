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
    public let hosts: [String]
    /// What this rank gets of its host.
    public let hostShare: HostShare
    /// Names this run in every frame.
    public let runID: UInt64

    private var environment: Environment?
    var world: Communicator?
    /// Seconds of silence that mean death.
    let timeout: Double

    private init(
        _ environment: consuming Environment?, _ world: consuming Communicator?, timeout: Double
    ) throws(PipelineError) {
        self.timeout = timeout
        guard let communicator = world.take() else {
            rank = 0
            size = 1
            hostShare = .alone
            hosts = [Self.hostName]
            runID = Self.newRunID
            return
        }
        do {
            rank = communicator.rank
            size = communicator.size
            let limits = ProcessLimits()
            let host = try communicator.splitByHost()
            hostShare = HostShare(
                limits, among: try host.allgather(limits.encoded, waiting: .idle).map(ProcessLimits.init(decoding:)))
            hosts = try communicator.allgather(Array(Self.hostName.utf8), waiting: .idle).map {
                String(decoding: $0, as: UTF8.self)
            }
            runID = try communicator.broadcast(Self.newRunID, root: 0, waiting: .idle)
        } catch { throw .mpi(error) }
        self.environment = environment.take()
        self.world = consume communicator
    }

    /// Joins the ranks that mpirun or srun started with this one.
    ///
    /// - Parameter timeout: How long a rank listens for the one before it while a microbatch is in flight.
    public static func join(timeout: Double) throws(PipelineError) -> Cluster {
        guard Environment.isLaunched else { return try Cluster(nil, nil, timeout: timeout) }
        do {
            let environment = try Environment()
            let world = try environment.world().duplicate()
            return try Cluster(environment, world, timeout: timeout)
        } catch let error as MPIError { throw .mpi(error) } catch { throw error as! PipelineError }
    }

    /// Every rank's `bytes`, in rank order. Ranks that wait for slower ones sleep.
    public func exchange(_ bytes: [UInt8]) throws(PipelineError) -> [[UInt8]] {
        guard world != nil else { return [bytes] }
        do { return try world!.allgather(bytes, waiting: .idle) } catch { throw .mpi(error) }
    }

    /// Lends the communicator of all ranks.
    ///
    /// - Precondition: There is more than one rank.
    public func withWorld<Value: ~Copyable, Failure: Error>(
        _ body: (borrowing Communicator) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(world!)
    }

    /// Leaves MPI; every rank must come here.
    public func leave() throws(PipelineError) {
        do {
            try world.take()?.free()
            try environment.take()?.finalize()
        } catch { throw .mpi(error) }
    }

    /// Says that this rank is about to exit because something failed: messages under way are then left to MPI.
    public func declareFailure() { Environment.declareFailure() }

    /// Names the kernel that runs, whose clock all its processes share.
    public var bootID: String { SystemFile.read("/proc/sys/kernel/random/boot_id") ?? "" }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var newRunID: UInt64 { UInt64.random(in: 1 ... .max) }
}
