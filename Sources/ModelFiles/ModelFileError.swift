import Platform

/// A model file that cannot be used, as one sentence that names the file, what is wrong and what to do about it.
public struct ModelFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let problem: ModelFileProblem

    public init(path: String, problem: ModelFileProblem) {
        self.path = path
        self.problem = problem
    }

    /// The file cannot be written.
    init(path: String, writing problem: PartialFile.Problem) {
        self.init(path: path, problem: .cannotWrite(reason: "\(problem)"))
    }

    public var description: String { "\(path): \(problem)" }
}
