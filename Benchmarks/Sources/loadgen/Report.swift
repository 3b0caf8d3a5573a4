import Histogram

/// What a measurement found: one JSON object on one line.
struct Report {
    var name: String
    var seconds: Double
    var messages: Int
    var latency: Histogram<UInt64>

    init(_ name: String) {
        self.name = name
        seconds = 0
        messages = 0
        latency = Histogram<UInt64>(highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .three)
    }

    /// Prints rate and percentiles, in microseconds.
    func emit() {
        let values = [50.0, 99.0, 99.9].map { percentile in
            "\"p\(percentile == 99.9 ? "999" : String(Int(percentile)))_us\":"
                + String(Double(latency.valueAtPercentile(percentile)) / 1000)
        }
        let rate = Int(Double(messages) / seconds)
        print(
            "{\"name\":\"\(name)\",\"per_second\":\(rate),\"messages\":\(messages),\"seconds\":\(seconds),"
                + values.joined(separator: ",") + "}"
        )
    }
}
