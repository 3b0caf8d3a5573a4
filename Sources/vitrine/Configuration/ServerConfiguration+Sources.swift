extension ServerConfiguration {
    /// The names that the configuration file may hold.
    static let fileKeys = Set(ServerSettings.all.map(\.name))

    /// Brings flags, environment, and the configuration file together (``SettingResolver``).
    ///
    /// `configurationPath` is the value of `--config`; without it `VITRINE_CONFIG` counts. Folders that come with the
    /// program are looked for with `findFolder` when no source names them.
    /// Throws ``ConfigurationError``; ``checkAccess()`` and ``checkFolders()`` are left to the caller.
    init(
        flags: GivenFlags,
        configurationPath: String?,
        environment: [String: String],
        findFolder: (String) -> String? = { ResourceFolder.find($0) }
    ) throws(ConfigurationError) {
        self.init()
        var file = ConfigurationFile()
        if let path = configurationPath ?? environment["VITRINE_CONFIG"], !path.isEmpty {
            file = try ConfigurationFile(path: path, known: Self.fileKeys)
        }
        let resolver = SettingResolver(settings: ServerSettings.all)
        origins.settings = try resolver.resolve(&self, flags: flags, environment: environment, file: file)
        // What VFrame calls it.
        if taskEndpoint == nil, let endpoint = environment["TASK_ENDPOINT"], !endpoint.isEmpty {
            guard HostText.isWebAddress(endpoint) else {
                throw ConfigurationError(.variable("TASK_ENDPOINT"), "not \(HostText.webAddressForm)")
            }
            taskEndpoint = endpoint
        }
        iib = try IIBVariables(environment: environment)
        if webFolder == nil { webFolder = findFolder("web-test-client") }
        if seedsFolder == nil { seedsFolder = findFolder("seeds") }
    }

    /// The variables that begin like ours but are no setting of any command, for a warning: most are misspelt.
    static func unknownVariables(in environment: [String: String]) -> [String] {
        let known = Set(
            ServerSettings.all.map(\.variable) + ConformanceSettings.all.map(\.variable)
                + SeedSettings.all.map(\.variable) + ["VITRINE_CONFIG"]
        )
        return environment.keys.filter { $0.hasPrefix(SettingName.prefix) && !known.contains($0) }.sorted()
    }
}
