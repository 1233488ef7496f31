import Glibc

/// The line that starts a run's ranks: mpirun, its flags, and the program that each rank runs.
public struct LaunchLine: Sendable, Equatable {
    /// mpirun and its flags.
    public let mpirun: [String]
    /// What each rank runs.
    public let program: [String]
    /// What is started: a shell of each rank stands before the program.
    public let command: [String]
    public let family: LauncherFamily

    /// All of it, as people type it.
    public var words: [String] { mpirun.prefix(1) + family.quietWords + mpirun.dropFirst() + program }

    /// - Parameters:
    ///   - hostfile: What `options.hostfile` holds; nil: all ranks on this machine.
    ///   - launcher: See ``LocalLauncher/find(_:on:)``.
    ///   - machine: The one that launches.
    /// - Throws: Where the ports do not suffice, or the launcher cannot do what is asked.
    public init(
        _ options: LaunchOptions, _ hostfile: Hostfile?, by launcher: LocalLauncher, from machine: LocalMachine
    ) throws(LaunchError) {
        family = launcher.family
        let demand = try LaunchDemand(options, hostfile, from: machine)
        if let refusal = family.refusal(of: demand) { throw refusal }
        mpirun = [launcher.command] + family.words(for: demand)
        let local = demand.isSpread ? machine.deployedProgram : machine.program
        program =
            [options.program ?? machine.variable("STAGECOACH_PROGRAM") ?? local] + options.arguments.prefix(1)
            + (options.model.map { ["--model", $0] } ?? []) + (options.threads.map { ["--threads", "\($0)"] } ?? [])
            + options.arguments.dropFirst()
        let shell = RankShell.words(
            family, hosts: demand.hosts, staysForLastWords: options.isService || options.takesTrace)
        command = mpirun + shell + program
    }

    /// Looks for what mpirun would not find, and says badly.
    public func check(_ hostfile: Hostfile?, on machine: LocalMachine) throws(LaunchError) {
        guard machine.path(of: mpirun[0]) != nil else {
            throw .notReady("there is no \(mpirun[0]) here: run scripts/setup")
        }
        let startsHere = hostfile?.hosts.contains(where: machine.isNamed) ?? true
        guard !startsHere || access(program[0], X_OK) == 0 else {
            throw .notReady(
                "there is no program at \(program[0]): run scripts/build or, for several machines, scripts/deploy "
                    + (hostfile?.path ?? "HOSTFILE"))
        }
    }
}
