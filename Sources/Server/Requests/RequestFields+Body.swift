import Requests

extension RequestFields {
    /// The fields of an HTTP request's body.
    init(body: some Sequence<UInt8>) throws(RequestError) {
        guard let value = RequestFields.json(Array(body)) else {
            throw RequestError("the request's body is not valid JSON", code: "invalid_json")
        }
        guard let object = value.object else { throw RequestError("the request's body must be a JSON object") }
        self.init(object)
    }
}
