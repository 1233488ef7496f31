import ArgumentParser
import Engine
import TestSupport
import Testing

@testable import Program

/// What the flags of each command take, and what they refuse before anything is loaded.
@Suite struct OptionTests {
    @Test(arguments: [
        ("4G", 4 << 30), ("512M", 512 << 20), ("65536K", 65536 << 10), ("123", 123), ("2GiB", 2 << 30),
        ("3kb", 3 << 10),
        ("1T", 1 << 40),
    ])
    func memorySizes(_ text: String, _ bytes: Int) { #expect(MemorySize(argument: text)?.bytes == bytes) }

    @Test(arguments: ["", "0", "-1", "4X", "G", "1.5G", "99999999999T"])
    func noMemorySizes(_ text: String) { #expect(MemorySize(argument: text) == nil) }

    @Test func memorySizesAreShownAsTheyAreGiven() {
        #expect([4 << 30, 5 << 10, 7].map { MemorySize(bytes: $0).defaultValueDescription } == ["4096M", "5K", "7"])
    }

    @Test func listsOfNumbers() {
        #expect(NumberList(argument: "4,1,4,2")?.numbers == [4, 1, 2])
        #expect(MicrobatchList(argument: "auto,2,auto")?.counts == [nil, 2])
        for text in ["", "1,,2", "0", "4097", "x"] { #expect(NumberList(argument: text) == nil) }
        for text in ["", "auto,", "0", "1025"] { #expect(MicrobatchList(argument: text) == nil) }
    }

    @Test func rangesOfTokens() {
        #expect(TokenRange(argument: "512")?.range == 512...512 && TokenRange(argument: "64..1024")?.range == 64...1024)
        #expect(TokenRange(argument: "64..1024")?.mean == 544)
        for text in ["", "0", "9..3", "1...3", "1..", "a..b"] { #expect(TokenRange(argument: text) == nil, "\(text)") }
    }

    @Test func sourcesOfProfiles() throws {
        #expect(ProfileSource(argument: "fresh") == .fresh && ProfileSource(argument: "kept") == .kept)
        #expect(ProfileSource(argument: "./kept") == .file(path: "./kept") && ProfileSource(argument: "") == nil)
        let chat = try #require(try Stagecoach.parseAsRoot(["chat", "--model", "m"]) as? Chat)
        #expect(chat.job.configuration.profileSource == .measured)
    }

    @Test func listsOfTokens() throws {
        #expect(try TokenList.parse("1, 2\n3,", flag: "--ids") == [1, 2, 3])
        for text in ["1,x", "-1", "99999999999"] {
            #expect { _ = try TokenList.parse(text, flag: "--ids") } throws: {
                "\($0)".hasPrefix("--ids wants token ids")
            }
        }
    }

    @Test func defaultsAreThoseOfTheDocumentation() throws {
        let bench = try #require(try Stagecoach.parseAsRoot(["bench", "--model", "m"]) as? Bench)
        #expect(bench.promptTokens == 512 && bench.generateTokens == 64 && bench.repetitions == 5)
        #expect(bench.job.timeout == 60 && bench.job.kvType == .f16 && bench.job.wire == .f32)
        let generate = try #require(
            try Stagecoach.parseAsRoot(["generate", "--model", "m", "--prompt", "Hi"]) as? Generate)
        #expect(
            generate.sampling.maxTokens == 512 && generate.sampling.seed == 0 && generate.sampling.temperature == nil)
        let serve = try #require(try Stagecoach.parseAsRoot(["serve", "--model", "m"]) as? Serve)
        let settings = try serve.serve.settings()
        #expect(settings.host == "127.0.0.1" && settings.port == 8080 && settings.maxQueue == 64)
    }

    @Test(arguments: [
        ("generate --model m", "exactly one of --prompt"), ("generate --model m --prompt a --prompts f", "exactly one"),
        ("generate --model m --prompt-ids 1 --raw", "taken as given"),
        ("generate --model m --prompt a --raw --system s", "--raw"),
        ("generate --model m --prompt a --output f", "--prompts"),
        ("generate --model m --prompt a --max-tokens 0", "--max-tokens"),
        ("generate --model m --prompts f --emulate read=1", "--emulate"), ("generate --prompt a", "--model"),
        ("generate --model m --prompts f --max-sequences 0", "--max-sequences"),
        ("bench --model m --generate-tokens 1", "--generate-tokens"),
        ("bench --model m --sequences 1,0", "--sequences"),
        ("bench --model m --repetitions 1001", "--repetitions"), ("bench --model m --threads 0", "--threads"),
        ("bench --model m --kv-type f17", "f17"), ("bench --model m --quantize F32", "--quantize"),
        ("bench --model m --emulate-speed 2", "--emulate"), ("bench --model m --timeout 0", "--timeout"),
        ("plan", "--model or --shape"), ("plan --shape 7b --model m", "--model or --shape"),
        ("plan --shape llama-2-7b --ranks 5000", "--ranks"), ("plan --shape llama-2-7b --requests 3", "--simulate"),
        ("plan --shape llama-2-7b --prompt-tokens 1..2", "--simulate"), ("plan --model m --type Q8_0", "--shape"),
        ("score --model m", "exactly one of --ids"), ("inspect", "one model"),
        ("serve --model m --port 70000", "--port"),
        ("serve --model m --cors-origin example.org", "https://example.org"),
        ("serve --model m --cors-origin https://a/b", "https://example.org"),
        ("serve --model m --allowed-host http://a", "llm.example.org"),
        ("serve --model m --tls-key k", "go together"), ("serve --model m --api-key a --api-key-file f", "not both"),
        ("verify --model m --prompt-tokens 0", "--prompt-tokens"), ("no-such-command", "no-such-command"),
    ])
    func refused(_ line: String, _ words: String) {
        let error = #expect(throws: (any Error).self) {
            _ = try Stagecoach.parseAsRoot(line.split(separator: " ").map(String.init))
        }
        let message = error.map { Stagecoach.fullMessage(for: $0) } ?? ""
        #expect(message.contains(words), "\(message)")
        #expect(error.map { Stagecoach.exitCode(for: $0) } == .validationFailure)
    }

    @Test func hostsOthersReachNeedAKey() throws {
        func settings(_ flags: [String]) throws { _ = try ServeOptions.parse(flags).settings() }
        #expect { try settings(["--host", "0.0.0.0"]) } throws: { "\($0)".contains("--api-key-file") }
        try settings(["--host", "0.0.0.0", "--insecure"])
        try settings(["--host", "0.0.0.0", "--api-key", "k"])
        #expect { try settings(["--api-key-file", TestFiles.absent("key")]) } throws: {
            "\($0)".hasPrefix("cannot read \(TestFiles.absent("key")): No such file")
        }
    }

