import Foundation
import ReportSchemas
import TestSupport
import Testing

/// The lines that a batch job wrote.
struct BatchLines {
    struct Line: Decodable {
        let id: String
        let ids: [Int32]?
        let text: String?
        let stopReason: String?
        let promptTokens: Int?
        let promptIds: [Int32]?
        let logitsHash: String?
        let error: String?
        let line: Int?

        enum Keys: String, CodingKey {
            case id, ids, text, error, line, stopReason, promptTokens, promptIds, logitsHash
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            id = try (try? container.decode(String.self, forKey: .id)) ?? "\(container.decode(Int.self, forKey: .id))"
            ids = try container.decodeIfPresent([Int32].self, forKey: .ids)
            text = try container.decodeIfPresent(String.self, forKey: .text)
            stopReason = try container.decodeIfPresent(String.self, forKey: .stopReason)
            promptTokens = try container.decodeIfPresent(Int.self, forKey: .promptTokens)
            promptIds = try container.decodeIfPresent([Int32].self, forKey: .promptIds)
            logitsHash = try container.decodeIfPresent(String.self, forKey: .logitsHash)
            error = try container.decodeIfPresent(String.self, forKey: .error)
            line = try container.decodeIfPresent(Int.self, forKey: .line)
        }
    }

    let all: [Line]
    var byID: [String: Line] { Dictionary(all.map { ($0.id, $0) }) { first, _ in first } }

    init(_ text: String) throws {
        all = try text.split(whereSeparator: \.isNewline).map {
            try JSONDecoder.forReports.decode(Line.self, from: Data($0.utf8))
        }
    }

    static func count(inFile path: String) -> Int {
        FileManager.default.contents(atPath: path)?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }
}

/// A folder for the files of one test.
final class BatchFolder {
    private let root = NSTemporaryDirectory() + "stagecoach-batch-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    func append(_ path: String, _ text: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}
