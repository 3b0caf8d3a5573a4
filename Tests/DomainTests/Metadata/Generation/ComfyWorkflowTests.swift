import Testing

@testable import Domain

@Suite struct ComfyWorkflowTests {
    private func read(_ workflow: String) -> GenerationInfo { Pictures.read(Pictures.png([("workflow", workflow)])) }

    @Test("A graph of the page gives what one of the server gives")
    func aGraphOfThePageGivesWhat() {
        let info = read(ComfyGraphs.workflow)
        #expect(
            info.text == """
                a harbour
                Negative prompt: haze
                Steps: 25, Sampler: dpmpp_2m, Model: base.safetensors, Source Identifier: ComfyUI
                """
        )
        #expect(info.seed == 99)
        #expect(info.loras.isEmpty)
    }

    @Test("The server's graph wins over that of the page")
    func theServerSGraphWinsOverThat() {
        let both = Pictures.png([("workflow", ComfyGraphs.workflow), ("prompt", ComfyGraphs.plain)])
        #expect(Pictures.read(both).meta["Sampler"] == "euler")
        let broken = Pictures.png([("workflow", ComfyGraphs.workflow), ("prompt", "{\"1\": ")])
        #expect(Pictures.read(broken).meta["Sampler"] == "dpmpp_2m")
    }

    @Test("A sampler may be in a subgraph, and its fields named by its inputs")
    func aSamplerMayBeInASubgraph() {
        let info = read(
            """
            {"nodes": [{"id": 1, "type": "8b6e3d1c", "inputs": []}], "links": [], "definitions": {"subgraphs": [
             {"id": "8b6e3d1c", "nodes": [
              {"id": 2, "type": "MyKSampler", "inputs": [{"name": "positive", "link": 1},
               {"name": "seed", "widget": {"name": "seed"}}, {"name": "steps", "widget": {"name": "steps"}},
               {"name": "sampler_name", "widget": {"name": "sampler_name"}}],
               "widgets_values": [5, "fixed", 11, "heun"]},
              {"id": 3, "type": "CLIPTextEncode", "inputs": [], "widgets_values": ["a lake"]}],
              "links": [{"id": 1, "origin_id": 3, "origin_slot": 0, "target_id": 2, "target_slot": 0}]}]}}
            """
        )
        #expect(info.positive == "a lake")
        #expect(info.meta["Steps"] == "11")
        #expect(info.meta["Sampler"] == "heun")
        #expect(info.seed == 5)
    }

    @Test("Variables that one node sets and another gets are links")
    func variablesThatOneNodeSetsAndAnother() {
        let info = read(
            """
            {"nodes": [{"id": 1, "type": "KSampler", "inputs": [{"name": "positive", "link": 1}],
              "widgets_values": [1, "fixed", 2, 3, "euler", "normal", 1]},
             {"id": 2, "type": "GetNode", "widgets_values": ["words"]},
             {"id": 3, "type": "SetNode", "inputs": [{"name": "CONDITIONING", "link": 2}], "widgets_values": ["words"]},
             {"id": 4, "type": "CLIPTextEncode", "widgets_values": ["a mill"]}],
             "links": [[1, 2, 0, 1, 0, "*"], [2, 4, 0, 3, 0, "*"]]}
            """
        )
        #expect(info.positive == "a mill")
    }

    @Test(
        "A page without nodes is no graph",
        arguments: [
            #"{"nodes": []}"#, #"{"nodes": 7}"#, #"{"nodes": [7, null, {}]}"#, #"{"links": [[1]]}"#,
        ]
    )
    func aPageWithoutNodesIsNoGraph(workflow: String) {
        #expect(read(workflow).source.isEmpty)
    }

    @Test("Wrong kinds of values do no harm")
    func wrongKindsOfValuesDoNoHarm() {
        let info = read(
            """
            {"nodes": [{"id": 1, "type": "KSampler", "mode": "x", "inputs": {"a": 1}, "widgets_values": {"steps": 4}},
             {"id": [], "type": "A"}, {"id": 2, "type": "CLIPTextEncode", "inputs": [7, {"name": 1, "link": "x"}],
             "widgets_values": [7]}], "links": [[], [1, 2], [null, null, null], {"id": 4}, 7]}
            """
        )
        #expect(info.meta["Steps"] == "4")
    }
}
