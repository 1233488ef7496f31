import Glibc

/// What the kernel has counted of the work of this process until now, but for the thread that asks.
struct WorkSample: Equatable {
    /// Seconds that threads have run.
    var processorSeconds: Double
    /// Bytes that were read, and pages that had to come from a disk. Any change means that a read has ended.
    var readCount: Int

    static var now: WorkSample {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return WorkSample(
            processorSeconds: seconds(CLOCK_PROCESS_CPUTIME_ID) - seconds(CLOCK_THREAD_CPUTIME_ID),
            readCount: bytesRead("/proc/self/io") - bytesRead("/proc/thread-self/io") + usage.ru_majflt)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Bytes that calls have read, from wherever.
    private static func bytesRead(_ path: String) -> Int {
        let line = SystemFile.read(path)?.split(separator: "\n").first { $0.hasPrefix("rchar:") }
        return line.flatMap { Int($0.drop { !$0.isNumber }) } ?? 0
    }
}
