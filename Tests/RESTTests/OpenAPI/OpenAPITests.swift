import Foundation
import HTTPTypes
import Testing
import Yams

@testable import REST

/// Holds the routes and their descriptions against each other, both ways.
@Suite struct OpenAPITests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("seeds").path
    static let files = ["native.openapi.yaml", "vframe.openapi.yaml", "iib.openapi.yaml", "gallery.openapi.yaml"]
    private static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    static func description(_ file: String) throws -> Node {
        let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
        return try #require(try Yams.compose(yaml: text))
    }

    /// `METHOD path` of every operation of one file.
    static func operations(_ file: String) throws -> Set<String> {
        let paths = try #require(try description(file)["paths"]?.mapping)
        var operations: Set<String> = []
        for (path, item) in paths {
            for (key, _) in try #require(item.mapping) where methods.contains(key.string ?? "") {
                operations.insert("\((key.string ?? "").uppercased()) \(path.string ?? "")")
            }
        }
        return operations
    }

    @Test func `every route is described, and everything described is a route`() throws {
        let iib = try #require(try IIBServer().server.services.iib)
        let gallery = try GalleryServer().gallery
        let server = TestServer(iib: (IIBConfiguration(), iib), gallery: (GalleryConfiguration(), gallery))
        let routes = RouterBuilder.routes(server.configuration, server.services).map {
            // What stands for several parts of a path has a name in a description.
            "\($0.method.rawValue) \($0.path.replacing("**", with: "{path}"))"
        }
        #expect(Set(routes).count == routes.count)
        var described: Set<String> = []
        for file in Self.files { described.formUnion(try Self.operations(file)) }
        #expect(Set(routes).subtracting(described).sorted() == [])
        #expect(described.subtracting(routes).sorted() == [])
    }

    @Test func `each dialect is described in its own file`() throws {
        for operation in try Self.operations("vframe.openapi.yaml") { #expect(operation.contains(" /api/v1/")) }
        for operation in try Self.operations("native.openapi.yaml") {
            #expect(!operation.contains(" /api/v1/") && !operation.contains(IIBConfiguration().base))
            #expect(!GalleryPaths.owns(Self.path(operation)), "\(operation)")
        }
        for operation in try Self.operations("gallery.openapi.yaml") {
            #expect(GalleryPaths.owns(Self.path(operation)), "\(operation)")
        }
        for operation in try Self.operations("iib.openapi.yaml") {
            #expect(operation.contains(" \(IIBConfiguration().base)"))
        }
    }

    /// The path of `METHOD path`.
    private static func path(_ operation: String) -> String {
        operation.split(separator: " ").last.map(String.init) ?? ""
    }

    @Test(arguments: files)
    func
        `a description is whole: version, summaries, unique ids, path parameters, an answer, references that lead somewhere`(
            file: String
        ) throws
    {
        let root = try Self.description(file)
        #expect(root["openapi"]?.string == "3.1.0")
        var ids: Set<String> = []
        for (path, item) in try #require(root["paths"]?.mapping) {
            let path = try #require(path.string)
            let named = path.matches(of: /\{([a-z0-9]+)\}/).map { String($0.output.1) }
            let declared = (item["parameters"]?.array() ?? []).compactMap { parameter -> String? in
                let parameter = parameter["$ref"]?.string.flatMap { Self.resolve($0, root) } ?? parameter
                return parameter["name"]?.string
            }
            #expect(named.sorted() == declared.sorted(), "\(path)")
            for (key, operation) in try #require(item.mapping) where Self.methods.contains(key.string ?? "") {
                #expect(operation["summary"]?.string?.hasSuffix(".") == true, "\(path)")
                #expect(ids.insert(try #require(operation["operationId"]?.string)).inserted)
                #expect(operation["responses"]?.mapping?.keys.contains { $0.string?.hasPrefix("2") == true } == true)
            }
        }
        for reference in Self.references(root) { #expect(Self.resolve(reference, root) != nil, "\(reference)") }
    }

    private static func resolve(_ reference: String, _ root: Node) -> Node? {
        reference.split(separator: "/").dropFirst().reduce(root as Node?) { node, name in node?[String(name)] }
    }

    private static func references(_ node: Node) -> [String] {
        switch node {
        case .mapping(let mapping):
            mapping.flatMap { key, value in
                key.string == "$ref" ? [value.string ?? ""] : references(value)
            }
        case .sequence(let sequence): sequence.flatMap(references)
        default: []
        }
    }

    @Test(arguments: files)
    func `the descriptions are served`(file: String) async throws {
        let server = TestServer(openAPI: Self.folder)
        let answer = try await server.get("/openapi/\(file)")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/yaml; charset=utf-8")
        #expect(answer.text == (try String(contentsOfFile: Self.folder + "/" + file, encoding: .utf8)))
        let tag = try #require(answer.headers[.eTag])
        #expect(try await server.get("/openapi/\(file)", headers: [.ifNoneMatch: tag]).status == 304)
    }

    @Test(arguments: ["other", "..", "%2e%2e%2fx", "NATIVE", ""])
    func `no other file is served`(name: String) async throws {
        #expect(try await TestServer(openAPI: Self.folder).get("/openapi/\(name).openapi.yaml").status == 404)
        #expect(try await TestServer().get("/openapi/native.openapi.yaml").status == 404)
    }
}
