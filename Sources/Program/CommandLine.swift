import ArgumentParser
import Launching

/// Does what the command line asks for, and ends the process where that fails.
public func runCommandLine() {
    OpenFiles.fillStandardPlaces()
    let launcherOutput = LauncherRank.isFirst ? LauncherOutput() : nil
    do {
        var command = try Stagecoach.parseAsRoot(Sweep.expand(Array(CommandLine.arguments.dropFirst())))
        try command.run()
    } catch {
        Exit.report(error)
    }
    Console.confirm(launcherOutput)
}
