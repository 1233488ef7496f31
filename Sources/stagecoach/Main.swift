import Program

/// The program. What it does is a module of its own: tests can look into that.
@main
enum Main {
    static func main() { runCommandLine() }
}
