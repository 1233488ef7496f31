/// The shell that stands before each rank's program: mpirun says late and badly which rank was killed, by the kernel for want
/// of memory as a rule, so that shell says it, with the host.
enum RankShell {
    /// What comes before the program's words.
    ///
    /// - Parameters:
    ///   - hosts: Each rank's, where they are known: a rank that meets nobody can name them.
    ///   - staysForLastWords: Whether rank 0 may have something to finish after mpirun's SIGTERM: answers of clients, a
    ///     trace. mpirun takes a rank for gone with its shell.
    static func words(_ family: LauncherFamily, hosts: [String]?, staysForLastWords: Bool) -> [String] {
        let trap = staysForLastWords ? "trap 'ended=yes' TERM INT\n" : ""
        let names = hosts.map { "export \(["STAGECOACH_RANK_HOSTS=\($0.joined(separator: ","))"].shellLine)\n" } ?? ""
        return ["sh", "-c", trap + names + script.replacing("RANK", with: "$\(family.rankVariable)"), "rank"]
    }

    /// What the shell itself says of the killed goes nowhere.
    ///
    /// Who is asked to end, by SIGUSR1, before there is anything to finish has not failed.
    ///
    /// Signal 13, SIGPIPE, is not told: it ends a rank that writes to mpirun or to another rank when they have gone, and
    /// why they did is told already.
    private static let script = """
        ended= asked=
        trap asked=yes USR1
        exec 3>&2 2>/dev/null
        ("$@") 2>&3 3>&-
        status=$?
        [ $status -gt 128 ] && [ ! "$ended" ] || exit $status
        [ $status -ne 138 ] || [ ! "$asked" ] || exit $status
        [ $status -eq 141 ] ||
            echo "stagecoach: rank RANK on $(uname -n) was killed by signal $((status - 128))" >&3
        exit 70
        """
}
