import Testing

@testable import Domain

/// What the result backend says (contracts/socketio.md §8, Results).
@Suite struct CeleryResultTests {
    private func read(_ text: String) -> CeleryResult { CeleryResult(Array(text.utf8)) }

    @Test(
        "every state has its meaning",
        arguments: [
            (#"{"status":"SUCCESS","result":{"a":1}}"#, CeleryResult.success(["a": 1])),
            (#"{"status":"SUCCESS","result":null}"#, .success(.null)), (#"{"status":"SUCCESS"}"#, .success(.null)),
            (#"{"status":"REVOKED","result":{"exc_type":"TaskRevokedError"}}"#, .revoked),
            (#"{"status":"PENDING"}"#, .pending), (#"{"status":"RETRY","result":{"exc_type":"X"}}"#, .pending),
            (#"{"status":"RECEIVED"}"#, .pending), (#"{"status":"STARTED","result":{"pid":7}}"#, .started(nil)),
            (
                #"{"status":"PROGRESS","result":{"current":2,"total":5,"message":"m"}}"#,
                .started(TaskRecord.Progress(current: 2, total: 5, message: "m"))
            ),
            (
                #"{"status":"HALFWAY","result":{"current":2,"status":"s"}}"#,
                .started(TaskRecord.Progress(current: 2, total: nil, message: "s"))
            ),
            (#"{"status":"PROGRESS","result":{"current":-2}}"#, .started(nil)),
            (#"{"status":"PROGRESS","result":[1]}"#, .started(nil)),
        ]
    )
    func states(text: String, result: CeleryResult) {
        #expect(read(text) == result)
    }

    @Test(
        "a failure has the exception's type and message",
        arguments: [
            (#"{"exc_type":"ValueError","exc_message":["boom",3]}"#, "ValueError", "boom, 3"),
            (#"{"exc_type":"ValueError","exc_message":"boom"}"#, "ValueError", "boom"),
            (#"{"exc_type":"ValueError","exc_message":[]}"#, "ValueError", "ValueError"),
            (#"{"exc_type":"KeyError","exc_message":{"a":1}}"#, "KeyError", #"{"a":1}"#),
            (#""just text""#, "failed", "just text"), ("null", "failed", "failed"),
        ]
    )
    func failures(error: String, code: String, message: String) {
        let failure = TaskRecord.Failure(code: code, message: message)
        #expect(read(#"{"status":"FAILURE","result":\#(error),"traceback":"T"}"#) == .failure(failure, traceback: "T"))
    }

    @Test("a process that died is no failure of the task")
    func workerLost() {
        let text = #"{"status":"FAILURE","result":{"exc_type":"WorkerLostError","exc_message":["signal 9"]}}"#
        #expect(read(text) == .workerLost("signal 9"))
    }

    @Test("long texts of a failure are cut")
    func long() throws {
        let long = String(repeating: "x", count: 10_000)
        let result = read(#"{"status":"FAILURE","result":{"exc_type":"\#(long)","exc_message":["\#(long)"]}}"#)
        guard case .failure(let failure, _) = result else { throw TaskRecord.Failure(code: "", message: "") }
        #expect(failure.code.count == 128 && failure.message.count == 8_192)
    }

    @Test(
        "what is no result is a failure that says so",
        arguments: ["", "\u{80}pickle", "[]", "{}", #"{"status":3}"#, #"{"status":"SUCCESS","result":NaN}"#]
    )
    func bad(text: String) {
        guard case .failure(let failure, nil) = read(text) else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.code == "bad_result")
    }
}
