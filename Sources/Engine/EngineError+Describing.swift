import ChatTemplates
import Kernels
import ModelFiles
import Planning
import Platform
import Requests
import Ring
import Sampling
import Tensors

extension EngineError {
    /// An error of any of the project's modules, whose description is made for people; nil for others.
    public init?(_ error: any Error) {
        switch error {
        case let error as EngineError:
            self = error
        case is PartitionError, is SamplingParametersError, is StopStringsError, is InstructionSetError:
            self.init(.usage, "\(error)")
        case let error as PlanRefusal:
            self.init(error.isOfModel ? .badInput : .usage, error.description)
        case is ClusterFileError, is ModelFileError, is FileReadError, is SamplerError, is ChatTemplateError:
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
