import Foundation
import Testing

@testable import Domain

/// Random operations on random trees, against a model that is a dictionary.
struct FilePropertyTests {
    /// What the disk and the rows should hold.
    ///
    /// Paths are below the temporary folder, in escaped form.
    private struct Model {
        /// Files to what they hold.
        var files: [String: String] = [:]
        var folders: Set<String> = ["one", "two"]
        /// Rows to their paths.
        var rows: [Int: String] = [:]

        func exists(_ path: String) -> Bool { files[path] != nil || folders.contains(path) }

        func folder(_ path: String) -> String { path.split(separator: "/").dropLast().joined(separator: "/") }

        func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

        func car(_ path: String) -> String? {
            guard path.hasSuffix(".png") || path.hasSuffix(".mp4") else { return nil }
            let car = path.dropLast(4) + ".txt"
            return files[String(car)] == nil ? nil : String(car)
        }

        func isEmpty(_ folder: String) -> Bool {
            !files.keys.contains { $0.hasPrefix(folder + "/") } && !folders.contains { $0.hasPrefix(folder + "/") }
        }

        mutating func put(_ path: String, _ new: String) {
            func moved(_ old: String) -> String {
                old == path ? new : old.hasPrefix(path + "/") ? new + old.dropFirst(path.count) : old
            }
            files = Dictionary(uniqueKeysWithValues: files.map { (moved($0.key), $0.value) })
            folders = Set(folders.map(moved))
            rows = rows.mapValues(moved)
        }

        /// Moves what is at a path; answers whether it could.
        mutating func move(_ path: String, to new: String) -> Bool {
            guard exists(path), path.contains("/"), !exists(new), folders.contains(folder(new)),
                !(folder(new) + "/").hasPrefix(path + "/")
            else { return false }
            guard files[path] != nil, let car = car(path) else {
                put(path, new)
                return true
            }
            let stem = name(new).lastIndex(of: ".").map { name(new)[..<$0] } ?? name(new)[...]
            let newCar = folder(new) + "/" + stem + ".txt"
            guard newCar != new, newCar == car || !exists(newCar) else { return false }
            put(path, new)
            if newCar != car { put(car, newCar) }
            return true
        }

        mutating func copy(_ path: String, to target: String) -> Bool {
            let new = target + "/" + name(path)
            guard let content = files[path], folders.contains(target), !exists(new) else { return false }
            if let car = car(path) {
                let newCar = target + "/" + name(car)
                guard !exists(newCar) else { return false }
                files[newCar] = files[car]
            }
            files[new] = content
            return true
        }

        mutating func delete(_ path: String) -> Bool {
            guard path.contains("/") else { return false }
            if folders.contains(path) {
                guard isEmpty(path) else { return false }
                folders.remove(path)
                return true
            }
            guard files[path] != nil else { return false }
            let car = car(path)
            if let car { files[car] = nil }
            files[path] = nil
            rows = rows.filter { $0.value != path && $0.value != car }
            return true
        }
    }

    private static let names = ["a.png", "b.mp4", "a.txt", "b.txt", "q'\".png", "d", "e", "\u{E9}.png", "e\u{301}.png"]

    @Test("After any operations, disk and rows are those of the model, whether the operations succeed or not")
    func operations() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed", seed)
        var generator = SeededGenerator(seed: seed)
        let bed = try FileBed()
        let files = bed.operations()
        var model = Model()
        for step in 0..<300 {
            let folders = model.folders.sorted()
            let everything = folders + model.files.keys.sorted()
            let path = try #require(everything.randomElement(using: &generator))
            let target = try #require((folders + ["one/none"]).randomElement(using: &generator))
            let name = try #require(Self.names.randomElement(using: &generator))
            let new = target + "/" + FileBed.escaped(name)
            var didModel = false
            var hint = ""
            var act: () async throws -> Void = {}
            switch Int.random(in: 0..<8, using: &generator) {
            case 0, 1, 2:
                hint = "make \(new)"
                guard model.folders.contains(target), !model.exists(new) else { continue }
                let plain = raw(target) + "/" + name
                if name.hasSuffix(".txt") {
                    try bed.folder.write(Array("text \(step)".utf8), plain)
                    model.files[new] = "text \(step)"
                } else if name.contains(".") {
                    let path = try bed.folder.write(Array("picture \(step)".utf8), plain)
                    try bed.index(path, text: "picture \(step)", tags: ["t"], isHashed: step.isMultiple(of: 2))
                    model.files[new] = "picture \(step)"
                    let known = Set(model.rows.keys)
                    if let id = try bed.look().rows.keys.first(where: { !known.contains($0) }) { model.rows[id] = new }
                } else {
                    model.folders.insert(new)
                    act = { try await files.makeFolder(bed.folder.path + "/" + plain, policy: bed.policy) }
                }
                didModel = true
            case 3, 4:
                hint = "move \(path) to \(target)"
                didModel = model.move(path, to: target + "/" + model.name(path))
                act = { _ = try await files.move([full(path, bed)], to: full(target, bed), policy: bed.policy) }
            case 5:
                hint = "copy \(path) to \(target)"
                didModel = model.copy(path, to: target)
                act = { _ = try await files.copy([full(path, bed)], to: full(target, bed), policy: bed.policy) }
            case 6:
                hint = "delete \(path)"
                didModel = model.delete(path)
                act = { try await files.delete([full(path, bed)], policy: bed.policy) }
            default:
                hint = "rename \(path) to \(name)"
                didModel = model.move(path, to: model.folder(path) + "/" + FileBed.escaped(name))
                act = { _ = try await files.rename(full(path, bed), to: name, policy: bed.policy) }
            }
            var error: (any Error)?
            do {
                try await act()
            } catch let thrown {
                error = thrown
            }
            let message = "seed \(seed), step \(step): \(hint): \(error.map { "\($0)" } ?? "done")"
            #expect((error == nil) == didModel, "\(message)")
            let now = try bed.look()
            var disk = model.files
            for folder in model.folders { disk[folder] = "/" }
            #expect(now.disk == disk, "\(message)")
            let rows = now.rows.mapValues { $0.components(separatedBy: " holds ")[0] }
            #expect(rows == model.rows, "\(message)")
            try bed.check(message)
            if now.disk != disk || rows != model.rows { return }
        }
    }

    /// The path as its bytes are.
    private func raw(_ escaped: String) -> String { escaped.removingPercentEncoding ?? escaped }

    private func full(_ escaped: String, _ bed: FileBed) -> String { bed.folder.path + "/" + raw(escaped) }
}
