import Foundation
import Yams

/// A YAML file of settings: one mapping, its keys the flags' names, lists for repeatable ones.
struct ConfigurationFile: Sendable {
    /// The greatest size of a file in bytes.
    static let limit = 1 << 20

    private(set) var settings: [String: GivenSetting] = [:]

    /// A file that says nothing.
    init() {}

    /// Reads the file at `path`; `known` are the keys that may stand in it.
    ///
    /// Throws ``ConfigurationError`` when the file cannot be read, is larger than ``limit``, is not UTF-8, or for what
    /// ``init(text:name:known:)`` throws.
    init(path: String, known: Set<String>) throws(ConfigurationError) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ConfigurationError("--config: \(path) cannot be read")
        }
        defer { try? handle.close() }
        let data: Data
        do {
            data = try handle.read(upToCount: Self.limit + 1) ?? Data()
        } catch {
            throw ConfigurationError("--config: \(path) cannot be read")
        }
        guard data.count <= Self.limit else {
            throw ConfigurationError("--config: \(path) is larger than \(ByteCount.format(Self.limit))")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError("--config: \(path) is not UTF-8")
        }
        try self.init(text: text, name: path, known: known)
    }

    /// Reads YAML; `name` is the file's in errors.
    ///
    /// Throws ``ConfigurationError`` for what is not YAML, not a mapping, an unknown or repeated key, and a value that
    /// is missing or neither a scalar nor a list of scalars; with the line where it is known.
    init(text: String, name: String, known: Set<String>) throws(ConfigurationError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw Self.syntaxError(error, name: name)
        }
        guard let root, !Self.isNull(root) else { return }
        guard case .mapping(let mapping) = root else {
            throw ConfigurationError("\(name): a mapping of settings is expected, as in \"port: 8080\"")
        }
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line
            guard case .scalar(let key) = keyNode else {
                throw ConfigurationError("\(name)\(Self.atLine(line)): a key must be the name of a setting")
            }
            let origin = SettingOrigin.key(key.string, file: name, line: line)
            guard known.contains(key.string) else {
                throw ConfigurationError(origin, "there is no setting of this name")
            }
            settings[key.string] = try Self.given(value, from: origin)
        }
    }

    private static func given(_ node: Node, from origin: SettingOrigin) throws(ConfigurationError) -> GivenSetting {
        switch node {
        case .scalar(let scalar):
            guard !isNull(node) else { throw ConfigurationError(origin, "a value is missing") }
            return GivenSetting([scalar.string], from: origin)
        case .sequence(let sequence):
            var values: [String] = []
            for element in sequence {
                guard case .scalar(let scalar) = element, !isNull(element) else {
                    throw ConfigurationError(origin, "a list may hold single values only")
                }
                values.append(scalar.string)
            }
            return GivenSetting(values, from: origin, isList: true)
        case .mapping, .alias:
            throw ConfigurationError(origin, "a value or a list is expected")
        }
    }

    private static func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func atLine(_ line: Int?) -> String { line.map { ", line \($0)" } ?? "" }

    private static func syntaxError(_ error: any Error, name: String) -> ConfigurationError {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            ConfigurationError("\(name), line \(mark.line): \(problem)")
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            ConfigurationError(
                "\(name), line \(context.mark.line): \(keys.sorted().joined(separator: ", ")) stands there twice"
            )
        case YamlError.reader(let problem, _, _, _): ConfigurationError("\(name): \(problem)")
        default: ConfigurationError("\(name): not a YAML file")
        }
    }
}
