import Foundation

extension Process {
    /// Waits for the end and answers the exit code.
    ///
    /// `waitUntilExit` hears of it only when no other child that is started meanwhile has inherited this one's pipe, or when
    /// that one ends.
    func exitCode() -> Int32 {
        #if os(Linux)
            var end = siginfo_t()
            var result: Int32
            repeat {
                result = waitid(P_PID, id_t(processIdentifier), &end, WEXITED | WNOWAIT)
            } while result == -1 && errno == EINTR
            if result == 0 { return end._sifields._sigchld.si_status }
        #endif
        waitUntilExit()
        return terminationStatus
    }
}
