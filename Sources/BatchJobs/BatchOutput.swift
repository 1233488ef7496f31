import Glibc
import OrderedJSON
import Platform
import Requests
import SystemPackage

/// Where a batch job's results go: standard output, or a file that a job started again goes on with.
struct BatchOutput: Sendable {
    private let descriptor: FileDescriptor
    /// nil for standard output.
    private let path: String?
    /// Whether it is a file that keeps what is written.
    private let isRegular: Bool

    /// Standard output.
    init() {
        descriptor = .standardOutput
        path = nil
        isRegular = false
    }

    /// The file at `path`, made where there is none.
    ///
    /// - Parameter input: What the job reads, which must be another file.
    init(path: String, reading input: FileDescriptor) throws(EngineError) {
        self.path = path
        do throws(Errno) {
            descriptor = try Errno.catching {
                try .open(
                    FilePath(path), .readWrite, options: [.create, .append, .closeOnExec],
                    permissions: FilePermissions(rawValue: 0o644))
            }
        } catch { throw Self.failure(path, error) }
        let status = Self.status(descriptor)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        guard isRegular else { return }
        let other = Self.status(input)
        if other.st_dev == status.st_dev, other.st_ino == status.st_ino {
            throw .usage("--prompts and --output are the same file; give the results one of their own")
        }
        if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw .badInput("another job is writing \(path); wait for it or choose another file")
        }
    }

    /// Lets others write the file.
    func close() {
        if path != nil { try? descriptor.close() }
    }

    /// Adds one line, newline and all, in one piece.
    func write(_ line: [UInt8]) throws(EngineError) {
        do { if path == nil { try StandardOutput.write(line) } else { try descriptor.writeWhole(line) } } catch {
            throw path.map { Self.failure($0, error) } ?? .failure("cannot write to standard output: \(error)")
        }
    }

    /// What an earlier job wrote. A last line that was torn when that job was killed is taken off.
    func readBack() throws(EngineError) -> FinishedLines {
        var finished = FinishedLines()
        guard isRegular, let path else { return finished }
        let reader = LineReader(descriptor, name: path)
        while let line = try reader.next() {
            if !line.isComplete {
                guard Self.mayBeResult(line.bytes) else { throw wrongFile(line.number) }
                do throws(Errno) { try Errno.catching { try descriptor.resize(to: Int64(line.offset)) } } catch {
                    throw Self.failure(path, error)
                }
            } else if let written = WrittenLine(line.bytes) {
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

    private static func status(_ descriptor: FileDescriptor) -> stat {
        var status = stat()
        fstat(descriptor.rawValue, &status)
        return status
    }

    private static func failure(_ path: String, _ error: Errno) -> EngineError {
        .badInput("cannot write \(path): \(error)")
    }
}

/// What matters of a line that an earlier job wrote.
private struct WrittenLine {
    let id: LineID
    let isResult: Bool

    /// nil where no job writes such a line.
    init?(_ bytes: [UInt8]) {
        guard let fields = JSONValue(parsing: bytes)?.object, let id = fields["id"].flatMap(LineID.init) else {
            return nil
        }
        self.id = id
        isResult = fields["ids"] != nil
        if !isResult, fields["error"]?.string == nil { return nil }
    }
}
