import Glibc
import Platform
import SystemPackage

/// The standard output of the mpirun that started this rank, where it is a file on this machine. mpirun reads what ranks print
/// and drops what its file has no room for; how far it has come in the file tells a rank that.
public struct LauncherOutput: Sendable {
    private let process: pid_t
    private let descriptor: CInt
    private let start: Int

    /// How long mpirun may take for any of what it is given.
    private static let patience = Duration.seconds(10)
    private static let launchers = ["mpirun", "mpiexec", "orterun", "prterun"]

    /// nil where this process was not started by an mpirun here whose output is a file.
    public init?() {
        guard let launcher = LauncherProcess.identifier, Self.launchers.contains(ProcessTable.name(of: launcher)),
            // It was told to print nothing.
            !ProcessTable.words(of: launcher).contains(where: { $0.hasSuffix("nocopy") })
        else { return nil }
        self.init(process: launcher, descriptor: STDOUT_FILENO)
    }

    init?(process: pid_t, descriptor: CInt) {
        self.process = process
        self.descriptor = descriptor
        guard let start = Self.position(process, descriptor) else { return nil }
        self.start = start
    }

    /// Waits until mpirun has written what this rank printed.
    ///
    /// - Parameter time: By which patience is measured.
    /// - Returns: How many of so many bytes are missing in the end.
    public func missing(
        of byteCount: Int, time: any TimeSource = MachineTime(), pause: () -> Void = { usleep(10_000) }
    ) -> Int {
        var (last, since) = (start, time.now)
        while let position = Self.position(process, descriptor), position < start + byteCount {
            if position > last || ProcessTable.isStopped(process) { (last, since) = (position, time.now) }
            // A device that is always full never gets anywhere.
            if time.now - since > Self.patience || isFullDevice { return start + byteCount - position }
            pause()
        }
        return 0
    }

    /// How far a process has come in a regular file that it writes; 0 for devices; nil for everything that does not say.
    private static func position(_ process: pid_t, _ descriptor: CInt) -> Int? {
        guard let status = status(process, descriptor) else { return nil }
        if isFullDevice(status) { return 0 }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        let lines = ProcessTable.lines(of: process, "fdinfo/\(descriptor)")
        guard let flags = lines["flags"].flatMap({ CInt($0, radix: 8) }) else { return nil }
        // One that appends is where the file ends.
        return flags & O_APPEND != 0 ? Int(status.st_size) : lines["pos"].flatMap { Int($0) }
    }

    private static func status(_ process: pid_t, _ descriptor: CInt) -> stat? {
        var status = stat()
        return stat("/proc/\(process)/fd/\(descriptor)", &status) == 0 ? status : nil
    }

    private var isFullDevice: Bool { Self.status(process, descriptor).map(Self.isFullDevice) ?? false }

    /// Whether it is /dev/full.
    private static func isFullDevice(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == 1 << 8 | 7
    }
}
