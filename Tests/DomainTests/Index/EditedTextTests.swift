import Testing

@testable import Domain

/// What searches know of a file whose text is a person's.
struct EditedTextTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    private func facts(_ name: String) throws -> MediaDescription.Facts {
        MediaDescription.Facts(
            model: try index.column("model", name),
            seed: (try index.column("seed", name)).map(Store.seed)
        )
    }

    @Test("Model and seed are those of the text, through every scan, and come back with the file's own text")
    func edited() async throws {
        let path = try index.write(TestPicture.described(8, TestPicture.prompt("fog")), "x.png")
        try index.scan()
        let own = try #require(try await index.index.texts(of: [path]).first)
        try await index.index.setText("fog\nSteps: 20, Sampler: s, Seed: 99, Model: night", of: path)
        let night = MediaDescription.Facts(model: "night", seed: 99)
        #expect(try facts("x.png") == night)
        try index.scan(full: true)
        #expect(try facts("x.png") == night)
        try await index.index.setText("only words", of: path)
        #expect(try facts("x.png") == MediaDescription.Facts())
        try index.write(TestPicture.described(9, TestPicture.prompt("fog")), "x.png")
        try index.scan()
        #expect(try facts("x.png") == MediaDescription.Facts())
        try await index.index.setText(own, of: path)
        #expect(try facts("x.png") == MediaDescription.Facts(model: "dream", seed: 7))
        #expect(try index.problems() == [])
    }

    @Test("What the file's own text never said stays with the file")
    func unsaid() {
        var description = MediaDescription(kind: .image)
        description.text = "a fox\nSteps: 20, Sampler: s, Model: m, Source Identifier: ComfyUI"
        (description.model, description.seed) = ("m", .max)
        typealias Facts = MediaDescription.Facts
        #expect(description.facts(edited: nil) == Facts(model: "m", seed: .max))
        #expect(description.facts(edited: description.text) == Facts(model: "m", seed: .max))
        #expect(description.facts(edited: "a wolf\nSteps: 20, Sampler: s") == Facts(seed: .max))
        #expect(description.facts(edited: "a wolf\nSteps: 20, Sampler: s, Seed: 3") == Facts(seed: 3))
    }

    @Test("A text that comes back with its file brings model and seed")
    func returned() async throws {
        let bytes = TestPicture.described(8, TestPicture.prompt("fog"))
        let path = try index.write(bytes, "x.png")
        try index.scan()
        try await index.index.setText("fog\nSteps: 20, Sampler: s, Seed: 99, Model: night", of: path)
        try index.folder.remove("root/x.png")
        try index.scan()
        try index.write(bytes, "y.png")
        try index.scan()
        #expect(try facts("y.png") == MediaDescription.Facts(model: "night", seed: 99))
        #expect(try index.problems() == [])
    }
}
