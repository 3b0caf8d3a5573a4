/// One row of a table of settings; flag, environment variable, file key, help and documentation follow from it.
///
/// The default is not here: it is what a fresh `Configuration` holds, shown by ``show``.
struct Setting<Configuration: Sendable>: Sendable {
    /// What kind of words a setting takes, as far as sources must know it.
    enum Shape: Sendable {
        /// One value.
        case single
        /// A yes or no; as a flag it takes no value.
        case toggle
        /// Any number of values: the flag may be repeated, a variable separates them with commas.
        case list
    }

    /// The flag and the file key, in kebab case.
    let name: String
    let shape: Shape
    /// What stands for the value in the help, such as `MS`.
    let placeholder: String
    /// What values are good, for the help and for errors: `a whole number from 0 to 65535`.
    let accepts: String
    /// What the setting does, in one sentence without its full stop.
    let help: String
    /// The value in a configuration as text, empty when there is none.
    let show: @Sendable (Configuration) -> String
    /// Reads a source's words into a configuration; throws what is wrong with them, without saying whose they are.
    let read: @Sendable ([String], inout Configuration) throws(ConfigurationError) -> Void

    /// The name in the environment: `VITRINE_MAX_BODY` for `max-body`.
    var variable: String { SettingName.variable(name) }
}

/// How the names of a setting hang together.
enum SettingName {
    /// What all variables of ours begin with.
    static let prefix = "VITRINE_"

    /// The environment variable of a flag.
    static func variable(_ flag: String) -> String {
        prefix + flag.uppercased().replacing("-", with: "_")
    }
}
