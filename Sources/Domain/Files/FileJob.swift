#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What one operation does for one thing of those that a client named.
struct FileJob {
    /// From one folder to another.
    struct Passage: Hashable {
        var from: ByteText
        var to: ByteText
    }

    var plan: FilePlan
    /// Where the thing lies.
    var path: String
    /// The side-car that goes along, or went before.
    var sideCar: String?
    /// The folders in which something will have changed.
    var folders: [String]
    /// How many bytes are copied.
    var bytes = 0
    /// The way of what is only renamed, which a file system may refuse; `nil` for what is copied.
    var passage: Passage?
    /// Whether it changes more than this thing, such as what lies in a folder or behind a link, so that nothing behind it
    /// can be planned before it is done.
    var isAlone = false
    /// What a client is told of an error.
    var told: (FileError) -> FileError = { $0 }

    /// The visible paths that change, or that are copied.
    var touched: Set<ByteText> {
        var paths = Set(plan.copies.map { ByteText($0.source) })
        for case .rename(let from, let to, _) in plan.steps {
            for path in [from, to] where !HiddenName.isHidden(path) { paths.insert(ByteText(path)) }
        }
        return paths
    }

    /// What a client is told when the plan fails with an error of the file system or of ``PlanRunner``.
    func failure(_ error: any Error) -> FileError? {
        guard let error = error as? SystemError else { return (error as? FileError).map(told) }
        let visible = plan.visible(error)
        return told(visible.code == EEXIST ? .exists(visible.action) : .system(visible))
    }
}

/// Jobs that are done together, each with the number of its path in the call.
struct FileBatch {
    /// How many, at most: who reads the library waits for none of them, who writes does.
    private static let most = 256
    /// How many bytes may be copied before what is copied gets its names.
    private static let mostBytes = 64 << 20

    private(set) var jobs: [(number: Int, job: FileJob)] = []
    /// Side-cars that were named themselves, and wait for what becomes of their pictures.
    var carried: [Int] = []
    private var touched: Set<ByteText> = []
    private var sideCars: Set<ByteText> = []
    private var bytes = 0

    /// Whether no more may be added.
    var isFull: Bool { jobs.count >= Self.most || bytes >= Self.mostBytes || jobs.last?.job.isAlone ?? false }

    func touches(_ path: String) -> Bool { touched.contains(ByteText(path)) }

    /// Whether what lies here goes along with its picture.
    func carries(_ path: String) -> Bool { sideCars.contains(ByteText(path)) }

    /// Adds a job; answers whether it could, which it cannot when it needs what others of the batch do.
    mutating func add(_ job: FileJob, _ number: Int) -> Bool {
        let paths = job.touched
        guard jobs.isEmpty || !job.isAlone && touched.isDisjoint(with: paths) else { return false }
        jobs.append((number, job))
        touched.formUnion(paths)
        if let car = job.sideCar { sideCars.insert(ByteText(car)) }
        bytes += job.bytes
        return true
    }
}

/// What a call has done so far.
struct FileProgress {
    /// The things that are done and the side-cars that went along.
    private(set) var paths: Set<ByteText> = []
    /// The side-cars that went along.
    private(set) var sideCars: Set<ByteText> = []
    /// The folders in which something has changed.
    private(set) var folders: Set<ByteText> = []
    /// How many things are done.
    private(set) var count = 0
    /// What cannot be renamed, because it would get to another file system.
    var crossings: Set<FileJob.Passage> = []
    /// What failed, by the number of its path.
    var failures: [Int: FileFailure] = [:]

    /// What failed, in the order of the paths.
    var failed: [FileFailure] { failures.sorted { $0.key < $1.key }.map(\.value) }

    mutating func note(_ job: FileJob) {
        count += 1
        paths.insert(ByteText(job.path))
        folders.formUnion(job.folders.map { ByteText($0) })
        guard let car = job.sideCar else { return }
        paths.insert(ByteText(car))
        sideCars.insert(ByteText(car))
    }
}
