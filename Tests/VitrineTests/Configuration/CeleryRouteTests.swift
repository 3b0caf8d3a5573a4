import Domain
import Testing

@testable import vitrine

/// Which tasks go to Celery, as it is written in settings.
@Suite struct CeleryRouteTests {
    @Test("a route has a name and a queue, and options in any order")
    func good() throws {
        #expect(try CeleryRoute.routes(["depth=gpu"]) == [CeleryRoute(name: "depth", queue: "gpu")])
        let whole = CeleryRoute(name: "depth", queue: "gpu", task: "app.depth", arguments: .params)
        #expect(try CeleryRoute.routes(["depth=gpu,task=app.depth,arguments=params"]) == [whole])
        #expect(try CeleryRoute.routes(["depth=gpu,arguments=params,task=app.depth"]) == [whole])
        #expect(whole.text == "depth=gpu,task=app.depth,arguments=params")
        #expect(CeleryRoute(name: "depth", queue: "gpu").text == "depth=gpu")
    }

    @Test("commas between routes and within them are told apart")
    func commas() throws {
        let routes = [
            CeleryRoute(name: "a", queue: "q", task: "t"), CeleryRoute(name: "b", queue: "q", arguments: .params),
            CeleryRoute(name: "c", queue: "r"),
        ]
        #expect(try CeleryRoute.routes(["a=q,task=t,b=q,arguments=params", "c=r"]) == routes)
        #expect(try CeleryRoute.routes(["a=q", "task=t", "b=q", "arguments=params", "c=r"]) == routes)
        #expect(try CeleryRoute.routes([routes.map(\.text).joined(separator: ",")]) == routes)
    }

    @Test(
        "what is no route is refused",
        arguments: [
            "", "a", "a=", "=q", "a=q,", "a=q,task=", "a=q,task", "a=q,arguments=json", "task=t", "arguments=vframe",
            "a b=q", "a=q q", "a=q,b", "a=q,a=r",
        ]
    )
    func bad(text: String) {
        #expect(throws: ConfigurationError.self) { try CeleryRoute.routes([text]) }
    }
}
