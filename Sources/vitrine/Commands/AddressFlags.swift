import ArgumentParser

/// Where the server listens, and who may come.
struct AddressFlags: SettingFlags {
    @Option(help: .server("host")) var host: String?
    @Option(help: .server("port")) var port: String?
    @Option(help: .server("allow-host")) var allowHost: [String] = []
    @Option(help: .server("allow-origin")) var allowOrigin: [String] = []
    @Option(help: .server("token")) var token: [String] = []
    @Flag(inversion: .prefixedNo, help: .server("insecure")) var insecure: Bool?
    @Option(help: .server("tls-cert")) var tlsCert: String?
    @Option(help: .server("tls-key")) var tlsKey: String?

    func give(to flags: inout GivenFlags) {
        flags.take("host", host)
        flags.take("port", port)
        flags.take("allow-host", allowHost)
        flags.take("allow-origin", allowOrigin)
        flags.take("token", token)
        flags.take("insecure", insecure)
        flags.take("tls-cert", tlsCert)
        flags.take("tls-key", tlsKey)
    }
}
