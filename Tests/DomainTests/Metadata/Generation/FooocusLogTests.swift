import OrderedCollections
import Testing

@testable import Domain

@Suite struct FooocusLogTests {
    /// What the page says of one picture.
    static func entry(
        _ id: String,
        _ rows: [(String, String)],
        label: String = "\"label\"",
        value: String = "\"value\""
    ) -> String {
        let table = rows.map { "<tr><td class=\(label)>\($0.0)</td><td class=\(value)>\($0.1)</td></tr>\n" }.joined()
        return """
            <div id="\(id)" class="image-container"><hr><table><tr><td><a href="x.png"><img src='x.png'></img></a></td>
            <td><table class="metadata">\(table)</table></td></tr></table></div>

            """
    }

    static func page(_ entries: String...) -> [UInt8] {
        let mark = "<!--fooocus-log-split-->"
        let start = "<!DOCTYPE html><html><head><title>Fooocus Log</title></head><body>"
        return Array((start + mark + entries.joined() + mark + "</body></html>").utf8)
    }

    static let rows = [
        ("Prompt", "a cat &amp; a &lt;hat&gt; </br> red"), ("Negative Prompt", "dog"),
        ("Fooocus V2 Expansion", "x"), ("Styles", "[&#39;Fooocus V2&#39;]"), ("Performance", "Speed"), ("Steps", "30"),
        ("Resolution", "(1152, 896)"), ("Guidance Scale", "4"), ("Sharpness", "2"),
        ("Base Model", "juggernautXL_v8.safetensors"), ("Refiner Model", "None"), ("Sampler", "dpmpp_2m_sde_gpu"),
        ("Scheduler", "karras"), ("Seed", "1454"), ("LoRA 1", "ink.safetensors : 0.1"), ("Version", "Fooocus v2.3.0"),
    ]

    private func info(_ page: [UInt8], _ name: String) -> GenerationInfo {
        GenerationInfo.read(
            Pictures.png([]),
            sidecar: nil,
            kind: .image,
            log: { FooocusLog(page).parameters(of: name) }
        )
    }

    @Test("A picture that says nothing is described by the page", arguments: ["\"", "'"])
    func aPictureThatSaysNothingIsDescribed(quote: String) {
        let other = Self.entry("b_png", [("Prompt", "another"), ("Base Model", "m")])
        let page = Self.page(
            other,
            Self.entry(
                "2024-01-08_10-12-14_1.2_png".replacing(".", with: "_"),
                Self.rows,
                label: quote + "label" + quote,
                value: quote + "value" + quote
            ),
            other
        )
        let info = info(page, "2024-01-08_10-12-14_1.2.png")
        #expect(
            info.text == """
                a cat & a <hat>
                red
                Negative prompt: dog
                Steps: 30, Sampler: dpmpp_2m_sde_gpu, Schedule type: karras, CFG scale: 4, Seed: 1454, Size: 1152x896, \
                Model: juggernautXL_v8.safetensors, Lora weights: ink: 0.1, Performance: Speed, Sharpness: 2, \
                Version: Fooocus v2.3.0, Source Identifier: Fooocus
                """
        )
        #expect(GenerationInfo(info.text) == info)
        #expect(self.info(page, "b.png").positive == "another")
        #expect(self.info(page, "c.png").text.isEmpty)
    }

    @Test("Older pages are read, and the newest of two entries counts")
    func olderPagesAreRead() {
        let rows = [("Prompt", "a <lora:x:1> cat"), ("Base Model", "m"), ("LoRA [a_b.safetensors] weight", "0.5")]
        let page = Self.page(
            Self.entry("a_png", rows, label: "'key'", value: "'value'"),
            Self.entry("a_png", [("Prompt", "former"), ("Base Model", "m")])
        )
        #expect(info(page, "a.png").positive == "a <lora:x:1> cat")
        #expect(info(page, "a.png").loras == ["a_b"])
    }

    @Test("The page is asked only when there is no other text")
    func thePageIsAskedOnlyWhenThereIsNo() {
        func read(_ metadata: EmbeddedMetadata, _ sidecar: String?) -> GenerationInfo {
            GenerationInfo.read(
                metadata,
                sidecar: sidecar,
                kind: .image,
                log: {
                    Issue.record("asked for the page")
                    return nil
                }
            )
        }
        #expect(read(Pictures.png([("parameters", "a dog")]), nil).positive == "a dog")
        #expect(read(Pictures.png([]), "a fox").positive == "a fox")
    }

    @Test("A mark changes with what is said of its picture only")
    func aMarkChangesWithWhatIsSaid() {
        let (old, new) = (Self.entry("a_png", Self.rows), Self.entry("a_png", [("Prompt", "x")]))
        let mark = FooocusLog(Self.page(old)).mark(of: "a.png")
        #expect(mark != nil)
        #expect(FooocusLog(Self.page(Self.entry("b_png", Self.rows), old)).mark(of: "a.png") == mark)
        #expect(FooocusLog(Self.page(new)).mark(of: "a.png") != mark)
        #expect(FooocusLog(Self.page(old)).mark(of: "b.png") == nil)
    }

    @Test(
        "Damaged pages give what they can, or nothing",
        arguments: [
            "", "<div id=", "<div id=\"", "<div id=\"a_png\" class=\"image-container\"",
            "<div id=\"a_png\" class=\"image-container\"><td",
            "<div id=\"a_png\" class=\"other\"><td class='label'>Prompt</td>",
            "<div id=\"a_png\" class=\"image-container\"><td class=><td class='label'>Prompt</td><td class='value'>x",
            "<div id=\"a_png\" class=\"image-container\"><td class='value'>x</td><td class='label'></td>",
        ]
    )
    func damagedPagesGiveNothing(page: String) {
        #expect(info(Array(page.utf8), "a.png").text.isEmpty)
    }

    @Test(
        "A page of megabytes of anything is read in little time",
        arguments: ["<div id=\"", "<td class='label'>", "<td>", "&"]
    )
    func aPageOfMegabytesIsReadInLittleTime(piece: String) {
        let text = Self.entry("a_png", []) + String(repeating: piece, count: (4 << 20) / piece.utf8.count)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(info(Array(text.utf8), "a.png").text.isEmpty)
        #expect(clock.now - start < .seconds(60))
    }
}
