import Domain
import Hummingbird

/// `/api/library`: how much there is, what came last, and where it comes from.
struct LibraryRoutes {
    let library: any LibraryService
    let journal: Journal

    var routes: [Route] {
        [
            Route(.get, "/api/library") { _, _ in summary() },
            Route(.get, "/api/library/roots") { _, _ in
                let roots = try await library.roots()
                return .json { $0.field("roots", array: { for root in roots { $0.value(root) } }) }
            },
        ]
    }

    private func summary() -> Response {
        let (offset, board) = journal.read { ($0.offset, $0.library) }
        return .json { writer in
            writer.field("epoch", journal.epoch)
            writer.field("offset", offset)
            writer.field("counts", board.counts)
            writer.field("newest", array: { for item in board.newest { $0.value(item) } })
        }
    }
}

extension JSONWriter {
    /// Writes `{id, path, name, files}`.
    mutating func value(_ root: LibraryRootSummary) {
        object {
            $0.field("id", root.id)
            $0.field("path", root.path)
            $0.field("name", root.name)
            $0.field("files", root.files)
        }
    }
}
