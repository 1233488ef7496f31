/// This build of the program; all ranks must run the same one.
public enum Build {
    public static let version = "0.1.0"
}
