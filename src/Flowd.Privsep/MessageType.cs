namespace Flowd.Privsep;

/// <summary>The seven roles of flowd's processes (docs/architecture.md, "Processes").</summary>
public enum Party : byte
{
    Monitor,
    Parser,
    Worker,
    Metrics,
    Finisher,
    Exec,
    Tcp,
}

/// <summary>What the processes may say to each other. There is no general "run this" message.</summary>
public enum MessageType : byte
{
    None,

    /// <summary>The configuration file, open for reading.</summary>
    ConfigurationFile,

    /// <summary>To the parser: an empty memory file to write the normal form to. To the worker: that file, sealed.</summary>
    BoundConfiguration,

    /// <summary>Settings that the monitor acts on, one a message: see <see cref="Setting"/>.</summary>
    Listen,
    JoinGroup,
    Forward,
    LogFile,
    LogSocket,
    PidFile,

    /// <summary>A line for the person who wrote the configuration. Number: the level of the message.</summary>
    Diagnostic,

    /// <summary>The parser is done. Number: 1 if the configuration is good.</summary>
    Parsed,

    /// <summary>A bound socket to receive on; Argument is the number of its `listen on` line.</summary>
    Listener,

    /// <summary>A connected socket to forward datagrams to.</summary>
    Forwarder,

    /// <summary>All of the configuration has been sent: put it in force.</summary>
    Apply,

    /// <summary>May I have a log, open for appending? See <see cref="LogRequest"/>. The answers' Argument: the number of the request.</summary>
    OpenLog,
    LogGranted,
    LogRefused,

    /// <summary>May I have a socket connected to the reader of the log socket?</summary>
    OpenLogSocket,
    LogSocketGranted,
    LogSocketRefused,

    /// <summary>The worker receives and can store; a server serves.</summary>
    Ready,

    /// <summary>A child cannot do its work, and has said why. That ends flowd's own start; later the child waits for better times.</summary>
    Failed,

    /// <summary>Signals, passed on.</summary>
    Reopen,
    Report,
    Stop,

    /// <summary>
    /// Settings as above: whom to become (Text), that nothing of the sandbox may be missing, the state file (Text), where to serve metrics (Address
    /// and Port, or Text).
    /// </summary>
    User,
    SandboxRequired,
    StateFile,
    MetricsOn,

    /// <summary>A child gave up its rights. Argument or Number: the SandboxLayers that hold.</summary>
    Sandboxed,

    /// <summary>
    /// Memory that outlives the worker: what its successor must know about exporters. Argument: how many workers of this monitor have died.
    /// </summary>
    StateMemory,

    /// <summary>Are you alive? The answer's Argument: flows stored since the last answer.</summary>
    ProgressWanted,
    Progress,

    /// <summary>A bound and listening socket to serve metrics on.</summary>
    MetricsListener,

    /// <summary>Memory that the worker writes its metrics to, and the metrics process reads.</summary>
    SnapshotMemory,

    /// <summary>Write the metrics of now into it. The answer's Argument: their length in octets.</summary>
    SnapshotWanted,
    SnapshotWritten,

    /// <summary>
    /// To the metrics process, for each of its memories in turn. Number: octets in the memory, Port: how many are still to come, Text, of the last:
    /// what the monitor has to add.
    /// </summary>
    Snapshot,

    /// <summary>
    /// What else the monitor must know of the `logfile` line that the last <see cref="LogFile"/> began. LogRotate: seconds, Port 1 if aligned;
    /// LogKeep: seconds; LogMaxSize: octets are Number shifted left by Port; LogCompress: the level; LogExec: the command.
    /// </summary>
    LogRotate,
    LogKeep,
    LogMaxSize,
    LogCompress,
    LogExec,

    /// <summary>A key to anonymize with, as file (Text), and as descriptor. Number and Argument: see <see cref="KeyOwner"/>.</summary>
    KeyFile,
    AnonymizeKey,

    /// <summary>What is written must outlive a power failure, the names of files too.</summary>
    SyncRequired,

    /// <summary>
    /// The log of that number is closed. LogClosed: it has all its records and may be given its final name. LogReleased: nothing is to be done
    /// about it. Argument: the number of the request.
    /// </summary>
    LogClosed,
    LogReleased,

    /// <summary>
    /// A log to mend and, if Argument is the level of a compression, to compress once more, into a target that comes with a message of its own.
    /// The answer's Argument: 0 if that was done.
    /// </summary>
    FinishSource,
    FinishTarget,
    Finished,

    /// <summary>A file to read datagrams from in the place of sockets. The answer's Argument: 0 if all of it was good and is stored.</summary>
    Capture,
    CaptureRead,

    /// <summary>The file that a command is run for, open for reading: its standard input.</summary>
    ExecInput,

    /// <summary>A setting as above: a `listen on` line for connections. They and the others come in the order of their lines.</summary>
    ListenTcp,

    /// <summary>A file with certificates or a key, as file (Text), and as descriptor. Number and Argument: see <see cref="TlsFile"/>.</summary>
    TlsFile,
    TlsContent,

    /// <summary>A socket that listens for connections, and where to put what comes by them; Argument is the number of the line.</summary>
    SessionListener,
    SessionInlet,

    /// <summary>
    /// May I have a file that the configuration names, open for reading? Text: the path. The answers: the file; or Argument, why not, as errno has it.
    /// </summary>
    FileWanted,
    FileGranted,
    FileRefused,

    /// <summary>To the parser: an empty memory file to write the content of tables to. To the worker: that file, sealed.</summary>
    TableContent,

    /// <summary>A setting as above. Number: how many workers there are.</summary>
    Workers,

    /// <summary>What a worker of a former flowd has left, to be read by each of several workers.</summary>
    FormerState,

    /// <summary>Memory by which several workers take turns at writing.</summary>
    WriteTurns,
}
