/// The shell that stands before each rank's program: `mpirun -q` keeps to itself which rank was killed, by the kernel for
/// want of memory as a rule, so that shell says it, with the host.
enum RankShell {
    /// What comes before the program's words.
    ///
    /// - Parameter waitsForTrace: Whether rank 0 may still write a trace after mpirun's SIGTERM: its shell then waits for it.
    static func words(waitsForTrace: Bool) -> [String] {
        ["sh", "-c", waitsForTrace ? "ended=\ntrap 'ended=yes' TERM INT\n" + script : "ended=\n" + script, "rank"]
    }

    /// What the shell itself says of the killed goes nowhere.
    ///
    /// Signal 13, SIGPIPE, is not told: it ends a rank that writes to mpirun or to another rank when they have gone, and
    /// why they did is told already.
    private static let script = """
        trap : USR1
        exec 3>&2 2>/dev/null
        ("$@") 2>&3 3>&-
        status=$?
        [ $status -gt 128 ] && [ ! "$ended" ] || exit $status
        [ $status -eq 141 ] ||
            echo "stagecoach: rank $OMPI_COMM_WORLD_RANK on $(uname -n) was killed by signal $((status - 128))" >&3
        exit 70
        """
}
