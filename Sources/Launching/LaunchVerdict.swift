/// What a launch says of how its session ended, and its exit status.
public struct LaunchVerdict: Sendable, Equatable {
    public let status: Int32
    /// nil: the ranks said what there is to say.
    public let message: String?

    public init(_ end: SessionEnd) {
        guard end.killing != .outlivedItsRanks else {
            status = 70
            message = "mpirun could not reach a machine to end its ranks there, and was killed"
            return
        }
        status = end.program.status
        message =
            switch status {
            case 0, 64, 65, 70: nil
            case 137: "mpirun or a rank was killed"
            case 205: "mpirun lost touch with a machine; scripts/deploy --check HOSTFILE tells which"
            case _ where end.signal != nil: nil
            default:
                "mpirun ended with exit code \(status); the line above without -q says why, or scripts/deploy --check "
                    + "HOSTFILE"
            }
    }
}
