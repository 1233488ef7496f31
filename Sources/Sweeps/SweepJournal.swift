import FoundationEssentials
import Glibc
import ReportSchemas

/// The folder of a sweep: what it measures (`sweep.json`) and what became of each point (`points.jsonl`), a line as soon
/// as it is known, so that a sweep that was ended goes on where it was.
public struct SweepJournal: Sendable {
    public let folder: String
    /// What became of each point, the last word on each.
    public private(set) var records: [SweepPoint: SweepRecord] = [:]
    /// The lines of the last words, in no order.
    private var lines: [SweepPoint: String] = [:]

    private var path: String { "\(folder)/points.jsonl" }

    /// Opens the folder, or makes it.
    ///
    /// - Throws: Where it holds another sweep, or something that no sweep wrote.
    public init(folder: String, _ definition: SweepDefinition) throws(SweepError) {
        self.folder = folder
        try Self.make(folder)
        try Self.make(folder + "/logs")
        let definitionPath = "\(folder)/sweep.json"
        if let data = try Self.contents(of: definitionPath) {
            guard let other = try? JSONDecoder.forReports.decode(SweepDefinition.self, from: data) else {
                throw SweepError(.badInput, "\(definitionPath) does not describe a sweep; use another --output")
            }
            if let difference = definition.difference(from: other) {
                throw SweepError(
                    .usage,
                    "\(folder) holds another sweep: \(difference); repeat that command, or use another --output")
            }
        } else {
            try Self.replace(definitionPath, by: JSONLine.written(definition) + "\n")
        }
        try readBack()
    }

    /// The lines of `points` that have one, in their order.
    public func lines(of points: [SweepPoint]) -> [String] { points.compactMap { lines[$0] } }

    /// Notes what became of a point.
    mutating func append(_ line: SweepLine) throws(SweepError) -> SweepRecord {
        let text = try line.json()
        let record = try take(text)
        try Self.write(text + "\n", to: path, O_WRONLY | O_CREAT | O_APPEND)
        return record
    }

    /// Puts a file into the folder, whole or not at all.
    public func write(_ text: String, to name: String) throws(SweepError) {
        try Self.replace("\(folder)/\(name)", by: text)
    }

    private mutating func readBack() throws(SweepError) {
        guard let data = try Self.contents(of: path) else { return }
        var text = String(decoding: data, as: UTF8.self)
        // What was being written when the sweep was ended has no end of line.
        if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") {
            let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
            text = String(whole)
            try Self.replace(path, by: text)
        }
        for (index, line) in text.split(separator: "\n").enumerated() {
            do { _ = try take(String(line)) } catch {
                throw SweepError(
                    .badInput,
                    "line \(index + 1) of \(path) is no point of a sweep; take it out, or use another --output")
            }
        }
    }

    private mutating func take(_ line: String) throws(SweepError) -> SweepRecord {
        guard let record = try? JSONDecoder.forReports.decode(SweepRecord.self, from: Data(line.utf8)),
            record.error != nil || record.result != nil
        else { throw SweepError(.failure, "bench printed something that is no report") }
        records[record.point] = record
        lines[record.point] = line
        return record
    }
}

extension SweepJournal {
    private static func make(_ folder: String) throws(SweepError) {
        if mkdir(folder, 0o755) != 0, errno != EEXIST { throw failure("make", folder) }
    }

    /// nil where there is no such file.
    static func contents(of path: String) throws(SweepError) -> Data? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return data }
            data += buffer[..<count]
        }
    }

    private static func replace(_ path: String, by text: String) throws(SweepError) {
        try write(text, to: path + ".new", O_WRONLY | O_CREAT | O_TRUNC)
        if rename(path + ".new", path) != 0 { throw failure("write", path) }
    }

    private static func write(_ text: String, to path: String, _ flags: CInt) throws(SweepError) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func failure(_ verb: String, _ path: String) -> SweepError {
        SweepError(.badInput, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
