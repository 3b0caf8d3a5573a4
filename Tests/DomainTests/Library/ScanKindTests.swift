import Testing

@testable import Domain

struct ScanKindTests {
    @Test(
        "Parameters that make no sense are refused",
        arguments: [
            [], "x", ["path": 1], ["path": ""], ["path": "relative"], ["path": "/a\0b"], ["full": "yes"], ["full": 1],
            ["paths": "/a"], ["changed": 1], ["rebuild": "yes"], ["changed": true, "rebuild": true],
            ["changed": true, "path": "/a"], ["rebuild": true, "full": true],
        ] as [JSON]
    )
    func badParams(_ params: JSON) throws {
        let kind = ScanKind(library: try TestLibrary().library)
        #expect {
            try kind.validate(params)
        } throws: { error in
            (error as? TaskRecord.Failure)?.code == "bad_params"
        }
    }

    @Test(
        "Parameters that make sense are taken",
        arguments: [
            [:], ["path": "/a"], ["full": true], ["path": "/a", "full": false], ["path": .null], ["changed": true],
            ["rebuild": true], ["changed": false, "path": "/a"],
        ] as [JSON]
    )
    func goodParams(_ params: JSON) throws {
        #expect(throws: Never.self) { try ScanKind(library: TestLibrary().library).validate(params) }
    }

    @Test("A scan answers its report, and tells that it is done")
    func run() async throws {
        let test = try TestLibrary()
        let folder = try TemporaryFolder()
        try folder.write(try TestPicture.png(8, 8), "a.png")
        try test.library.addRoot(folder.path)
        let done = Counter()
        let kind = ScanKind(library: test.library) { _ = done.next() }
        let result = try await kind.run(test.context())
        #expect(result["added"] == 1 && result["files"] == 1)
        #expect(done.value == 1)
    }

    @Test("A folder outside the roots, or missing, ends the task for good")
    func wrongFolders() async throws {
        let test = try TestLibrary()
        let folder = try TemporaryFolder()
        let kind = ScanKind(library: test.library)
        for (path, code) in [(folder.path, "bad_params"), (folder.path + "/none", "not_found")] {
            await #expect {
                _ = try await kind.run(test.context(["path": .string(path)]))
            } throws: { error in
                (error as? TaskAbort)?.failure.code == code
            }
        }
    }

    @Test("A cancelled task ends with a cancellation and without telling that it is done")
    func cancelled() async throws {
        let test = try TestLibrary()
        let folder = try TemporaryFolder()
        for index in 0..<20 { try folder.write(try TestPicture.png(8, 8, blue: UInt8(index)), "\(index).png") }
        try test.library.addRoot(folder.path)
        let done = Counter()
        let kind = ScanKind(library: test.library) { _ = done.next() }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await kind.run(test.context())
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(done.value == 0)
    }
}
