import Foundation
import Testing

@testable import vitrine

/// What whoever starts the server is told of a folder that cannot be used.
struct FolderOriginTests {
    private func configuration(
        yaml: String = "",
        environment: [String: String] = [:],
        flags: (inout GivenFlags) -> Void = { _ in }
    ) throws -> ServerConfiguration {
        try withTemporaryFolder { folder in
            let path = folder + "/v.yaml"
            try write(yaml, to: path)
            var given = GivenFlags()
            flags(&given)
            var configuration = try ServerConfiguration(
                flags: given,
                configurationPath: yaml.isEmpty ? nil : path,
                environment: environment,
                findFolder: { _ in nil }
            )
            // The file's folder has another name each time.
            configuration.origins.settings = configuration.origins.settings.mapValues { origin in
                guard case .key(let name, _, let line) = origin else { return origin }
                return .key(name, file: "v.yaml", line: line)
            }
            return configuration
        }
    }

    private func complaint(_ configuration: ServerConfiguration) throws -> String {
        try #require(throws: ConfigurationError.self) { try configuration.checkFolders() }.message
    }

    @Test("a missing library is told with the file and line, the variable, or the flag that named it")
    func library() throws {
        let file = try configuration(yaml: "port: 0\nlibrary:\n  - /nonexistent\n")
        #expect(try complaint(file) == "library (v.yaml, line 2): /nonexistent is not a folder")
        let variable = try configuration(yaml: "library: /", environment: ["VITRINE_LIBRARY": "/nonexistent"])
        #expect(try complaint(variable) == "VITRINE_LIBRARY: /nonexistent is not a folder")
        let flag = try configuration(environment: ["VITRINE_LIBRARY": "/"]) { $0.take("library", ["/nonexistent"]) }
        #expect(try complaint(flag) == "--library: /nonexistent is not a folder")
    }

    @Test("other folders, hosts and files are told with where they came from too")
    func others() throws {
        let web = try configuration(environment: ["VITRINE_WEB_DIR": "/nonexistent"])
        #expect(try complaint(web) == "VITRINE_WEB_DIR: /nonexistent is not a folder")
        let around = try configuration(yaml: "trash: /usr\nlibrary: /usr/bin\n")
        #expect(try complaint(around) == "trash (v.yaml, line 1): /usr holds the library folder /usr/bin")
        let above = try configuration(yaml: "trash: /\nlibrary: /usr/bin\n")
        #expect(try complaint(above) == "trash (v.yaml, line 1): / holds the library folder /usr/bin")
        let host = try configuration(yaml: "host: 0.0.0.0\n")
        let open = try #require(throws: ConfigurationError.self) { try host.checkAccess() }
        #expect(open.message.hasPrefix("host (v.yaml, line 1): 0.0.0.0 can be reached"))
    }

    @Test("a trash that is a link to a folder around the library, or to it, is refused; one beside it is not")
    func linkedTrash() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/pictures/library",
                withIntermediateDirectories: true
            )
            for (link, target) in [("around", "pictures"), ("same", "pictures/library")] {
                let trash = folder + "/" + link
                try FileManager.default.createSymbolicLink(atPath: trash, withDestinationPath: folder + "/" + target)
                let bad = try configuration(yaml: "trash: \(trash)\nlibrary: \(folder)/pictures/library\n")
                #expect(try complaint(bad).hasPrefix("trash (v.yaml, line 1): \(trash) holds the library folder"))
            }
            let beside = try configuration(yaml: "trash: \(folder)/pict\nlibrary: \(folder)/pictures/library\n")
            try beside.checkFolders()
        }
    }

    @Test("a trash is made with the folders above it; where none can be, setting and path are told")
    func trash() throws {
        try withTemporaryFolder { folder in
            try write("x", to: folder + "/file")
            #expect(try configuration().createTrashFolder() == nil)
            let good = try configuration(environment: ["VITRINE_TRASH": folder + "/a/b"])
            for _ in 0..<2 { #expect(try good.createTrashFolder()?.hasSuffix("/a/b") == true) }
            #expect(ServerConfiguration.isFolder(folder + "/a/b"))
            for bad in [folder + "/file", folder + "/file/below"] {
                var configuration = try configuration(environment: ["VITRINE_TRASH": bad])
                configuration.dataFolder = folder + "/data"
                let error = try #require(throws: ConfigurationError.self) { try Backend(configuration: configuration) }
                #expect(error.message.hasPrefix("VITRINE_TRASH: \(bad) cannot be created"))
            }
        }
    }

    @Test("a client's folder needs its page")
    func client() throws {
        try withTemporaryFolder { folder in
            let configuration = try configuration(environment: ["VITRINE_IIB_CLIENT": folder])
            let text = try complaint(configuration)
            #expect(text.hasPrefix("VITRINE_IIB_CLIENT: \(folder) holds no index.html"))
            try write("<html>", to: folder + "/index.html")
            try configuration.checkFolders()
        }
    }
}
