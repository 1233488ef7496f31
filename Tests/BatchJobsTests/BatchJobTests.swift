import Foundation
import Requests
import Testing

@testable import BatchJobs

/// Files of prompts on their way through a made-up engine.
@Suite("Batch jobs without an engine")
struct BatchJobTests {
    @Test("Every line gets one result, with what it asked for; the flags say the rest")
    func results() throws {
        let job = try JobRun()
        let lines = (1...20).map { "{\"prompt_ids\": [\($0)], \"id\": \"line \($0)\"}" }
        let sums = try job.run(
            (lines + ["", #"{"prompt_ids": [7, 8], "max_tokens": 3, "seed": 5, "temperature": 1}"#]).joined(
                separator: "\n")
        ) { $0.topK = 40 }
        #expect(sums.finished == 21 && sums.failed == 0 && sums.skipped == 0 && sums.prefillTokens == 22)
        let last = try #require(job.requests.last)
        #expect(last.promptIDs == [7, 8] && last.maxTokens == 3 && last.seed == 5)
        #expect(last.parameters.temperature == 1 && last.parameters.topK == 40)
        #expect(Set(job.requests.map(\.id)).count == 21)
        let results = try job.results()
        #expect(results.count == 21)
        #expect(Set(results.compactMap { $0["id"] as? String }) == Set((1...20).map { "line \($0)" }))
        // Blank lines count in its number.
        let numbered = try #require(results.first { $0["id"] as? Int == 22 })
        #expect(numbered["ids"] as? [Int] == [8, 8, 8] && numbered["prompt_tokens"] as? Int == 2)
        #expect(
            Set(numbered.keys) == ["id", "prompt_tokens", "ids", "text", "stop_reason", "seed", "timings"])
    }

    @Test("An answer that the context cuts says so, and the job counts them")
    func cut() throws {
        let job = try JobRun()
        let sums = try job.run(
            #"""
            {"id": "cut", "prompt_ids": [1, 2, 3, 4, 5, 6, 7, 8], "max_tokens": -1}
            {"id": "whole", "prompt_ids": [1, 2, 3, 4, 5, 6, 7, 8], "max_tokens": 9}
            """#)
        #expect(sums.finished == 2 && sums.cut == 1)
        let results = try job.results()
        #expect(results.first { $0["id"] as? String == "cut" }?["cut_by_context"] as? Bool == true)
        let whole = try #require(results.first { $0["id"] as? String == "whole" })
        #expect(whole["stop_reason"] as? String == "length" && whole["cut_by_context"] == nil)
    }

    @Test("Lines that cannot be taken say why, the others are done, and a second job writes nothing twice")
    func failures() throws {
        let job = try JobRun()
        let lines = """
            {"id": "good", "prompt_ids": [1]}
            nonsense
            {"id": "good", "prompt_ids": [2]}
            {"id": "stop", "prompt_ids": [2], "stop": ""}
            {"id": "vocabulary", "prompt_ids": [99999]}
            {"id": "chat", "prompt": "a"}
            """
        for run in 1...2 {
            let sums = try job.run(lines)
            #expect(sums.finished == (run == 1 ? 1 : 0) && sums.failed == 5 && sums.skipped == (run == 1 ? 0 : 1))
            let results = try job.results()
            #expect(results.count == 6, "run \(run)")
            let errors = results.reduce(into: [Int: String]()) { errors, result in
                if let line = result["line"] as? Int { errors[line] = result["error"] as? String }
            }
            #expect(errors.count == 5 && errors[2]?.hasPrefix("the line is not valid JSON: no value") == true)
            #expect(errors[3] == "an earlier line has the same id" && errors[4] == "a stop string must not be empty")
            #expect(errors[5]?.contains("99999") == true && errors[6]?.contains("chat template") == true)
        }
    }

    @Test("A job that ended early goes on where it was; a result that was torn is written again")
    func resume() throws {
        let job = try JobRun()
        let lines = (1...12).map { "{\"prompt_ids\": [\($0)]}" }.joined(separator: "\n")
        #expect(throws: EngineError.self) { try job.run(lines, endsAfter: 5) }
        #expect(try job.results().count == 5)
        let file = try #require(FileHandle(forWritingAtPath: job.path("out.jsonl")))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"id":9,"ids":[1,2"#.utf8))
        try file.close()
        let sums = try job.run(lines)
        #expect(sums.skipped == 5 && sums.finished == 7)
        #expect(try job.results().compactMap { $0["id"] as? Int }.sorted() == Array(1...12))
        #expect(job.requests.count == 12)
    }

    @Test("What cannot be read or written ends the job with its reason")
    func files() throws {
        let job = try JobRun()
        func error(_ output: String) -> EngineError? {
            do { _ = try job.run("{\"prompt_ids\": [1]}\n", output: output) } catch { return error as? EngineError }
            return nil
        }
        let same = error(job.path("in.jsonl"))
        #expect(same?.kind == .usage && same?.description.contains("same file") == true)
        let full = error("/dev/full")
        #expect(full?.kind == .badInput && full?.description.hasPrefix("cannot write /dev/full") == true)
        let foreign = try error(job.write("notes.txt", "Buy milk\n"))
        #expect(foreign?.description.contains("no result of generate --prompts") == true)
        #expect(try String(contentsOfFile: job.path("notes.txt"), encoding: .utf8) == "Buy milk\n")
    }
}
