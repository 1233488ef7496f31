import Foundation
import Testing

@testable import Tensors

@Suite struct RandomAccessFileTests {
    private let path = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"

    private func file(_ bytes: [UInt8]) throws -> RandomAccessFile {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        // Its clock may be no finer than what follows.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
        return try RandomAccessFile(path: path)
    }

    private func change(_ body: (FileHandle) throws -> Void) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try body(handle)
        try handle.close()
    }

    @Test func readsInPlaces() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try file(Array(0..<100))
        #expect(file.byteCount == 100)
        #expect(try file.bytes(10..<14) == [10, 11, 12, 13])
        #expect(try file.bytes(5..<5).isEmpty)
        #expect(try RandomAccessFile.contents(of: path) == Array(0..<100))
        file.prefetch(0..<100)
        try file.refuseChanges()
    }

    @Test func whatIsWrittenInPlaceIsNoticed() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try file(Array(0..<100))
        try change { try $0.write(contentsOf: [200]) }
        #expect(try file.bytes(0..<2) == [200, 1])
        #expect(throws: FileReadError(path: path, .changed)) { try file.refuseChanges() }
    }

    @Test func truncationIsAnError() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try file(Array(0..<100))
        try change { try $0.truncate(atOffset: 20) }
        #expect(throws: FileReadError(path: path, .changed)) { try file.bytes(10..<30) }
        #expect(throws: FileReadError(path: path, .changed)) { try file.refuseChanges() }
    }

    /// Whoever has the file open keeps it.
    @Test func aNewFileOfItsNameIsNoChange() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try file(Array(0..<100))
        try Data([1]).write(to: URL(fileURLWithPath: path), options: .atomic)
        #expect(try file.bytes(99..<100) == [99])
        try file.refuseChanges()
        try FileManager.default.removeItem(atPath: path)
        try file.refuseChanges()
    }

    @Test func whatIsNoFileIsRefused() {
        let absent = #expect(throws: FileReadError.self) { try RandomAccessFile(path: path) }
        #expect(absent?.isNoSuchFile == true && absent?.description.contains("cannot open \(path): No such") == true)
        let folder = #expect(throws: FileReadError.self) { try RandomAccessFile(path: "/") }
        #expect(folder?.isNoSuchFile == false && folder?.description == "cannot read /: Is a directory")
        #expect(throws: FileReadError.self) { try RandomAccessFile(path: "/dev/null") }
    }
}
