/// Where the values of settings came from, by setting; defaults are left out.
///
/// All are equal: configurations that say the same are the same, whoever said it.
struct SettingOrigins: Hashable, Sendable {
    var settings: [String: SettingOrigin] = [:]

    /// Where a setting's value came from; for a default, the flag that would set it.
    subscript(_ name: String) -> SettingOrigin { settings[name] ?? .flag(name) }

    static func == (_: SettingOrigins, _: SettingOrigins) -> Bool { true }

    func hash(into _: inout Hasher) {}
}
