/// What the command line says, by setting.
struct GivenFlags: Sendable {
    private(set) var settings: [String: GivenSetting] = [:]

    /// Takes one value's flag; `nil` when it was not given.
    mutating func take(_ name: String, _ value: String?) {
        guard let value else { return }
        settings[name] = GivenSetting([value], from: .flag(name))
    }

    /// Takes a flag without a value; `nil` when neither it nor its `--no-` form was given.
    mutating func take(_ name: String, _ value: Bool?) {
        take(name, value.map { "\($0)" })
    }

    /// Takes a repeatable flag.
    mutating func take(_ name: String, _ values: [String]) {
        guard !values.isEmpty else { return }
        settings[name] = GivenSetting(values, from: .flag(name), isList: true)
    }

    /// Takes what another group of flags was given.
    mutating func take(_ group: some SettingFlags) {
        group.give(to: &self)
    }
}
