import Requests

extension RequestFields {
    /// The fields of an HTTP request's body.
    init(body: some Sequence<UInt8>) throws(RequestError) {
        guard let object = try RequestFields.json(Array(body), of: "the request's body").object else {
            throw RequestError("the request's body must be a JSON object")
        }
        self.init(object)
    }
}
