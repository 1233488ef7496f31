import ArgumentParser
import ChatTemplates
import Engine
import ModelFiles
import OrderedJSON
import Requests

/// How conversations are dressed.
struct TemplateOptions: ParsableArguments {
    @Option(help: "A file with a chat template (Jinja) to use in place of the model's own.")
    var chatTemplate: String?

    @Option(help: "Variables for the chat template, as a JSON object such as {\"enable_thinking\": false}.")
    var templateVariables: String?

    /// The Jinja source to use in place of the model's own; nil for that.
    func source() throws(EngineError) -> String? {
        guard let chatTemplate else { return nil }
        return try TextFile.read(chatTemplate)
    }

    func encoder(for model: Model) throws(EngineError) -> PromptEncoder {
        PromptEncoder(model, chatTemplate: try source(), variables: try variables())
    }

    private func variables() throws(EngineError) -> JSONObject {
        guard let templateVariables else { return [:] }
        let value: JSONValue
        do { value = try JSONValue(reading: templateVariables.utf8) } catch {
            throw .usage("--template-variables is \(error)")
        }
        guard let object = value.object else {
            throw .usage("--template-variables wants a JSON object such as {\"enable_thinking\": false}")
        }
        return object
    }
}
