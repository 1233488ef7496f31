import ArgumentParser
import Planning

/// The flags of a run that is only computed.
struct SimulationOptions: ParsableArguments {
    @Flag(help: "Compute how the planned ranks would serve many requests.")
    var simulate = false

    @Option(help: "With --simulate: how many requests come. Default: four for each of --sequences.")
    var requests: Int?

    @Option(help: "With --simulate: requests a second, at random moments. Default: all at once.")
    var arrivalRate: Double?

    @Option(help: "With --simulate: the seed of arrivals and lengths.")
    var seed: UInt64 = 1

    func validate() throws {
        if !simulate, requests != nil || arrivalRate != nil {
            throw ValidationError("--requests and --arrival-rate go with --simulate.")
        }
        if let requests, !(1...1_000_000).contains(requests) {
            throw ValidationError("--requests must be 1 to 1000000.")
        }
        if let arrivalRate, !(arrivalRate > 0 && arrivalRate <= 1e9) {
            throw ValidationError("--arrival-rate must be above 0 and at most 1e9.")
        }
    }

    func pattern(_ promptTokens: ClosedRange<Int>, _ generateTokens: ClosedRange<Int>, sequences: Int) -> RequestPattern
    {
        RequestPattern(
            count: requests ?? 4 * sequences, rate: arrivalRate, promptTokens: promptTokens,
            generateTokens: generateTokens, seed: seed)
    }
}
