/// Brings the sources of settings together: flag before environment before file before default.
struct SettingResolver<Configuration: Sendable>: Sendable {
    let settings: [Setting<Configuration>]

    /// Reads what the sources say into `configuration`, which holds the defaults.
    ///
    /// A source that speaks of a setting replaces what a weaker one says of it, lists too. Only the value that counts
    /// is read, so a bad one that is overruled does no harm.
    /// Answers where the values that count came from, by setting; those that no source speaks of are left out.
    /// Throws ``ConfigurationError`` for the first value that is bad, naming where it came from.
    @discardableResult
    func resolve(
        _ configuration: inout Configuration,
        flags: GivenFlags,
        environment: [String: String],
        file: ConfigurationFile = ConfigurationFile()
    ) throws(ConfigurationError) -> [String: SettingOrigin] {
        var origins: [String: SettingOrigin] = [:]
        for setting in settings {
            guard
                let given = flags.settings[setting.name]
                    ?? Self.variable(setting, in: environment)
                    ?? file.settings[setting.name]
            else { continue }
            if given.isList, setting.shape != .list {
                throw ConfigurationError(given.origin, "takes one value, not a list")
            }
            do {
                try setting.read(given.values, &configuration)
            } catch {
                throw ConfigurationError(given.origin, error.message)
            }
            origins[setting.name] = given.origin
        }
        return origins
    }

    /// What the environment says about a setting; a variable that is empty says nothing.
    private static func variable(_ setting: Setting<Configuration>, in environment: [String: String]) -> GivenSetting? {
        guard let text = environment[setting.variable], !text.isEmpty else { return nil }
        let origin = SettingOrigin.variable(setting.variable)
        guard setting.shape == .list else { return GivenSetting([text], from: origin) }
        let values = text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        return GivenSetting(values, from: origin, isList: true)
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
