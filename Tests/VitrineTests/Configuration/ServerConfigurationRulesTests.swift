import Domain
import Foundation
import Testing

@testable import vitrine

@Suite struct ServerConfigurationRulesTests {
    @Test("loopback needs no token", arguments: ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
    func loopback(host: String) throws {
        var configuration = ServerConfiguration()
        configuration.host = host
        try configuration.checkAccess()
    }

    @Test("any other host needs a token or --insecure", arguments: ["0.0.0.0", "::", "192.168.1.2", "nas.local"])
    func others(host: String) throws {
        var configuration = ServerConfiguration()
        configuration.host = host
        let error = try #require(throws: ConfigurationError.self) { try configuration.checkAccess() }
        #expect(error.message.contains("--token") && error.message.contains("--insecure"))
        #expect(error.message.contains(host))
        var insecure = configuration
        insecure.insecure = true
        try insecure.checkAccess()
        configuration.tokens = ["t": .viewer]
        try configuration.checkAccess()
    }

    @Test("certificate and key come together, and are files")
    func tls() throws {
        try withTemporaryFolder { folder in
            let pem = folder + "/a.pem"
            try write("x", to: pem)
            let cases: [(String?, String?, String?)] = [
                (nil, nil, nil), (pem, pem, nil), (pem, nil, "--tls-key"), (nil, pem, "--tls-cert"),
                (pem, folder + "/none", "--tls-key"), (folder, pem, "--tls-cert"),
            ]
            for (certificate, key, complaint) in cases {
                var configuration = ServerConfiguration()
                configuration.tlsCertificate = certificate
                configuration.tlsKey = key
                if let complaint {
                    let error = try #require(throws: ConfigurationError.self) { try configuration.checkAccess() }
                    #expect(error.message.contains(complaint))
                } else {
                    try configuration.checkAccess()
                }
                #expect(configuration.usesTLS == (certificate != nil))
            }
        }
    }

    @Test("folders that are named must be there")
    func folders() throws {
        try withTemporaryFolder { folder in
            let missing = folder + "/none"
            let paths: [(WritableKeyPath<ServerConfiguration, String?>, String)] = [
                (\.webFolder, "--web-dir"), (\.seedsFolder, "--seeds-dir"),
            ]
            for (path, flag) in paths {
                var configuration = ServerConfiguration()
                configuration[keyPath: path] = folder
                try configuration.checkFolders()
                configuration[keyPath: path] = missing
                let error = try #require(throws: ConfigurationError.self) { try configuration.checkFolders() }
                #expect(error.message.hasPrefix(flag))
            }
            var configuration = ServerConfiguration()
            configuration.libraries = [folder, missing]
            let error = try #require(throws: ConfigurationError.self) { try configuration.checkFolders() }
            #expect(error.message == "--library: \(missing) is not a folder")
        }
    }

    @Test("the data folder is created for its owner only, and a file in its place is an error")
    func dataFolder() throws {
        try withTemporaryFolder { folder in
            var configuration = ServerConfiguration()
            configuration.dataFolder = folder + "/a/b"
            try configuration.createDataFolder()
            try configuration.createDataFolder()
            let attributes = try FileManager.default.attributesOfItem(atPath: configuration.dataFolder)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            try write("x", to: folder + "/file")
            for bad in [folder + "/file", folder + "/file/below"] {
                configuration.dataFolder = bad
                let error = try #require(throws: ConfigurationError.self) { try configuration.createDataFolder() }
                #expect(error.message.contains(bad))
            }
        }
    }

    @Test("the access policy has the tokens, hosts and origins, and the host when it is a name")
    func accessPolicy() throws {
        var configuration = ServerConfiguration()
        configuration.host = "nas.local"
        configuration.allowedHosts = ["pics.example"]
        configuration.allowedOrigins = ["https://pages.example"]
        configuration.tokens = ["t": .operator]
        let policy = configuration.accessPolicy
        try policy.checkHost(["nas.local:8080"])
        try policy.checkHost(["pics.example"])
        #expect(throws: AccessPolicy.Refusal.host) { try policy.checkHost(["other.example"]) }
        try policy.checkOrigin(["https://pages.example"], host: "nas.local")
        #expect(try policy.role(authorization: "Bearer t", query: nil) == .operator)
    }

    @Test("Celery needs Redis, and its tasks a way back")
    func celery() throws {
        var configuration = ServerConfiguration()
        configuration.celery = [CeleryRoute(name: "x", queue: "q")]
        let missing = try #require(throws: ConfigurationError.self) { try configuration.checkCelery() }
        #expect(missing.message == "--celery is set without --redis")
        configuration.redis = try RedisAddress("redis://cache")
        try configuration.checkCelery()
        configuration.port = 0
        let open = try #require(throws: ConfigurationError.self) { try configuration.checkCelery() }
        #expect(open.message.contains("--task-endpoint"))
        configuration.taskEndpoint = "http://api/worker"
        try configuration.checkCelery()
        configuration.taskEndpoint = nil
        configuration.celery[0].arguments = .params
        try configuration.checkCelery()
    }

    @Test(
        "tasks on Celery report to the server's own address unless another is set",
        arguments: [
            ("127.0.0.1", "http://127.0.0.1:8080/worker"), ("::1", "http://[::1]:8080/worker"),
            ("nas.local", "http://nas.local:8080/worker"),
            ("0.0.0.0", "http://\(ProcessStatistics.hostName):8080/worker"),
        ]
    )
    func endpoint(host: String, endpoint: String) {
        var configuration = ServerConfiguration()
        configuration.host = host
        #expect(configuration.workerEndpoint == endpoint)
        configuration.tlsCertificate = "/c"
        #expect(configuration.workerEndpoint == endpoint.replacing("http:", with: "https:"))
        configuration.taskEndpoint = "http://other/worker"
        #expect(configuration.workerEndpoint == "http://other/worker")
    }

    @Test("VFrame's TASK_ENDPOINT counts when nothing else does")
    func taskEndpoint() throws {
        func endpoint(_ environment: [String: String]) throws -> String? {
            try ServerConfiguration(
                flags: GivenFlags(),
                configurationPath: nil,
                environment: environment,
                findFolder: { _ in nil }
            ).taskEndpoint
        }
        #expect(try endpoint(["TASK_ENDPOINT": "http://api:5000/worker"]) == "http://api:5000/worker")
        #expect(try endpoint(["TASK_ENDPOINT": "http://a/", "VITRINE_TASK_ENDPOINT": "http://b/"]) == "http://b/")
        #expect(try endpoint(["TASK_ENDPOINT": ""]) == nil)
        let error = try #require(throws: ConfigurationError.self) { try endpoint(["TASK_ENDPOINT": "api"]) }
        #expect(error.message.hasPrefix("TASK_ENDPOINT: "))
    }

    @Test("the passwords of all kinds are secrets")
    func secrets() throws {
        var configuration = ServerConfiguration()
        configuration.tokens = ["t": .admin]
        configuration.redis = try RedisAddress("redis://:hush@cache")
        #expect(configuration.secrets == ["t", "hush"])
    }
}
