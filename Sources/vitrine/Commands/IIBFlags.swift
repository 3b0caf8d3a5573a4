import ArgumentParser

/// How clients of Infinite Image Browsing are served.
struct IIBFlags: SettingFlags {
    @Option(help: .server("iib-base")) var iibBase: String?
    @Option(help: .server("iib-client")) var iibClient: String?
    @Flag(inversion: .prefixedNo, help: .server("iib-allow-cors")) var iibAllowCors: Bool?
    @Flag(inversion: .prefixedNo, help: .server("enable-shutdown")) var enableShutdown: Bool?

    func give(to flags: inout GivenFlags) {
        flags.take("iib-base", iibBase)
        flags.take("iib-client", iibClient)
        flags.take("iib-allow-cors", iibAllowCors)
        flags.take("enable-shutdown", enableShutdown)
    }
}
