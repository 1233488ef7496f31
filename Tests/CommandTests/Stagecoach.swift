import Foundation
import ReportSchemas
import TestSupport
import Testing

/// The built program, started alone or under mpirun.
enum Stagecoach {
    static let path = Launcher.product("stagecoach")

    static func run(
        _ arguments: [String], ranks: Int? = nil, environment: [String: String?] = [:], input: String = "",
        timeout: Duration = Launcher.patience
    ) async throws -> CommandResult {
        if let ranks {
            return try await Launcher.mpirun(
                ranks: ranks, path, arguments, environment: environment, input: Array(input.utf8), timeout: timeout)
        }
        return try await Launcher.run(
            path, arguments, environment: environment, input: Array(input.utf8), timeout: timeout)
    }

    /// Runs `generate --json` and reads what it printed.
    static func generate(
        _ arguments: [String], model: String, ranks: Int? = nil, environment: [String: String?] = [:]
    ) async throws -> GenerationReport {
        let result = try await run(
            ["generate", "--model", model, "--json"] + arguments, ranks: ranks, environment: environment)
        #expect(result.succeeded, "\(result)")
        return try result.generation()
    }

    /// Runs `chat --json` on the lines of `input`.
    static func chat(_ arguments: [String], ranks: Int? = nil, input: String) async throws -> ChatReport {
        let result = try await run(arguments + ["--json"], ranks: ranks, input: input)
        #expect(result.succeeded, "\(result)")
        return try result.report()
    }

    static func score(_ arguments: [String], model: String, ranks: Int? = nil) async throws -> ScoreReport {
        let result = try await run(["score", "--model", model] + arguments, ranks: ranks)
        #expect(result.succeeded, "\(result)")
        return try result.report()
    }
}

extension CommandResult {
    /// What the program printed with `--json`.
    func report<Report: Decodable>(_ type: Report.Type = Report.self) throws -> Report {
        try JSONDecoder.forReports.decode(type, from: Data(standardOutput))
    }

    /// What `generate --json` printed; the hash that tests compare is there.
    func generation() throws -> GenerationReport {
        let generation = try report(GenerationReport.self)
        #expect(generation.logitsHash?.count == 16, "\(self)")
        return generation
    }
}

extension JSONDecoder {
    /// Reads a file whose keys are in snake case.
    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try forReports.decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

extension [Int32] {
    /// The ids as the program's flags take them.
    var list: String { map(String.init).joined(separator: ",") }
}
