import Domain
import Foundation

/// The folder of demo pictures inside the data folder.
struct DemoLibrary: Sendable {
    /// Where the pictures come to lie.
    let folder: String

    /// Copies every file below `source`, keeping the folders between; hidden files and symbolic links stay behind.
    ///
    /// A file that is there with the same bytes is left alone, so that its time does not change. Each file appears
    /// whole or not at all. Returns the last progress; throws `CocoaError` when a file cannot be read or written.
    func copy(
        from source: String,
        report: (TaskRecord.Progress) -> Void = { _ in }
    ) throws -> TaskRecord.Progress {
        let manager = FileManager.default
        let names = try files(below: source)
        var copied = 0
        for (index, name) in names.enumerated() {
            report(TaskRecord.Progress(current: index, total: names.count, message: "copying \(name)"))
            let from = URL(fileURLWithPath: source).appendingPathComponent(name)
            let to = URL(fileURLWithPath: folder).appendingPathComponent(name)
            if manager.contentsEqual(atPath: from.path, andPath: to.path) { continue }
            try manager.createDirectory(at: to.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(contentsOf: from, options: .mappedIfSafe).write(to: to, options: .atomic)
            copied += 1
        }
        let message = "\(copied) copied, \(names.count - copied) there already"
        return TaskRecord.Progress(current: names.count, total: names.count, message: message)
    }

    /// The paths of all plain files relative to `source`, sorted.
    private func files(below source: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: source).filter { path in
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return false }
            let attributes = try? FileManager.default.attributesOfItem(atPath: source + "/" + path)
            return attributes?[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }
}

extension ServerConfiguration {
    /// Where `vitrine seed` puts the demo pictures.
    var demoFolder: String { dataFolder + "/demo" }
}
