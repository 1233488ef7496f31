import Dispatch
import NIOCore
import Requests
import Synchronization
import SystemPackage

/// Whether the server listens; the engine's thread waits for it.
final class Listening: Sendable {
    private let outcome = Mutex<Result<Int, any Error>?>(nil)
    private let known = DispatchSemaphore(value: 0)

    func succeed(port: Int) { settle(.success(port)) }
    func fail(_ error: any Error) { settle(.failure(error)) }

    /// - Returns: The port, however often it is asked for.
    func wait() throws -> Int {
        known.wait()
        defer { known.signal() }
        return try outcome.withLock { $0! }.get()
    }

    private func settle(_ result: Result<Int, any Error>) {
        outcome.withLock { $0 = $0 ?? result }
        known.signal()
    }
}

extension EngineError {
    /// Why nobody can be listened to.
    init(listeningAs settings: ServerSettings, _ error: any Error) {
        let why: String
        switch error {
        case let error as IOError:
            switch Errno(rawValue: error.errnoCode) {
            case .addressInUse: why = "another program listens there; end it, or choose another --port"
            case .addressNotAvailable: why = "this machine has no such address"
            case .permissionDenied: why = "only the system's own programs may take this port; choose another --port"
            case let other: why = "\(other)"
            }
        case is SocketAddressError.UnknownHost, is SocketAddressError: why = "no address of that name is known"
        default: why = "\(error)"
        }
        self.init(.failure, "cannot listen on \(settings.authority(port: settings.port)): \(why)")
    }
}
