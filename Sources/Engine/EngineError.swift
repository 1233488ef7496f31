import ChatTemplates
import Kernels
import ModelFiles
import PipelineRuntime
import Planning
import Platform
import Sampling

/// A failure that people can do something about, with the exit status that goes with it.
public struct EngineError: Error, CustomStringConvertible {
    public enum Kind: Int32, Sendable {
        /// A command line that asks for something impossible (EX_USAGE).
        case usage = 64
        /// A model, prompt or file that cannot be used (EX_DATAERR).
        case badInput = 65
        /// Anything else (EX_SOFTWARE).
        case failure = 70
    }

    public let kind: Kind
    public let description: String

    private init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    public static func usage(_ message: String) -> EngineError { EngineError(.usage, message) }
    public static func badInput(_ message: String) -> EngineError { EngineError(.badInput, message) }
    public static func failure(_ message: String) -> EngineError { EngineError(.failure, message) }

    /// An error of any of the project's modules, whose description is made for people; nil for others.
    public init?(_ error: any Error) {
        switch error {
        case let error as EngineError:
            self = error
        case is PartitionError, is SamplingParametersError, is StopStringsError, is InstructionSetError:
            self.init(.usage, "\(error)")
        case let error as PlanRefusal:
            self.init(error.isOfModel ? .badInput : .usage, error.description)
        case is ClusterFileError, is ModelFileError, is SamplerError, is ChatTemplateError:
            self.init(.badInput, "\(error)")
        case let error as PipelineError:
            if case .nonFinite = error { self.init(.badInput, "\(error)") } else { self.init(.failure, "\(error)") }
        case is BackgroundThread.StartError:
            self.init(.failure, "\(error)")
        default:
            return nil
        }
    }
}
