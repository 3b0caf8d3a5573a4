import Domain
import Testing

@testable import vitrine

@Suite struct BackendTests {
    @Test("texts hidden in pixels are looked for when that is asked for", arguments: [true, false])
    func stealthMetadata(isWanted: Bool) throws {
        try withTemporaryFolder { folder in
            var configuration = ServerConfiguration()
            configuration.dataFolder = folder + "/data"
            configuration.readsStealthMetadata = isWanted
            try configuration.createDataFolder()
            let backend = try Backend(configuration: configuration)
            #expect(backend.library.reading == GenerationOptions(readsHiddenText: isWanted))
            try backend.store.close()
        }
    }
}
