/// Where the value of a setting came from, in the words of an error message.
enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The command line; `name` is the setting's.
    case flag(String)
    /// The environment; `name` is the variable's.
    case variable(String)
    /// The configuration file; lines count from 1.
    case key(String, file: String, line: Int?)

    var description: String {
        switch self {
        case .flag(let name): "--\(name)"
        case .variable(let name): name
        case .key(let name, let file, let line?): "\(name) (\(file), line \(line))"
        case .key(let name, let file, nil): "\(name) (\(file))"
        }
    }
}
