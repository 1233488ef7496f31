/// A model file that cannot be used, as one sentence that names the file, what is wrong and what to do about it.
public struct ModelFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let problem: ModelFileProblem

    public init(path: String, problem: ModelFileProblem) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path): \(problem)" }
}
