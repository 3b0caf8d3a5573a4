import OrderedCollections
import Testing

@testable import Domain

/// What workers say of themselves, put together.
@Suite struct CeleryInspectionTests {
    @Test("each worker's list stands under its name, and what is no list is passed over")
    func merging() {
        var inspection = CeleryInspection()
        inspection.take(.active, ["one": [["id": "a"], ["id": "b"], 7]])
        inspection.take(.active, ["two": [["id": "c"]], "three": ["error": "unknown"]])
        inspection.take(.reserved, ["one": [["id": "d"]]])
        inspection.take(.scheduled, ["two": [["eta": "2026", "request": ["id": "e"]]], "four": []])
        inspection.take(.scheduled, ["not an object"])
        #expect(Array(inspection.active.keys) == ["one", "two"])
        #expect(inspection.activeTasks == ["a": "one", "b": "one", "c": "two"])
        #expect(inspection.heldTasks == ["d", "e"])
        #expect(inspection.ids == ["a", "b", "c", "d", "e"])
        #expect(inspection.workers == ["one", "two", "four"])
    }
}
