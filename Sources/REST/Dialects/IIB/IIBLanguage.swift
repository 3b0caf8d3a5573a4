/// The messages that people read in the client, in the languages that it is used in.
extension IIBConfiguration.Language {
    /// A file cannot be tagged, since it lies in no folder of the library.
    var outsideLibrary: String {
        switch self {
        case .english:
            "The current file is not within the scan path. You can add it to the scan path and try again. "
                + "In the top right corner, click on \"More\"."
        case .chinese: "此文件不在任何扫描路径中。请先在右上角的“更多”里把它所在的文件夹加入扫描路径，然后重试。"
        }
    }

    /// There is no index yet.
    var emptyIndex: String {
        switch self {
        case .english: "You need to generate an index through the image search page first."
        case .chinese: "请先到图像搜索页面生成索引。"
        }
    }

    /// A folder that is to be deleted holds something.
    var folderNotEmpty: String {
        switch self {
        case .english: "When a folder is not empty, it is not allowed to be deleted."
        case .chinese: "文件夹里还有内容，不能删除。"
        }
    }

    /// What is to be packed is no file.
    var notFile: String {
        switch self {
        case .english: "The corresponding path must be a file."
        case .chinese: "给出的路径必须是文件。"
        }
    }

    /// An extra path that is to be named is not there.
    func noExtraPath(_ path: String) -> String {
        switch self {
        case .english: "There is no extra path \(path)"
        case .chinese: "没有名为 \(path) 的附加路径"
        }
    }

    /// The permission does not allow to change anything.
    var notAuthorized: String {
        switch self {
        case .english:
            "User is not authorized to perform this action. Required permission: read-write, write-only"
        case .chinese: "当前用户无权执行此操作。所需权限：read-write, write-only"
        }
    }
}
