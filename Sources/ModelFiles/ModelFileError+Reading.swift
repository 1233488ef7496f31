import Tensors

extension ModelFileError {
    /// A file of the model cannot be read.
    init(_ error: FileReadError) { self.init(path: error.path, problem: ModelFileProblem(error)) }
}

extension ModelFileProblem {
    /// What a file's error says without its name.
    init(_ error: FileReadError) {
        self = error.problem == .changed ? .changed(reason: error.reason) : .unreadable(reason: error.reason)
    }
}
