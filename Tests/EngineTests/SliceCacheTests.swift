import Clusters
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Engine

/// Ranks and runs that use one folder of slices at the same time.
@Suite("Cache of slices")
struct SliceCacheTests {
    private static let piece = Delivery.pieceByteCount

    /// `count` pieces and a bit.
    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count * piece + 100).map { UInt8(truncatingIfNeeded: $0 / 4096 + $0) | 1 }
    }

    private func append(_ bytes: ArraySlice<UInt8>, to slice: IncomingSlice) throws {
        try Array(bytes).withUnsafeBytes { try slice.append($0) }
    }

    @Test("Two that fetch the same slice at once both get all of it")
    func sameSliceTwice() throws {
        let folder = try ScratchFolder()
        let whole = Self.bytes(3)
        let path = FilePath("\(folder.path)/slice.gguf")
        let first = try IncomingSlice(path: path, byteCount: whole.count)
        try append(whole[..<(2 * Self.piece)], to: first)
        let second = try IncomingSlice(path: path, byteCount: whole.count)
        try append(whole[(2 * Self.piece)...], to: first)
        try first.publish()
        #expect(try folder.contents("slice.gguf") == Data(whole))
        // The first run has it mapped by now; what the second one does must not change a byte of it.
        let mapped = try Data(contentsOf: URL(fileURLWithPath: path.string), options: .alwaysMapped)
        let third = try IncomingSlice(path: path, byteCount: whole.count)
        #expect(third.offset == 0)
        try append(whole[second.offset..<(second.offset + 10)], to: second)
        #expect(mapped == Data(whole))
        try append(whole[(second.offset + 10)...], to: second)
        try second.publish()
        #expect(mapped == Data(whole))
        #expect(try folder.contents("slice.gguf") == Data(whole))
    }

    @Test("What somebody is writing is not removed to make room")
    func livePartialStays() throws {
        let folder = try ScratchFolder()
        let whole = Self.bytes(2)
        let cache = SliceCache(folder: FilePath(folder.path), limit: whole.count)
        let slice = try IncomingSlice(path: FilePath("\(folder.path)/live.gguf"), byteCount: whole.count)
        try append(whole[..<Self.piece], to: slice)
        try folder.write(Data(count: 100), to: "left.gguf.partial")
        try cache.makeRoom(for: whole.count, keeping: FilePath("\(folder.path)/mine.gguf"))
        #expect(try folder.names == ["live.gguf.partial"])
        try append(whole[Self.piece...], to: slice)
        try slice.publish()
        #expect(try folder.contents("live.gguf") == Data(whole))
    }

    @Test("A complete slice stays while somebody is about to open it")
    func heldSliceStays() throws {
        let folder = try ScratchFolder()
        let cache = SliceCache(folder: FilePath(folder.path), limit: 1000)
        try folder.write(Data(count: 900), to: "held.gguf")
        #expect(cache.open(FilePath("\(folder.path)/held.gguf"), byteCount: 901) == nil)
        let held = try #require(cache.open(FilePath("\(folder.path)/held.gguf"), byteCount: 900))
        try cache.makeRoom(for: 500, keeping: FilePath("\(folder.path)/mine.gguf"))
        #expect(try folder.names == ["held.gguf"])
        try held.close()
        try cache.makeRoom(for: 500, keeping: FilePath("\(folder.path)/mine.gguf"))
        #expect(try folder.names.isEmpty)
    }

    @Test("A slice for one run only has no name, and is a file all the same")
    func temporary() throws {
        let folder = try ScratchFolder()
        let whole = Self.bytes(1)
        let slice = try IncomingSlice(temporaryIn: FilePath(folder.path), byteCount: whole.count)
        try append(whole[...], to: slice)
        try slice.publish()
        #expect(try folder.names.isEmpty)
        #expect(try Data(contentsOf: URL(fileURLWithPath: slice.path.string)) == Data(whole))
        slice.discard()
    }

    @Test("An interrupted transfer is gone on with")
    func resumed() throws {
        let folder = try ScratchFolder()
        let whole = Self.bytes(3)
        try folder.write(Data(whole[..<(2 * Self.piece + 5)]), to: "slice.gguf.partial")
        let slice = try IncomingSlice(path: FilePath("\(folder.path)/slice.gguf"), byteCount: whole.count)
        #expect(slice.offset == 2 * Self.piece)
        try append(whole[slice.offset...], to: slice)
        try slice.publish()
        #expect(try folder.contents("slice.gguf") == Data(whole) && folder.names == ["slice.gguf"])
    }
}

/// A folder that goes away with its owner.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/stagecoach-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    func contents(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }
    func write(_ data: Data, to name: String) throws { try data.write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
}
