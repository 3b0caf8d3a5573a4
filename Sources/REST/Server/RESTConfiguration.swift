package import Domain

/// Everything about plain HTTP that the user may decide.
package struct RESTConfiguration: Sendable {
    /// PEM files for https.
    package struct TLS: Sendable {
        /// The server's certificate, followed by the intermediate ones.
        package var certificateFile: String
        /// The certificate's private key.
        package var keyFile: String

        /// Names the two files; they are read when the server is made.
        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// The address or name to listen on.
    package var host: String
    /// The port to listen on; 0 lets the system choose.
    package var port: Int
    /// `nil` serves plain http.
    package var tls: TLS?
    /// The bounds on requests.
    package var limits: HTTPLimits
    /// Who may ask.
    package var access: AccessPolicy
    /// The folder of the dashboard, served at `/`; `nil` serves none.
    package var dashboardFolder: String?
    /// The folder of the API descriptions (`*.openapi.yaml`); `nil` serves none.
    package var openAPIFolder: String?
    /// Turns a description in YAML into JSON; `nil` serves the files alone.
    package var openAPIConverter: (@Sendable ([UInt8]) throws -> [UInt8])?
    /// The server's version, such as `0.1.0`.
    package var version: String
    /// TCP connections of any kind at once; `nil` sets no bound.
    ///
    /// What comes past it waits to be accepted.
    package var maxSockets: Int?
    /// The dialect of Infinite Image Browsing; served when there are services for it too.
    package var iib = IIBConfiguration()
    /// The dialect of the model gallery; served when there is a gallery.
    package var gallery = GalleryConfiguration()

    /// A configuration with the defaults of a server for this machine only.
    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: TLS? = nil,
        limits: HTTPLimits = HTTPLimits(),
        access: AccessPolicy = AccessPolicy(),
        dashboardFolder: String? = nil,
        openAPIFolder: String? = nil,
        version: String
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.limits = limits
        self.access = access
        self.dashboardFolder = dashboardFolder
        self.openAPIFolder = openAPIFolder
        self.version = version
    }
}
