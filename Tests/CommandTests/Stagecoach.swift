import Foundation
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
    ) async throws -> GenerationOutput {
        let result = try await run(
            ["generate", "--model", model, "--json"] + arguments, ranks: ranks, environment: environment)
        #expect(result.succeeded, "\(result)")
        return try JSONDecoder.snakeCase.decode(GenerationOutput.self, from: Data(result.standardOutput))
    }

    /// Runs `chat --json` on the lines of `input`.
    static func chat(_ arguments: [String], ranks: Int? = nil, input: String) async throws -> ChatOutput {
        let result = try await run(arguments + ["--json"], ranks: ranks, input: input)
        #expect(result.succeeded, "\(result)")
        return try JSONDecoder.snakeCase.decode(ChatOutput.self, from: Data(result.standardOutput))
    }

    static func score(_ arguments: [String], model: String, ranks: Int? = nil) async throws -> ScoreOutput {
        let result = try await run(["score", "--model", model] + arguments, ranks: ranks)
        #expect(result.succeeded, "\(result)")
        return try JSONDecoder.snakeCase.decode(ScoreOutput.self, from: Data(result.standardOutput))
    }
}

struct ChatOutput: Decodable {
    let turns: [GenerationOutput]
}

struct GenerationOutput: Decodable {
    struct Timings: Decodable {
        let prefillTokens: Int
        let decodeTokens: Int
    }
    let promptIds: [Int32]
    let ids: [Int32]
    let text: String
    let stopReason: String
    let ranks: Int
    let partition: [Int]
    let logitsHash: String
    let timings: Timings
}

struct ScoreOutput: Decodable {
    let ids: [Int32]
    let nll: [Double]
    let argmax: [Int32]
    let meanNll: Double
    let perplexity: Double
}

extension JSONDecoder {
    static var snakeCase: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try snakeCase.decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

extension [Int32] {
    /// The ids as the program's flags take them.
    var list: String { map(String.init).joined(separator: ",") }
}
