import Domain
import HTTPTypes
import Hummingbird

/// The index as a whole: what it holds, and how it is kept up to date (contracts/iib.md §4).
struct IIBIndexRoutes {
    /// How many files are drawn by lot.
    private static let randomLimit = 128

    let services: IIBServices

    private var index: MediaIndex { services.index }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/db/basic_info") { _, _ in try await overview() },
            IIBRoute(.get, "/db/expired_dirs") { _, _ in
                let folders = try await index.expiredFolders()
                return IIBAnswer.object { $0.expired(folders) }
            },
            IIBRoute(.get, "/db/random_images") { _, _ in
                let scope = try await services.access.policy().scope
                let media = try await index.randomMedia(limit: Self.randomLimit, scope: scope)
                return IIBAnswer.json(capacity: 64 + 320 * media.count) { $0.value(media) }
            },
            IIBRoute(.get, "/db/stats/trend") { _, _ in
                let statistics = try await index.statistics()
                return IIBAnswer.object(capacity: 4_096) { $0.members(statistics) }
            },
            IIBRoute(.post, "/db/update_image_data", .operate) { _, _ in
                try await index.update()
                try await services.access.refresh()
                return IIBAnswer.null
            },
            IIBRoute(.post, "/db/rebuild_index", .write) { _, _ in
                try await index.rebuild()
                return IIBAnswer.null
            },
        ]
    }

    private func overview() async throws -> Response {
        let count = try await index.count()
        let tags = try await index.tags()
        let folders = try await index.expiredFolders()
        return IIBAnswer.object(capacity: 1_024 + 120 * tags.count) {
            $0.field("img_count", count)
            $0.name("tags")
            $0.value(tags)
            $0.expired(folders)
        }
    }
}

extension JSONWriter {
    /// Writes the members `expired` and `expired_dirs`.
    fileprivate mutating func expired(_ folders: [String]) {
        field("expired", !folders.isEmpty)
        field("expired_dirs", folders)
    }

    /// Writes the members of `/db/stats/trend`.
    fileprivate mutating func members(_ statistics: MediaStatistics) {
        field("total_images", statistics.files)
        field("total_disk_usage", statistics.bytes)
        counts("daily_contributions", statistics.days, key: "date")
        counts("monthly_trends", statistics.months, key: "month")
        counts("top_models", statistics.models, key: "name")
        counts("top_samplers", statistics.samplers, key: "name")
        counts("top_lora", statistics.loras, key: "name")
        counts("top_source", statistics.sources, key: "name")
    }

    private mutating func counts(_ name: String, _ counts: [MediaStatistics.Count], key: String) {
        field(
            name,
            array: { writer in
                for count in counts {
                    writer.object {
                        $0.field(key, count.name)
                        $0.field("count", count.count)
                    }
                }
            }
        )
    }
}
