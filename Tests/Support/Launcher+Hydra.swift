extension Launcher {
    /// Runs `program` on `ranks` ranks of this machine by MPICH's launcher; see `run` for the rest.
    public static func hydra(
        ranks: Int, _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
        timeout: Duration = patience
    ) async throws -> CommandResult {
        try await run(
            "mpiexec.hydra", ["-n", "\(ranks)", program] + arguments, environment: environment, timeout: timeout)
    }

    /// Whether MPICH is installed; `scripts/setup --tests` does that.
    public static var hasHydra: Bool {
        get async { (try? await run("mpiexec.hydra", ["--version"]))?.succeeded ?? false }
    }
}
