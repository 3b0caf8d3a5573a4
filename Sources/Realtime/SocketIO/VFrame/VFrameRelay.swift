package import Domain
import Synchronization

/// What VFrame's workers tell of their tasks, passed on to all who follow tasks (contracts/vframe.md §4).
///
/// Socket.IO clients get the workers' own words, as messages to the room `/client`; the native side hears of it
/// through ``ReportedTasks``. Of each task the connection that started it last is its worker, so that one which is
/// found lost only after its worker has come back on another does not end it.
package final class VFrameRelay: Sendable {
    private let journal: Journal
    private let reported: (any ReportedTasks)?
    /// The worker of each task.
    ///
    /// Held while telling, so that what is told keeps the order of what happened.
    private let workers = Mutex<[String: String]>([:])

    /// A relay that publishes to `journal` and tells `reported`, if there is one.
    package init(journal: Journal, reported: (any ReportedTasks)?) {
        self.journal = journal
        self.reported = reported
    }

    /// The client says that it runs a task from now on.
    func start(_ uuid: String, by client: String) {
        workers.withLock { workers in
            workers[uuid] = client
            publish("task_start", [["uuid": .string(uuid)]], from: client)
            reported?.start(uuid, by: client)
        }
    }

    /// The client says something of a task, whoever runs it; passed on as it is.
    func update(_ update: VFrameUpdate, _ arguments: SocketIOArguments, by client: String) {
        workers.withLock { _ in
            publish("task_update", arguments.values, attachments: arguments.attachments, from: client)
            switch update.news {
            case .progress(let progress): reported?.progress(update.uuid, progress, by: client)
            case .log(let level, let message): reported?.log(update.uuid, level, message, by: client)
            case nil: break
            }
        }
    }

    /// The client's connection has ended, by word or not, and with it the tasks that it still runs.
    func end(_ uuids: some Sequence<String>, by client: String, isClean: Bool) {
        workers.withLock { workers in
            for uuid in uuids where workers[uuid] == client {
                workers[uuid] = nil
                publish("task_end", [["uuid": .string(uuid)]], from: client)
                reported?.end(uuid, by: client, isClean: isClean)
            }
        }
    }

    private func publish(_ event: String, _ arguments: [JSON], attachments: [[UInt8]] = [], from client: String) {
        journal.publish(
            .roomMessage(
                RoomMessage(
                    room: RoomMessage.taskRoom,
                    event: event,
                    arguments: arguments,
                    attachments: attachments,
                    sender: client
                )
            )
        )
    }
}
