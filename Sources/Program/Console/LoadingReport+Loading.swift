import Engine
import ReportSchemas

extension LoadingReport {
    init(_ loading: Loading) {
        self.init(bytes: loading.byteCount, seconds: loading.seconds, gigabytesPerSecond: loading.rate * 1e-9)
    }
}
