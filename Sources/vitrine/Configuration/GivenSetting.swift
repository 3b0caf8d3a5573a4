/// What one source says about one setting, before it is read: one text, or several of a repeatable setting.
struct GivenSetting: Hashable, Sendable {
    var values: [String]
    var origin: SettingOrigin
    /// Whether the source wrote a list, even of one element.
    var isList: Bool

    /// One source's words.
    init(_ values: [String], from origin: SettingOrigin, isList: Bool = false) {
        self.values = values
        self.origin = origin
        self.isList = isList
    }
}