    @Test func originsAndHostsAreListedInAnyWay() throws {
        let flags = [
            "--cors-origin", "http://localhost:5173/, https://B.example", "--cors-origin", "null,app://x",
            "--allowed-host", "LLM.example.org,b", "--allowed-host", "*",
        ]
        let settings = try ServeOptions.parse(flags).settings()
        #expect(settings.corsOrigins == ["http://localhost:5173", "https://b.example", "null", "app://x"])
        #expect(settings.allowedHosts == ["llm.example.org", "b", "*"])
    }

    @Test func someFilesAreKeptFromConnections() {
        #expect(OpenFiles.connections(of: 1 << 20) == (1 << 20) - 256)
        #expect(OpenFiles.connections(of: 100) == 50)
    }

    @Test func aSweepIsACommandOfItsOwn() throws {
        #expect(Sweep.expand(["bench", "--model", "m"]) == ["bench", "--model", "m"])
        let line = ["bench", "--sweep", "--model", "m", "--output", "o", "--ranks", "1,2", "--kv-type", "q8_0"]
        let sweep = try #require(try Stagecoach.parseAsRoot(Sweep.expand(line)) as? Sweep)
        #expect(sweep.passedOn == ["--kv-type", "q8_0"] && sweep.ranks.numbers == [1, 2])
        #expect(throws: (any Error).self) { _ = try Stagecoach.parseAsRoot(Sweep.expand(line + ["--trace", "t"])) }
        #expect(throws: (any Error).self) { _ = try Stagecoach.parseAsRoot(Sweep.expand(line + ["--no-such-flag"])) }
    }
}
