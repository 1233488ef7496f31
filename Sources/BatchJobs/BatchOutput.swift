import FoundationEssentials
import Glibc
import Platform
import Requests
import SystemPackage

/// What an output file already holds.
struct FinishedLines {
    var ids: Set<LineID> = []
    /// The lines, as they are written, of requests that could not be taken: such a line is not written twice.
    var failures: Set<[UInt8]> = []
}

/// Where a batch job's results go: standard output, or a file that a job started again goes on with.
struct BatchOutput: Sendable {
    private let descriptor: Int32
    /// nil for standard output.
    private let path: String?
    /// Whether it is a file that keeps what is written.
    private let isRegular: Bool

    /// Standard output.
    init() {
        descriptor = STDOUT_FILENO
        path = nil
        isRegular = false
    }

    /// The file at `path`, made where there is none.
    ///
    /// - Parameter input: What the job reads, which must be another file.
    init(path: String, reading input: Int32) throws(EngineError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0, let status = Self.status(descriptor) else { throw Self.failure(path) }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        guard isRegular else { return }
        if let other = Self.status(input), other.st_dev == status.st_dev, other.st_ino == status.st_ino {
            throw .usage("--prompts and --output are the same file; give the results one of their own")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw .badInput("another job is writing \(path); wait for it or choose another file")
        }
    }

    /// Adds one line, newline and all, in one piece.
    func write(_ line: [UInt8]) throws(EngineError) {
        do { try FileDescriptor(rawValue: descriptor).writeWhole(line) } catch {
            throw path.map { .badInput("cannot write \($0): \(error)") }
                ?? .failure("cannot write to standard output: \(error)")
        }
    }

    /// What an earlier job wrote. A last line that was torn when that job was killed is taken off.
    func readBack() throws(EngineError) -> FinishedLines {
        var finished = FinishedLines()
        guard isRegular, let path else { return finished }
        let reader = LineReader(descriptor: descriptor, name: path)
        while let line = try reader.next() {
            if !line.isComplete {
                guard Self.mayBeResult(line.bytes) else { throw wrongFile(line.number) }
                guard ftruncate(descriptor, line.offset) == 0 else { throw Self.failure(path) }
            } else if let written = try? JSONDecoder().decode(WrittenLine.self, from: Data(line.bytes)) {
                if written.isResult { finished.ids.insert(written.id) } else { finished.failures.insert(line.bytes) }
            } else {
                throw wrongFile(line.number)
            }
        }
        return finished
    }

    private static func mayBeResult(_ bytes: [UInt8]) -> Bool {
        ["{\"id\":", "{\"error\":"].contains { start in zip(bytes, start.utf8).allSatisfy { $0 == $1 } }
    }

    private func wrongFile(_ line: Int) -> EngineError {
        .badInput("line \(line) of \(path!) is no result of generate --prompts; choose another file for --output")
    }

    private static func status(_ descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    private static func failure(_ path: String) -> EngineError {
        .badInput("cannot write \(path): \(String(cString: strerror(errno)))")
    }
}

/// What matters of a line that an earlier job wrote.
private struct WrittenLine: Decodable {
    let id: LineID
    let isResult: Bool

    enum Keys: String, CodingKey { case id, ids, error }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        id = try container.decode(LineID.self, forKey: .id)
        isResult = container.contains(.ids)
        if !isResult { _ = try container.decode(String.self, forKey: .error) }
    }
}
