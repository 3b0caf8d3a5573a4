import Domain

/// Fuzz target for the message queue's messages (contracts/socketio.md §7).
///
/// Whatever the bytes are, nothing may crash; and what reads must be written so that it reads the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQueue(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
    guard let message = try? QueueMessage(bytes) else { return 0 }
    precondition((try? QueueMessage(message.encoded)) == message, "a message reads differently when written again")
    if case .emit(let emit) = message.body { _ = emit.arguments.map { $0.showing(emit.attachments).encoded } }
    return 0
}
