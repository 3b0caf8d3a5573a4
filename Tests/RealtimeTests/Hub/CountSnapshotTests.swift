import Domain
import Testing

@testable import Realtime

struct CountSnapshotTests {
    @Test("the states of models and tags are their counts, at the offset they are read at")
    func counts() {
        let journal = Journal(epoch: "e")
        journal.load {
            $0.models.load(3)
            $0.tags.load(5)
            $0.pictureTags.load(1)
        }
        let reader = SnapshotReader(journal: journal)
        func states() -> [String] {
            let (offset, states) = reader.read([.models, .tags, .collections], known: [:])
            return ["\(offset)"] + states.map { String(decoding: $0, as: UTF8.self) }
        }
        let first = ["0", #"{"counts":{"models":3}}"#, #"{"counts":{"tags":5,"custom":1}}"#, #"{"counts":{}}"#]
        #expect(states() == first && states() == first)
        journal.publish(.modelsChanged(CatalogChange(.added, name: "a")))
        journal.publish(.modelsChanged(CatalogChange(.changed, name: "a")))
        journal.publish(.tagsChanged(CatalogChange(.added, name: "t")))
        journal.publish(.pictureTagsChanged(CatalogChange(.added, name: "t")))
        let second = ["4", #"{"counts":{"models":4}}"#, #"{"counts":{"tags":6,"custom":2}}"#, #"{"counts":{}}"#]
        #expect(states() == second)
        journal.publish(.modelsChanged(CatalogChange(.removed, name: "a")))
        #expect(states() == ["5", first[1], second[2], first[3]])
    }
}
