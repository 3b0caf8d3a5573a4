import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Packing files into one archive (contracts/iib.md §1).
struct IIBZipRoutes {
    let services: IIBServices
    let language: IIBConfiguration.Language

    var routes: [IIBRoute] {
        [IIBRoute(.post, "/zip", .write) { request, context in try await pack(request, context) }]
    }

    private func pack(_ request: Request, _ context: APIContext) async throws -> Response {
        var input = try await IIBInput(body: request)
        let paths = input.strings("paths")
        let isDeflated = input.boolean("compress")
        let isKept = input.boolean("pack_only")
        try input.check()
        do {
            let policy = try await services.access.policy()
            let archive = try await services.files.pack(
                paths.map(IIBPath.absolute),
                isDeflated: isDeflated,
                policy: policy
            )
            guard isKept else { return Self.response(archive, on: context.channel) }
            _ = try await services.files.keep(archive)
            return IIBAnswer.null
        } catch let error as FileError {
            throw IIBError(error, in: language)
        }
    }

    /// Sends the archive while it is made; a failure half-way breaks the connection off, so that nobody takes what came
    /// for the whole.
    static func response(_ archive: ZipStream, on channel: any Channel) -> Response {
        let body = ResponseBody(contentLength: archive.length) { writer in
            var paced = PacedBody(writer, on: channel, ahead: 1)
            while let bytes = try await archive.next() {
                try await paced.write(ByteBuffer(bytes: bytes))
                try await paced.ready()
            }
            try await paced.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/zip", .cacheControl: "no-store"],
            body: body
        )
    }
}
