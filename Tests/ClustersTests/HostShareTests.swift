import Foundation
import Testing

@testable import Clusters

/// Limits of memory and processor time, in made-up `/proc` and `/sys`.
@Suite("What a rank gets of its host")
struct HostShareTests {
    /// A version-2 hierarchy as systemd mounts it.
    private static let unified = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let mebibyte = 1 << 20

    private let system: MadeUpSystem

    init() throws { system = try MadeUpSystem() }

    /// A kernel of 8 cores and 1000 MiB that are available.
    private func system(_ group: String, _ mounts: String, _ files: [String: String]) throws -> MadeUpSystem {
        try system.write("proc/self/status", "Name:\tx\nCpus_allowed:\tff\n")
        try system.write("proc/meminfo", "MemTotal: 2048000 kB\nMemAvailable: 1024000 kB\n")
        try system.write("proc/self/cgroup", group)
        try system.write("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + mounts)
        for (path, text) in files { try system.write("sys/fs/cgroup/" + path, text + "\n") }
        return system
    }

    private func alone(_ system: MadeUpSystem) -> HostShare {
        let limits = ProcessLimits(root: system.root)
        return HostShare(limits, among: [limits], root: system.root)
    }

    private func stat(_ inactive: Int, _ active: Int) -> String {
        "anon 5\nfile \(inactive + active)\ninactive_file \(inactive)\nactive_file \(active)"
    }

    @Test("A host without groups gives all that it has")
    func none() throws {
        let share = alone(try system("", "", [:]))
        #expect(share.threadCount == 8 && share.cpuQuota == nil && share.availableMemory == 1000 * Self.mebibyte)
        let unlimited = alone(
            try system(
                "0::/a", Self.unified,
                ["a/memory.max": "max", "a/memory.current": "5", "a/cpu.max": "max 100000", "cpu.max": "max 100000"]))
        #expect(unlimited.threadCount == 8 && unlimited.availableMemory == 1000 * Self.mebibyte)
    }

    @Test("Slurm's groups: the tightest one on the way up, without what is only cached")
    func slurm() throws {
        let job = "system.slice/slurmstepd.scope/job_7"
        let system = try system(
            "0::/\(job)/step_0/user/task_0\n", Self.unified,
            [
                "\(job)/step_0/user/task_0/memory.max": "max", "\(job)/step_0/user/task_0/cpu.max": "max 100000",
                "\(job)/step_0/memory.max": "\(900 * Self.mebibyte)",
                "\(job)/step_0/memory.current": "\(100 * Self.mebibyte)",
                "\(job)/memory.max": "\(500 * Self.mebibyte)", "\(job)/memory.current": "\(300 * Self.mebibyte)",
                "\(job)/memory.stat": stat(150 * Self.mebibyte, 50 * Self.mebibyte), "\(job)/cpu.max": "250000 100000",
            ])
        let share = alone(system)
        #expect(share.availableMemory == 400 * Self.mebibyte)
        #expect(share.threadCount == 2 && share.cpuQuota == 2.5)
        try system.write("sys/fs/cgroup/\(job)/memory.current", "\(900 * Self.mebibyte)\n")
        #expect(share.availableMemory == 0)
    }

    @Test("systemd's MemoryHigh is a limit too, and less than a core is one thread")
    func systemd() throws {
        let share = alone(
            try system(
                "0::/user.slice/user-1.slice/run.scope", Self.unified,
                [
                    "user.slice/memory.high": "\(300 * Self.mebibyte)", "user.slice/memory.max": "max",
                    "user.slice/memory.current": "0", "user.slice/user-1.slice/cpu.max": "40000 100000",
                ]))
        #expect(share.availableMemory == 300 * Self.mebibyte)
        #expect(share.threadCount == 1 && share.cpuQuota == 0.4)
    }

    @Test("Version 1, where each controller has a hierarchy of its own")
    func versionOne() throws {
        let mounts = """
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw

            """
        let share = alone(
            try system(
                "4:memory:/job/7\n3:cpu,cpuacct:/quota\n1:name=systemd:/x\n0::/x\n", mounts,
                [
                    "memory/job/7/memory.limit_in_bytes": "9223372036854771712",
                    "memory/job/7/memory.usage_in_bytes": "1000",
                    "memory/job/memory.limit_in_bytes": "\(200 * Self.mebibyte)",
                    "memory/job/memory.usage_in_bytes": "\(150 * Self.mebibyte)",
                    "memory/job/memory.stat":
                        "inactive_file 0\ntotal_inactive_file \(30 * Self.mebibyte)\ntotal_active_file 0",
                    "cpu,cpuacct/quota/cpu.cfs_quota_us": "300000", "cpu,cpuacct/quota/cpu.cfs_period_us": "100000",
                    "cpu,cpuacct/cpu.cfs_quota_us": "-1", "cpu,cpuacct/cpu.cfs_period_us": "100000",
                ]))
        #expect(share.availableMemory == 80 * Self.mebibyte)
        #expect(share.threadCount == 3 && share.cpuQuota == 3)
    }

    @Test(
        "A container sees its own group as the outermost one, whatever it is called outside",
        arguments: [
            // Docker, version 1: the group's name is that of the host, and it is what is mounted.
            ("4:memory:/docker/abc", "35 31 0:32 /docker/abc /sys/fs/cgroup ro master:1 - cgroup cgroup rw,memory"),
            // The same with a group made inside.
            ("4:memory:/docker/abc/in", "35 31 0:32 /docker/abc /sys/fs/cgroup ro master:1 - cgroup cgroup rw,memory"),
            // With a namespace of groups.
            ("0::/", "31 23 0:28 / /sys/fs/cgroup ro - cgroup2 cgroup rw"),
            ("0::/../other", "31 23 0:28 / /sys/fs/cgroup ro - cgroup2 cgroup rw"),
            ("0::/elsewhere", "31 23 0:28 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw"),
        ])
    func container(group: String, mount: String) throws {
        let name =
            group.hasPrefix("0") ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
        let share = alone(
            try system(
                group + "\n", mount + "\n", [name.0: "\(64 * Self.mebibyte)", name.1: "\(60 * Self.mebibyte)"]))
        #expect(share.availableMemory == 4 * Self.mebibyte)
    }

    @Test("Folders with spaces in their names")
    func escapes() throws {
        let system = try system("0::/a b", "31 23 0:28 / /sys/fs/my\\040groups rw - cgroup2 cgroup rw\n", [:])
        try system.write("sys/fs/my groups/a b/memory.max", "\(5 * Self.mebibyte)\n")
        #expect(alone(system).availableMemory == 5 * Self.mebibyte)
    }

    @Test("Ranks in one group share what it grants; those of other groups do not")
    func ranks() throws {
        let system = try system(
            "0::/job/a", Self.unified,
            [
                "job/memory.max": "\(800 * Self.mebibyte)", "job/cpu.max": "600000 100000",
                "job/a/memory.max": "\(300 * Self.mebibyte)", "job/b/memory.max": "\(300 * Self.mebibyte)",
                "job/b/cpu.max": "150000 100000",
            ])
        let a = ProcessLimits(root: system.root)
        try system.write("proc/self/cgroup", "0::/job/b")
        let b = ProcessLimits(root: system.root)
        let others = [a, a, b].map { ProcessLimits(decoding: $0.encoded) }
        // 800 / 3 < 300 and 6 / 3 cores; a host of 1000 / 3 MiB.
        let last = HostShare(b, among: others, root: system.root)
        #expect(last.rankCount == 3 && last.threadCount == 1 && last.cpuQuota == 1.5)
        #expect(last.availableMemory == 800 * Self.mebibyte / 3)
        try system.write("proc/self/cgroup", "0::/job/a")
        let first = HostShare(a, among: others, root: system.root)
        // Two share group a; the masks give each of the three 8 / 3 cores, the job 2.
        #expect(first.threadCount == 2 && first.cpuQuota == nil)
        #expect(first.availableMemory == 150 * Self.mebibyte)
    }

    @Test("What another rank says is read as it was meant")
    func decoding() {
        let limits = ProcessLimits(decoding: Array("f0\n1:2 1:3\n4:5".utf8))
        #expect(limits.mask.coreCount == 4 && limits.quotas.map(\.group) == ["1:2", "1:3"])
        #expect(limits.memoryGroups == ["4:5"])
        let nothing = ProcessLimits(decoding: [])
        #expect(nothing.mask.coreCount == 0 && nothing.quotas.isEmpty && nothing.memoryGroups.isEmpty)
    }
}

/// A folder that stands for the root of the file system.
private final class MadeUpSystem: Sendable {
    let root = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
