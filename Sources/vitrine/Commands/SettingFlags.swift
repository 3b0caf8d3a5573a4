import ArgumentParser

/// A group of flags that stand for settings of a table.
protocol SettingFlags: ParsableArguments {
    /// Tells what was given on the command line.
    func give(to flags: inout GivenFlags)
}

extension ArgumentHelp {
    /// The help of a setting of the server, with its variable and its default.
    static func server(_ name: String) -> ArgumentHelp {
        help(name, ServerSettings.all, ServerConfiguration())
    }

    /// The help of a setting of the conformance server.
    static func conformance(_ name: String) -> ArgumentHelp {
        help(name, ConformanceSettings.all, ConformanceConfiguration())
    }

    /// The help of a setting of `vitrine seed`.
    static func seed(_ name: String) -> ArgumentHelp {
        help(name, SeedSettings.all, SeedConfiguration())
    }

    private static func help<Configuration>(
        _ name: String,
        _ settings: [Setting<Configuration>],
        _ defaults: Configuration
    ) -> ArgumentHelp {
        guard let setting = settings.first(where: { $0.name == name }) else {
            preconditionFailure("no setting is called \(name)")
        }
        return ArgumentHelp("\(setting.summary(defaults)).", valueName: setting.placeholder)
    }
}

extension Setting {
    /// The one line of a command's help: what it does, what it takes, its variable, its default.
    func summary(_ defaults: Configuration) -> String {
        var facts = shape == .toggle ? [] : [accepts]
        if shape == .list { facts.append("repeatable") }
        facts.append("env: \(variable)")
        let value = show(defaults)
        if !value.isEmpty { facts.append("default: \(value)") }
        return "\(help) (\(facts.joined(separator: "; ")))"
    }
}
