import Foundation
import Testing

@testable import Domain

/// What holds for every kind of model file: cut off anywhere, damaged, or read from a file piece by piece.
struct ModelFilePropertyTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]

        var testDescription: String { name }
    }

    static let texts = [
        ("modelspec.title", "A"), ("ss_tag_frequency", #"{"1_a":{"x":2,"y":1}}"#), ("modelspec.tags", "a, b"),
        ("ss_dataset_dirs", #"{"1_a":{"img_count":2}}"#), ("modelspec.description", "D\u{1F600}\n\"é"),
    ]

    static let samples =
        [
            Sample(name: "safetensors", bytes: ModelFileSample.safetensors(texts)),
            Sample(name: "safetensors, many tensors", bytes: ModelFileSample.safetensors(texts, tensors: 30)),
            Sample(
                name: "safetensors, texts last",
                bytes: ModelFileSample.safetensors(
                    header: "{\"t\":{\"shape\":[1]},\"__metadata__\":{\"title\":\"T\",\"tags\":\"a\"}}",
                    body: 10
                )
            ),
        ]
        + [(1, false), (2, false), (3, true)].map { version, isBigEndian in
            Sample(
                name: "GGUF \(version)",
                bytes: ModelFileSample.gguf(
                    version: version,
                    isBigEndian: isBigEndian,
                    [
                        ("general.name", .text("A")), ("n", .uint32(1)), ("l", .numbers([1, 2])),
                        ("general.tags", .texts(["a", "b"])), ("t", .texts(["c"])),
                        ("general.url", .text("https://a.example")),
                    ]
                )
            )
        }

    private func check(_ info: ModelFileInfo, _ comment: Comment) {
        #expect(info.title?.utf8.count ?? 0 <= ModelFileInfo.textLimit, comment)
        #expect(info.description?.utf8.count ?? 0 <= ModelFileInfo.descriptionLimit, comment)
        #expect(info.tags.count <= ModelFileInfo.listLimit, comment)
        #expect(info.triggerWords.count <= ModelFileInfo.listLimit, comment)
        #expect(Set(info.tags).count == info.tags.count, comment)
    }

    @Test("A file cut off at any byte says nothing that the whole does not", arguments: samples)
    func truncated(_ sample: Sample) {
        let bytes = sample.bytes
        let whole = ModelFileSample.read(bytes)
        #expect(whole.title != nil && !whole.tags.isEmpty)
        for length in 0..<bytes.count {
            let part = ModelFileSample.read(bytes[..<length])
            #expect(part.title == nil || part.title == whole.title, "\(length) bytes")
            #expect(part.author == nil && part.baseModel == nil, "\(length) bytes")
        }
    }

    @Test("Damaged files never crash and stay within the bounds", arguments: samples)
    func damaged(_ sample: Sample) {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = sample.bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let values: [UInt8] = [
                    0, 1, 0x22, 0x5C, 0x7B, 0x7D, 0x80, 0xFF, .random(in: 0...255, using: &generator),
                ]
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = values.randomElement(using: &generator) ?? 0
            }
            check(ModelFileSample.read(bytes), "seed \(seed)")
        }
    }

    @Test("A file reads the same however little of it lies in memory", arguments: samples)
    func pieces(_ sample: Sample) throws {
        let bytes = sample.bytes
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, "m")
        let whole = ModelFileSample.read(bytes)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        #expect(descriptor >= 0)
        defer { close(descriptor) }
        for length in [4, 9, 32, 64, 100, bytes.count - 1] {
            let part = bytes.prefix(length).withUnsafeBytes { head in
                var source = ByteSource(head: head, descriptor: descriptor, count: bytes.count)
                return ModelFileInfo.read(&source)
            }
            #expect(part == whole, "\(length) bytes in memory")
        }
        #expect(try ModelFileReader().read(path).info == whole)
    }

    @Test("Only regular files are read")
    func noFile() throws {
        let folder = try TemporaryFolder()
        #expect(throws: SystemError.self) { try ModelFileReader().read(folder.path) }
        #expect(throws: SystemError.self) { try ModelFileReader().read(folder.path + "/none") }
        #expect(throws: SystemError.self) { try ModelFileReader().read("/dev/zero") }
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        #expect(throws: SystemError.self) { try ModelFileReader().read(folder.path + "/pipe") }
    }
}
