import ArgumentParser

/// The configuration file; not a setting itself, for a file cannot name another.
struct FileFlag: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "A YAML file of settings, its keys the flags' names without dashes in front (env: VITRINE_CONFIG).",
            valueName: "PATH"
        )
    ) var path: String?
}
