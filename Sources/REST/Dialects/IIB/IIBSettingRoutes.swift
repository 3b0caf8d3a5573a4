import Domain
import HTTPTypes
import Hummingbird

/// What a client needs to know at its start, and what it keeps on the server (contracts/iib.md §10).
struct IIBSettingRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices

    private var index: MediaIndex { services.index }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/global_setting") { _, context in try await settings(context) },
            IIBRoute(.post, "/app_fe_setting", .write) { request, _ in
                var input = try await IIBInput(body: request)
                let name = input.string("name")
                let value = input.string("value")
                try input.check()
                try await index.setSetting(name, to: value)
                return IIBAnswer.null
            },
            IIBRoute(.delete, "/app_fe_setting", .write) { request, _ in
                var input = try await IIBInput(body: request)
                let name = input.string("name")
                try input.check()
                try await index.removeSetting(name)
                return IIBAnswer.null
            },
        ]
    }

    private func settings(_ context: APIContext) async throws -> Response {
        let extra = try await index.extraPaths()
        let fixed = try await fixedFolders(besides: extra)
        let tags = try await index.customTags()
        let settings = try await index.settings().sorted { $0.key < $1.key }
        let mayWrite = configuration.permission.mayWrite && context.role?.mayOperate ?? true
        return IIBAnswer.object(capacity: 4_096) {
            $0.field("global_setting", object: { _ in })
            $0.field("cwd", IIBPath.workingFolder)
            $0.field("is_win", false)
            $0.field("home", IIBPath.homeFolder)
            $0.field("sd_cwd", IIBPath.workingFolder)
            $0.name("all_custom_tags")
            $0.value(tags)
            $0.field("extra_paths", array: { for path in extra + fixed { $0.value(path) } })
            $0.field("enable_access_control", services.access.isRestricted)
            $0.field("launch_mode", "server")
            $0.field("export_fe_fn", false)
            $0.field("app_fe_setting", object: { for (name, value) in settings { $0.field(name, value) } })
            $0.field("is_readonly", !mayWrite)
        }
    }

    /// The folders of the library that people named when they started the server, whether they are extra paths as well or
    /// not, and those of which nobody knows any more who named them.
    private func fixedFolders(besides extra: [ExtraPath]) async throws -> [ExtraPath] {
        let known = Set(extra.map(\.path))
        let roots = try await services.roots()
        let library = services.index.library
        return roots.filter { !known.contains($0) || library.isPermanent($0) }.map {
            ExtraPath(path: $0, types: ["cli_access_only"])
        }
    }
}
