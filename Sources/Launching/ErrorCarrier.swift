import Glibc
import Platform
import Synchronization
import SystemPackage

/// Carries what a session says on stderr to ours, or to a file, without what its launcher says.
final class ErrorCarrier: Sendable {
    /// What the session gets as its stderr; closed once it has it.
    let input: FileDescriptor
    private let source: FileDescriptor
    private let output: FileDescriptor
    private let speech: Mutex<LauncherSpeech>
    private let isOver = Atomic(false)

    init(_ speech: LauncherSpeech, to output: FileDescriptor) throws(LaunchError) {
        self.output = output
        self.speech = Mutex(speech)
        do {
            (source, input) = try FileDescriptor.pipe(options: .closeOnExec)
            _ = try BackgroundThread { [self] in carry() }
        } catch {
            throw .failure("cannot set up the messages of ranks: \(error)")
        }
    }

    /// What the launcher said, once the session has ended. Who else of it still could say something has a moment to end.
    func finish() -> LauncherSaid {
        for _ in 0..<300 where !isOver.load(ordering: .acquiring) { usleep(1000) }
        let (rest, said) = speech.withLock { ($0.finish(), $0.said) }
        try? output.writeWhole(rest)
        return said
    }

    /// Returns when nobody has the other end any more.
    private func carry() {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while let count = try? buffer.withUnsafeMutableBytes({ try source.readSome(into: $0) }), count > 0 {
            let passed = speech.withLock { $0.take(buffer[..<count]) }
            // What cannot be said is left unsaid.
            try? output.writeWhole(passed)
        }
        try? source.close()
        isOver.store(true, ordering: .releasing)
    }
}
