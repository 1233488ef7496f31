import Glibc

/// What a launch says of how its session ended, and its exit status.
public struct LaunchVerdict: Sendable, Equatable {
    public let status: Int32
    /// nil: the ranks said what there is to say.
    public let message: String?
    /// Why mpirun ended, in its own words, where no rank has said it.
    public let reasons: [String]
    /// The signal of which the launch is to die, as anybody whom it ended would; nil: it exits.
    public let signal: CInt?

    private init(_ status: Int32, _ message: String? = nil, reasons: [String] = [], signal: CInt? = nil) {
        self.status = status
        self.message = message
        self.reasons = reasons
        self.signal = signal
    }

    /// - Parameter hosts: Those of the hostfile.
    public init(_ end: SessionEnd, hosts: [String] = []) {
        let status = end.program.status
        if let killing = end.killing, killing != .stuck {
            self.init(70, Self.sentence(killing, Self.machines(end.agents, hosts)))
        } else if end.signal != nil, status == 128 + SIGUSR1 {
            // It was asked to end before anybody could ask it something.
            self.init(0)
        } else if [0, 64, 65, 70].contains(status) {
            self.init(status)
        } else if status == 137 {
            self.init(status, "mpirun or a rank was killed")
        } else if status == 205 || end.said.lostMachine != nil {
            self.init(70, Self.loss(end.said.lostMachine), reasons: end.said.reasons)
        } else if let signal = end.signal {
            self.init(128 + signal, signal: signal)
        } else if end.said.lostItsReader {
            self.init(128 + SIGPIPE, signal: SIGPIPE)
        } else {
            self.init(status, Self.sentence(status, end.said), reasons: end.said.reasons)
        }
    }

    private static func sentence(_ status: Int32, _ said: LauncherSaid) -> String {
        let hint = "scripts/deploy --check HOSTFILE looks at every machine"
        if said.couldNotStart { return "mpirun could not start its daemon on every machine; \(hint)" }
        let reason = said.reasons.isEmpty ? hint : "the lines above say why"
        return "mpirun ended with exit code \(status); \(reason)"
    }

    private static func sentence(_ killing: SessionEnd.Killing, _ machines: String?) -> String {
        switch killing {
        case .outlivedItsRanks, .stuck:
            "mpirun could not reach \(machines ?? "a machine") to end its ranks there, and was killed"
        case .stoodStill: "mpirun was stopped by a signal and not let go on, and was killed"
        case .askedAtTerminal:
            "what is to reach \(machines ?? "a machine") asks something at the terminal, where nobody can answer it: "
                + "log in there once by hand"
        }
    }

    private static func loss(_ machine: String?) -> String {
        guard let machine else {
            return "mpirun lost touch with a machine; scripts/deploy --check HOSTFILE tells which"
        }
        return "mpirun lost touch with \(machine): it, its network or its daemon of mpirun is gone"
    }

    /// Those that command lines name.
    private static func machines(_ lines: [[String]], _ hosts: [String]) -> String? {
        let names = hosts.filter { host in
            let name = host.split(separator: "@").last.map(String.init) ?? host
            return lines.contains { $0.contains(host) || $0.contains(name) }
        }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
