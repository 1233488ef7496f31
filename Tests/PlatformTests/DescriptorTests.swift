import Foundation
import Platform
import SystemPackage
import Testing

@Suite struct DescriptorTests {
    /// More than a pipe holds.
    private let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 31 >> 3) }

    /// The descriptor's end of a pipe does not wait, as one that another program made so.
    @Test(arguments: [false, true]) func allOfItIsWrittenAndRead(isNonblocking: Bool) throws {
        let pipe = try FileDescriptor.pipe()
        if isNonblocking {
            for end in [pipe.readEnd, pipe.writeEnd] { #expect(fcntl(end.rawValue, F_SETFL, O_NONBLOCK) == 0) }
        }
        let writing = try BackgroundThread { [bytes] in
            do { try pipe.writeEnd.writeWhole(bytes) } catch { Issue.record("\(error)") }
            try? pipe.writeEnd.close()
        }
        #expect(try pipe.readEnd.readWhole() == bytes)
        writing.join()
        try pipe.readEnd.close()
    }

    @Test func filesAreReadWhole() throws {
        let path = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"
        #expect(throws: Errno.noSuchFileOrDirectory) { try FilePath(path).contents() }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try file.closeAfter { try file.writeWhole(bytes) }
        #expect(try FilePath(path).contents() == bytes)
        #expect(throws: Errno.badFileDescriptor) { try FileDescriptor(rawValue: -1).writeWhole([1]) }
    }
}
