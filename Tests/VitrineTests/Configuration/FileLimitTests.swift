import Testing

@testable import vitrine

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct FileLimitTests {
    @Test("raising makes the soft limit the hard one, and says what it is")
    func raise() {
        let raised = FileLimit.raise()
        var limit = rlimit()
        #if canImport(Glibc)
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #else
            #expect(getrlimit(RLIMIT_NOFILE, &limit) == 0)
        #endif
        #expect(limit.rlim_cur == limit.rlim_max)
        #expect(raised == Int(clamping: limit.rlim_cur))
    }

    @Test(
        "connections leave files for everything else",
        arguments: [(1, 1), (64, 48), (1_024, 768), (20_000, 19_488), (1_048_576, 1_048_064)]
    )
    func connections(limit: Int, connections: Int) {
        #expect(FileLimit.connections(under: limit) == connections)
    }

    @Test("the bound of connections is lowered to what fits, with a note, and otherwise stays")
    func fit() throws {
        var configuration = ServerConfiguration()
        let fitting = configuration.fitConnections(underFileLimit: 20_512)
        #expect(fitting == nil)
        #expect(configuration.maxConnections == 20_000)
        let lowering = configuration.fitConnections(underFileLimit: 1_024)
        let note = try #require(lowering)
        #expect(configuration.maxConnections == 768)
        #expect(configuration.maxSockets == 896)
        #expect(note.contains("20000") && note.contains("768") && note.contains("1024"))
    }
}
