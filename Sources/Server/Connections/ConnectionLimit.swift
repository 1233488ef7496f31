import HummingbirdCore
import Logging

/// Lets so many connections in that the process can still open files; more wait in the system's queue until some end.
struct ConnectionLimit: AvailableConnectionsDelegate {
    private let most: Int
    private let logger: Logger
    private var count = 0
    private var hasWarned = false

    init(_ most: Int, _ logger: Logger) {
        self.most = most
        self.logger = logger
    }

    mutating func connectionOpened() {
        count += 1
        guard count >= most, !hasWarned else { return }
        hasWarned = true
        logger.warning("\(count) connections are open: more wait until some end; ulimit -n says how many there may be")
    }

    mutating func connectionClosed() { count -= 1 }

    func isAcceptingNewConnections() -> Bool { count < most }
}
