import Foundation
import SystemPackage
import Testing

@testable import BatchJobs

/// The lines of a file or pipe.
@Suite("Lines")
struct LineReaderTests {
    private func lines(of bytes: [UInt8]) throws -> [LineReader.Line] {
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        Thread.detachNewThread {
            writing.write(Data(bytes))
            try? writing.close()
        }
        let reader = LineReader(FileDescriptor(rawValue: pipe.fileHandleForReading.fileDescriptor), name: "a pipe")
        var lines: [LineReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test("Each line has its number, its place, and whether a newline ends it")
    func places() throws {
        let lines = try lines(of: Array("one\n\n \t\r\nlast".utf8))
        #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one", "", " \t\r", "last"])
        #expect(lines.map(\.number) == [1, 2, 3, 4] && lines.map(\.offset) == [0, 4, 5, 9])
        #expect(lines.map(\.isBlank) == [false, true, true, false])
        #expect(lines.map(\.isComplete) == [true, true, true, false])
        #expect(try self.lines(of: []).isEmpty)
    }

    @Test("A line that is too long is passed over, and what follows it is found")
    func longLine() throws {
        let long = [UInt8](repeating: 0x61, count: LineReader.longestLine + 70_000)
        let lines = try lines(of: Array("a\n".utf8) + long + Array("\nb\n".utf8))
        #expect(lines.map(\.isTooLong) == [false, true, false])
        #expect(lines[1].bytes.isEmpty && lines[2].bytes == Array("b".utf8))
        #expect(lines[2].offset == 2 + long.count + 1)
    }
}
