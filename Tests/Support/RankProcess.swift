import Foundation
import Glibc

/// Finds the process of a rank, on whatever host in a namespace it runs, for tests that stop or kill it.
public enum RankProcess {
    /// The variable whose value tells one launch from another.
    public static let mark = "STAGECOACH_TEST_MARK"

    /// The process of rank `rank` that runs `program` in the launch whose environment has `mark`; nil when there is none.
    public static func find(_ rank: Int, of program: String, marked value: String) -> pid_t? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.first { process in
            words(of: process, in: "cmdline").first == program
                && Set(words(of: process, in: "environ"))
                    .isSuperset(of: ["OMPI_COMM_WORLD_RANK=\(rank)", "\(mark)=\(value)"])
        }
    }

    private static func words(of process: pid_t, in file: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/\(file)") else { return [] }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
