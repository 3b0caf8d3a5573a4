import Domain
import Testing

@testable import vitrine

@Suite struct ModelSettingsTests {
    @Test("a type and its folder, or its suffix, are read from one text")
    func texts() throws {
        #expect(ModelFolderText.folder("loras=/a=b c") == ModelFolderText(type: "loras", value: "/a=b c"))
        #expect(ModelFolderText.suffix("vae=.SafeTensors") == ModelFolderText(type: "vae", value: "safetensors"))
        #expect(ModelFolderText.folder("my.type-1_x=./m")?.description == "my.type-1_x=./m")
        let long = String(repeating: "a", count: 65)
        for text in ["", "=", "loras", "=/m", "a b=/m", "é=/m", ".a=/m", "OTHERS=/m", "loras=", "a=/m\0", "\(long)=/m"]
        {
            #expect(ModelFolderText.folder(text) == nil, "\(text)")
        }
        for text in ["a=", "a=.", "a=..", "a=a.b", "a=é", "a=/", "a=abcdefghijklmnopq", "pt"] {
            #expect(ModelFolderText.suffix(text) == nil, "\(text)")
        }
    }

    @Test("without settings each usual type has its folder in that of models, and the usual suffixes")
    func defaults() {
        #expect(ServerConfiguration().models(below: "/d/models") == .standard(below: "/d/models"))
    }

    @Test("named folders come behind a type's own, and named types behind the usual ones")
    func folders() throws {
        var configuration = ServerConfiguration()
        configuration.modelFolders = ["loras=/a", "flux=/f", "loras=/b/", "loras=/a/../a", "flux=/g"]
            .compactMap { ModelFolderText.folder($0) }
        let models = configuration.models(below: "/d")
        #expect(models.kinds.map(\.name) == ModelFolders.defaultTypes + ["flux"])
        #expect(models.kinds.first { $0.name == "loras" }?.folders == ["/d/loras", "/a", "/b"])
        #expect(models.kinds.last?.folders == ["/d/flux", "/f", "/g"])
        #expect(models.kinds.allSatisfy { $0.suffixes == ModelFolders.defaultSuffixes })
    }

    @Test("named suffixes take the place of a type's own; those of a type that there is none of are an error")
    func suffixes() throws {
        var configuration = ServerConfiguration()
        configuration.modelFolders = [try #require(ModelFolderText.folder("flux=/f"))]
        configuration.modelSuffixes = ["vae=pt", "vae=.bin", "flux=gguf"].compactMap { ModelFolderText.suffix($0) }
        let models = configuration.models(below: "/d")
        #expect(models.kinds.first { $0.name == "vae" }?.suffixes == ["pt", "bin"])
        #expect(models.kinds.last?.suffixes == ["gguf"])
        #expect(models.kinds.first { $0.name == "loras" }?.suffixes == ModelFolders.defaultSuffixes)
        try configuration.checkModels()
        configuration.modelFolders = []
        let error = #expect(throws: ConfigurationError.self) { try configuration.checkModels() }
        #expect(error?.message == "--model-suffix: there is no type flux")
    }
}
