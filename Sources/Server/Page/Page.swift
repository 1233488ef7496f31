import Hummingbird

/// The page at `/`: one file for the browser, made of its parts here.
enum Page {
    private static let html = text(PackageResources.page_html)
        .replacing("/* style */", with: text(PackageResources.page_css))
        .replacing("/* script */", with: script)

    private static let script = [
        PackageResources.settings_js, PackageResources.conversation_js, PackageResources.cluster_js,
    ].map(text).joined(separator: "\n")

    static var response: Response {
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache",
            // Nothing from elsewhere, whatever an answer holds.
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
