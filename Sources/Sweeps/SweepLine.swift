import FoundationEssentials
import ReportSchemas

/// What one line of a journal holds; what `bench` printed goes in as it is, with what only later versions will know.
struct SweepLine {
    let point: SweepPoint
    let command: String
    let started: Date
    let seconds: Double
    /// The line that `bench` printed, or why there is none.
    let outcome: Result<String, SweepError>

    private struct Head: Encodable {
        let point: SweepPoint
        let command: String
        let started: String
        let seconds: Double
        let error: String?
    }

    /// One line of JSON, without its end.
    func json() throws(SweepError) -> String {
        var error: String?
        if case .failure(let failure) = outcome { error = failure.description }
        let head = Head(
            point: point, command: command, started: started.ISO8601Format(),
            seconds: (seconds * 1000).rounded() / 1000, error: error)
        let object = try JSONLine.written(head)
        guard case .success(let bench) = outcome else { return object }
        return "{\"bench\":\(bench)," + object.dropFirst()
    }
}

extension JSONLine {
    /// `value` in one line.
    static func written(_ value: some Encodable) throws(SweepError) -> String {
        do { return try text(value) } catch {
            throw SweepError(.failure, "cannot write down what was measured: \(error)")
        }
    }
}
