import FoundationEssentials
import Glibc
import Platform
import ReportSchemas
import SystemPackage

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
        try Self.append(text + "\n", to: path)
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
        if mkdir(folder, 0o755) != 0, errno != EEXIST { throw failure("make", folder, "\(Errno(rawValue: errno))") }
    }

    /// nil where there is no such file.
    static func contents(of path: String) throws(SweepError) -> Data? {
        do { return Data(try FilePath(path).contents()) } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw failure("read", path, "\(error)")
        }
    }

    private static func replace(_ path: String, by text: String) throws(SweepError) {
        do {
            let file = try PartialFile(path: path)
            try file.append(Array(text.utf8))
            try file.publish()
        } catch { throw failure("write", path, "\(error)") }
    }

    private static func append(_ text: String, to path: String) throws(SweepError) {
        do throws(Errno) {
            let file = try Errno.catching {
                try FileDescriptor.open(
                    FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
            }
            defer { try? file.close() }
            try file.writeWhole(Array(text.utf8))
        } catch { throw failure("write", path, "\(error)") }
    }

    private static func failure(_ verb: String, _ path: String, _ reason: String) -> SweepError {
        SweepError(.badInput, "cannot \(verb) \(path): \(reason)")
    }
}
