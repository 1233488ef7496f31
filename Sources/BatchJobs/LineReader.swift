import Platform
import Requests
import SystemPackage

/// The lines of a file or pipe, each as soon as it is there.
final class LineReader {
    struct Line {
        /// From 1.
        let number: Int
        /// Without the newline; empty where the line is longer than ``LineReader/longestLine``.
        let bytes: [UInt8]
        var isTooLong = false
        /// Whether it ends with a newline; only the last one may not.
        var isComplete = true
        /// Where it begins in the file.
        let offset: Int

        var isBlank: Bool { !isTooLong && bytes.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }
    }

    static let longestLine = 16 << 20

    private let descriptor: FileDescriptor
    private let name: String
    private var buffer: [UInt8] = []
    /// Where the next line begins in the buffer.
    private var start = 0
    private var number = 0
    private var offset = 0

    /// - Parameter name: What to call it where it cannot be read.
    init(_ descriptor: FileDescriptor, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// The next line, which this waits for; nil at the end.
    func next() throws(EngineError) -> Line? {
        var searched = start
        var skipped = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return line(upTo: end, skipped: skipped, isComplete: true)
            }
            searched = buffer.count
            if searched - start > Self.longestLine {
                skipped += searched - start
                (start, searched) = (0, 0)
                buffer.removeAll(keepingCapacity: true)
            }
            if try !fill(&searched) {
                return start < buffer.count || skipped > 0
                    ? line(upTo: buffer.count, skipped: skipped, isComplete: false) : nil
            }
        }
    }

    /// Gives the descriptor back, unless it is standard input.
    func close() {
        if descriptor != .standardInput { try? descriptor.close() }
    }

    private func line(upTo end: Int, skipped: Int, isComplete: Bool) -> Line {
        number += 1
        let begin = offset
        offset += skipped + end - start + (isComplete ? 1 : 0)
        defer { start = min(end + 1, buffer.count) }
        let isTooLong = skipped > 0 || end - start > Self.longestLine
        return Line(
            number: number, bytes: isTooLong ? [] : Array(buffer[start..<end]), isTooLong: isTooLong,
            isComplete: isComplete, offset: begin)
    }

    /// Reads what is there, after making room by dropping the lines before `start`; false at the end.
    private func fill(_ searched: inout Int) throws(EngineError) -> Bool {
        buffer.removeSubrange(..<start)
        searched -= start
        start = 0
        let old = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 1 << 16))
        let count = buffer.withUnsafeMutableBytes { bytes in
            Result { () throws(Errno) in
                try descriptor.readSome(into: UnsafeMutableRawBufferPointer(rebasing: bytes[old...]))
            }
        }
        do throws(Errno) {
            buffer.removeSubrange((old + (try count.get()))...)
        } catch { throw .badInput("cannot read \(name): \(error)") }
        return buffer.count > old
    }
}
