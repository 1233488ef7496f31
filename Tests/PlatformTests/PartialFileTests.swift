import Foundation
import Platform
import TestSupport
import Testing

@Suite final class PartialFileTests {
    private let folder = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
    private var path: String { folder + "/file" }
    private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    @Test func nothingHasTheNameUntilAllIsThere() throws {
        try "old".write(toFile: path, atomically: false, encoding: .utf8)
        let file = try PartialFile(path: path)
        try file.append(Array("new ".utf8))
        try file.append([])
        #expect(names == ["file", "file.partial"] && file.position == 4)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try file.append(Array("text".utf8))
        try file.publish()
        #expect(names == ["file"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new text")
    }

    @Test func whatIsNotPublishedGoesAway() throws {
        do {
            let file = try PartialFile(path: path)
            try file.append([1, 2, 3])
            #expect(names == ["file.partial"])
        }
        #expect(names.isEmpty)
    }

    @Test func holesReadAsZeros() throws {
        let file = try PartialFile(path: path)
        try file.append([7])
        try file.extend(to: 3)
        #expect(file.position == 3)
        try file.publish()
        #expect(FileManager.default.contents(atPath: path) == Data([7, 0, 0]))
    }

    @Test func whatFollowsAHoleStandsBehindIt() throws {
        let file = try PartialFile(path: path)
        try file.append([7])
        try file.extend(to: 3)
        try file.append([8, 9])
        #expect(file.position == 5)
        try file.publish()
        #expect(FileManager.default.contents(atPath: path) == Data([7, 0, 0, 8, 9]))
    }

    @Test func whatIsNoPlaceForAFileIsRefused() throws {
        #expect(throws: PartialFile.Problem.notRegular) { try PartialFile(path: self.folder) }
        #expect(throws: PartialFile.Problem.notRegular) { try PartialFile(path: "/dev/null") }
        #expect(throws: PartialFile.Problem.system(.noSuchFileOrDirectory)) {
            try PartialFile(path: TestFiles.absent("file"))
        }
        #expect(names.isEmpty)
    }
}
