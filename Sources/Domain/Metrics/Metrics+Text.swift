extension Metrics {
    /// Writes the Prometheus text format.
    struct Text {
        private(set) var text = ""

        /// The two comment lines before a family.
        mutating func head(_ name: String, help: String, type: String) {
            text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(type)\n"
        }

        /// One sample; labels in alphabetical order.
        mutating func line(_ name: String, _ sample: Sample) {
            text += name
            if !sample.labels.isEmpty {
                let labels = sample.labels.sorted { $0.key < $1.key }
                text +=
                    "{" + labels.map { "\($0.key)=\"\(Self.escape($0.value, quotes: true))\"" }.joined(separator: ",")
                text += "}"
            }
            text += " \(Self.number(sample.value))\n"
        }

        /// A number without a needless fraction.
        static func number(_ value: Double) -> String {
            if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
            if value.isNaN { return "NaN" }
            if let whole = Int64(exactly: value) { return String(whole) }
            return value.description
        }

        private static func escape(_ text: String, quotes: Bool) -> String {
            var escaped = ""
            for character in text {
                switch character {
                case "\\": escaped += "\\\\"
                case "\n": escaped += "\\n"
                case "\"" where quotes: escaped += "\\\""
                default: escaped.append(character)
                }
            }
            return escaped
        }
    }
}
