import ArgumentParser
import Glibc
import Launching

/// Does what the command line asks for, and ends the process where that fails.
public func runCommandLine() {
    takeStandardDescriptors()
    let launcherOutput = LauncherRank.isFirst ? LauncherOutput() : nil
    do {
        var command = try Stagecoach.parseAsRoot(Sweep.expand(Array(CommandLine.arguments.dropFirst())))
        try command.run()
    } catch {
        Exit.report(error)
    }
    Console.confirm(launcherOutput)
}

/// No file that the program opens may take the place of input, output or errors that it was started without: what is
/// printed would go there. Output that is missing stays an error, errors that nobody wants do not.
private func takeStandardDescriptors() {
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
        // The lowest number that is free.
        _ = open("/dev/null", mode)
    }
}
