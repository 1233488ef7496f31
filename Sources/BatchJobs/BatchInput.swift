import Requests
import SystemPackage

/// The requests of a batch job, line by line. One thread uses it.
final class BatchInput: @unchecked Sendable {
    struct Line {
        let id: LineID
        let number: Int
        let request: Result<BatchLine, RequestError>
        /// Whether an earlier job did it.
        let isFinished: Bool
    }

    let finished: FinishedLines
    private let reader: LineReader
    private var seen: Set<LineID> = []

    init(_ descriptor: FileDescriptor, name: String, finished: FinishedLines) {
        self.finished = finished
        reader = LineReader(descriptor, name: name)
    }

    /// The next line that is not blank.
    func next() throws(EngineError) -> Line? {
        while let line = try reader.next() {
            if !line.isBlank { return parse(line) }
        }
        return nil
    }

    func close() { reader.close() }

    private func parse(_ line: LineReader.Line) -> Line {
        if line.isTooLong {
            let error = RequestError("the line is longer than \(LineReader.longestLine >> 20) MiB")
            return Line(id: .number(line.number), number: line.number, request: .failure(error), isFinished: false)
        }
        let parsed = BatchLine(parsing: line.bytes)
        let id = parsed.id ?? .number(line.number)
        guard seen.insert(id).inserted else {
            let error = RequestError("an earlier line has the same id")
            return Line(id: id, number: line.number, request: .failure(error), isFinished: false)
        }
        return Line(
            id: id, number: line.number, request: .success(parsed), isFinished: finished.ids.contains(id))
    }
}
