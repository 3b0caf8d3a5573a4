import Domain

extension Setting {
    /// A whole number within `range`.
    static func number(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, Int> & Sendable,
        in range: ClosedRange<Int>,
        help: String
    ) -> Self {
        let accepts = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return single(name, "N", accepts, help, show: { "\($0[keyPath: path])" }) { text, configuration in
            guard let value = WholeNumber.parse(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// A duration in whole milliseconds within `range`.
    static func milliseconds(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, Milliseconds> & Sendable,
        in range: ClosedRange<Milliseconds>,
        help: String
    ) -> Self {
        let accepts = "whole milliseconds from \(range.lowerBound) to \(range.upperBound)"
        return single(name, "MS", accepts, help, show: { "\($0[keyPath: path])" }) { text, configuration in
            guard let value = WholeNumber.parse(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// A size in bytes within `range`, plain or with a suffix (``ByteCount``).
    static func bytes(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, Int> & Sendable,
        in range: ClosedRange<Int>,
        help: String
    ) -> Self {
        let bounds = "\(ByteCount.format(range.lowerBound)) to \(ByteCount.format(range.upperBound))"
        let accepts = "bytes from \(bounds), plain or as KiB, MiB, GiB"
        let show: @Sendable (Configuration) -> String = { ByteCount.format($0[keyPath: path]) }
        return single(name, "SIZE", accepts, help, show: show) { text, configuration in
            guard let value = ByteCount.parse(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// One of the cases of an enumeration.
    static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, Value> & Sendable,
        help: String
    ) -> Self where Value.RawValue == String {
        let accepts = "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))"
        return single(name, "NAME", accepts, help, show: { $0[keyPath: path].rawValue }) { text, configuration in
            guard let value = Value(rawValue: text) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// A text that `parse` accepts; it returns `nil` for what it does not.
    static func text(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, String> & Sendable,
        _ placeholder: String,
        accepts: String,
        help: String,
        parse: @escaping @Sendable (String) -> String?
    ) -> Self {
        single(name, placeholder, accepts, help, show: { $0[keyPath: path] }) { text, configuration in
            guard let value = parse(text) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// A file or folder; relative paths are relative to the working folder.
    static func path(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, String> & Sendable,
        help: String
    ) -> Self {
        text(name, path, "PATH", accepts: "a path", help: help, parse: Self.pathText)
    }

    /// A file or folder that has no default.
    static func optionalPath(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, String?> & Sendable,
        help: String
    ) -> Self {
        single(name, "PATH", "a path", help, show: { $0[keyPath: path] ?? "" }) { text, configuration in
            guard let value = Self.pathText(text) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// A yes or no.
    static func toggle(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, Bool> & Sendable,
        help: String
    ) -> Self {
        let show: @Sendable (Configuration) -> String = { "\($0[keyPath: path])" }
        return single(name, "BOOL", "true or false", help, shape: .toggle, show: show) { text, configuration in
            switch text.lowercased() {
            case "true", "yes", "on", "1": configuration[keyPath: path] = true
            case "false", "no", "off", "0": configuration[keyPath: path] = false
            default: return false
            }
            return true
        }
    }

    /// Any number of values, each the text that `parse` accepts.
    static func list<Value: Equatable & CustomStringConvertible & Sendable>(
        _ name: String,
        _ path: any WritableKeyPath<Configuration, [Value]> & Sendable,
        _ placeholder: String,
        accepts: String,
        help: String,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Self {
        Setting(
            name: name,
            shape: .list,
            placeholder: placeholder,
            accepts: accepts,
            help: help,
            show: { $0[keyPath: path].map(\.description).joined(separator: ",") },
            read: { texts, configuration throws(ConfigurationError) in
                var values: [Value] = []
                for text in texts {
                    guard let value = parse(text) else { throw Self.complaint(text, accepts) }
                    if !values.contains(value) { values.append(value) }
                }
                configuration[keyPath: path] = values
            }
        )
    }

    /// What any path must be: not empty, and without a NUL.
    static func pathText(_ text: String) -> String? {
        text.isEmpty || text.utf8.contains(0) ? nil : text
    }

    /// The error for a value, which is quoted and clipped.
    static func complaint(_ text: String, _ accepts: String) -> ConfigurationError {
        ConfigurationError("\(String(reflecting: String(text.prefix(60)))) is not \(accepts)")
    }

    private static func single(
        _ name: String,
        _ placeholder: String,
        _ accepts: String,
        _ help: String,
        shape: Shape = .single,
        show: @escaping @Sendable (Configuration) -> String,
        store: @escaping @Sendable (String, inout Configuration) -> Bool
    ) -> Self {
        Setting(
            name: name,
            shape: shape,
            placeholder: placeholder,
            accepts: accepts,
            help: help,
            show: show,
            read: { texts, configuration throws(ConfigurationError) in
                guard let text = texts.last else { throw ConfigurationError("a value is missing") }
                guard store(text, &configuration) else { throw complaint(text, accepts) }
            }
        )
    }
}
