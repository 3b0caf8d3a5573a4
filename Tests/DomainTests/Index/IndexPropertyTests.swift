import Foundation
import Testing

@testable import Domain

/// Random histories of a folder, with scans that die in between.
struct IndexPropertyTests {
    /// What must be true of the disk, and what people said of it.
    private struct Model {
        struct File {
            var content: Int
            var tags: Set<String>
        }

        var files: [String: File] = [:]
        /// Tags of files that are gone, by their content.
        var waiting: [Int: Set<String>] = [:]
    }

    private static let folders = ["", "a/", "a/b/", "c/", "c/d/e/"]

    @Test("After any history the index is what the disk says, and no tag that people gave is lost")
    func histories() throws {
        for round in 0..<6 {
            let seed = UInt64.random(in: .min ... .max)
            print("seed", seed)
            var generator = SeededGenerator(seed: seed)
            try history(&generator, "seed \(seed), round \(round)")
        }
    }

    private func history(_ generator: inout SeededGenerator, _ words: String) throws {
        let index = try IndexUnderTest()
        var model = Model()
        var contents = 0
        for _ in 0..<12 {
            // Each file takes part in one change at most between two scans that end.
            var touched: Set<String> = []
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                try change(index, &model, &contents, &touched, &generator)
            }
            for _ in 0..<Int.random(in: 0...2, using: &generator) { try die(index, &generator) }
            try index.scan()
            if Bool.random(using: &generator) { try index.feedTexts() }
            #expect(try index.problems() == [], "\(words)")
            for (name, file) in model.files {
                #expect(try index.tags(name) == file.tags, "\(words): \(name)")
            }
            for name in model.files.keys.sorted() where Int.random(in: 0..<4, using: &generator) == 0 {
                let tag = "t\(Int.random(in: 0..<5, using: &generator))"
                try index.tag(name, tag)
                model.files[name]?.tags.insert(tag)
            }
        }
    }

    private func change(
        _ index: IndexUnderTest,
        _ model: inout Model,
        _ contents: inout Int,
        _ touched: inout Set<String>,
        _ generator: inout SeededGenerator
    ) throws {
        let folder = Self.folders.randomElement(using: &generator) ?? ""
        let name = folder + "\(Int.random(in: 0..<6, using: &generator)).png"
        let known = model.files.keys.filter { !touched.contains($0) }.sorted().randomElement(using: &generator)
        let isFree = model.files[name] == nil && touched.insert(name).inserted
        switch (Int.random(in: 0..<8, using: &generator), known) {
        case (0...1, _) where isFree:
            contents += 1
            try write(contents, name, index)
            model.files[name] = Model.File(content: contents, tags: [])
        case (2, let known?):
            contents += 1
            // In place, or beside it and then put there.
            if Bool.random(using: &generator) { try index.folder.remove("root/" + known) }
            try write(contents, known, index)
            model.files[known]?.content = contents
            touched.insert(known)
        case (3, let known?) where isFree:
            try FileManager.default.createDirectory(
                atPath: index.root + "/" + folder,
                withIntermediateDirectories: true
            )
            try index.folder.move("root/" + known, "root/" + name)
            model.files[name] = model.files.removeValue(forKey: known)
            touched.insert(known)
        case (4, let known?):
            // Where there are copies, one of them inherits (MoveTests).
            let content = model.files[known]?.content
            guard model.files.values.filter({ $0.content == content }).count == 1 else { return }
            try index.folder.remove("root/" + known)
            touched.insert(known)
            guard let file = model.files.removeValue(forKey: known), !file.tags.isEmpty else { return }
            model.waiting[file.content, default: []].formUnion(file.tags)
        case (5, let known?) where isFree:
            // A copy takes nothing, unless something waits for its content.
            guard let content = model.files[known]?.content, model.waiting[content] == nil else { return }
            try write(content, name, index)
            model.files[name] = Model.File(content: content, tags: [])
            touched.insert(known)
        case (6, _) where isFree:
            // Something that had gone comes back elsewhere.
            let gone = model.waiting.keys.sorted().filter { content in
                !model.files.values.contains { $0.content == content } && !touched.contains("content \(content)")
            }
            guard let content = gone.randomElement(using: &generator) else { return }
            try write(content, name, index)
            model.files[name] = Model.File(content: content, tags: model.waiting.removeValue(forKey: content) ?? [])
        case (7, let known?):
            guard let other = model.files.keys.filter({ !touched.contains($0) && $0 != known }).sorted().first else {
                return
            }
            try index.folder.move("root/" + known, "root/spare")
            try index.folder.move("root/" + other, "root/" + known)
            try index.folder.move("root/spare", "root/" + other)
            (model.files[known], model.files[other]) = (model.files[other], model.files[known])
            touched.formUnion([known, other])
        default: break
        }
    }

    private func write(_ content: Int, _ name: String, _ index: IndexUnderTest) throws {
        let text = content % 3 == 0 ? "" : TestPicture.prompt("word\(content % 7), fog", model: "m\(content % 2)")
        try index.write(TestPicture.described(content, text), name)
    }

    /// A scan that dies before one of its commits.
    private func die(_ index: IndexUnderTest, _ generator: inout SeededGenerator) throws {
        let left = Counter()
        let limit = Int.random(in: 1...4, using: &generator)
        let scanner = Scanner(library: index.test.library, threads: 2) {
            if left.next() == limit { throw SystemError(code: 5, action: "disk") }
        }
        do { _ = try scanner.scan() } catch is SystemError {}
    }
}
