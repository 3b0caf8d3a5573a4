import Domain

/// Says nothing and closes: what follows the head of an answer to HEAD.
final class SilentSession: Session {
    func opened(_ link: any Link) {
        link.close()
    }

    func received(_ bytes: UnsafeMutableRawBufferPointer) {}
    func writable() {}
    func inputClosed() {}
    func closed() {}
    func tick(now: Milliseconds) {}
    func abandon() {}

    func shutDown() {}
}
