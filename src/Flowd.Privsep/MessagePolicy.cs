using System;

namespace Flowd.Privsep;

/// <summary>Why a message was refused.</summary>
public enum MessageError : byte
{
    None,
    BadLength,
    UnknownType,
    WrongSender,
    MissingDescriptor,
    UnexpectedDescriptor,
}

/// <summary>The whole security policy of the channels, in one table to review: who may say what, how long it is, and whether a descriptor comes with it.</summary>
public static class MessagePolicy
{
    private readonly record struct Rule(MessageType Type, Party Sender, Party Receiver, int Length, bool Descriptor);

    private static readonly Rule[] Table =
    [
        new(MessageType.ConfigurationFile,  Party.Monitor, Party.Parser,  Message.Length, true),
        new(MessageType.BoundConfiguration, Party.Monitor, Party.Parser,  Message.Length, true),
        new(MessageType.TableContent,       Party.Monitor, Party.Parser,  Message.Length, true),
        new(MessageType.FileGranted,        Party.Monitor, Party.Parser,  Message.Length, true),
        new(MessageType.FileRefused,        Party.Monitor, Party.Parser,  Message.Length, false),
        new(MessageType.FileWanted,         Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.Listen,             Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.ListenTcp,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.TlsFile,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.JoinGroup,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.Forward,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogFile,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogRotate,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogKeep,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogMaxSize,         Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogCompress,        Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogExec,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.KeyFile,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.SyncRequired,       Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.LogSocket,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.PidFile,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.User,               Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.SandboxRequired,    Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.StateFile,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.MetricsOn,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.Workers,            Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.Sandboxed,          Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.Diagnostic,         Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.Parsed,             Party.Parser,  Party.Monitor, Setting.Length, false),
        new(MessageType.BoundConfiguration, Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.TableContent,       Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.Listener,           Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.Forwarder,          Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.AnonymizeKey,       Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.Apply,              Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.LogGranted,         Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.LogRefused,         Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.LogSocketGranted,   Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.LogSocketRefused,   Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.Reopen,             Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.Report,             Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.Stop,               Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.OpenLog,            Party.Worker,  Party.Monitor, LogRequest.Length, false),
        new(MessageType.LogClosed,          Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.LogReleased,        Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.OpenLogSocket,      Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.Ready,              Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.Failed,             Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.Sandboxed,          Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.StateMemory,        Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.FormerState,        Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.WriteTurns,         Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.ProgressWanted,     Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.Progress,           Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.SnapshotMemory,     Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.SnapshotWanted,     Party.Monitor, Party.Worker,  Message.Length, false),
        new(MessageType.SnapshotWritten,    Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.Capture,            Party.Monitor, Party.Worker,  Message.Length, true),
        new(MessageType.CaptureRead,        Party.Worker,  Party.Monitor, Message.Length, false),
        new(MessageType.MetricsListener,    Party.Monitor, Party.Metrics, Setting.Length, true),
        new(MessageType.SnapshotMemory,     Party.Monitor, Party.Metrics, Setting.Length, true),
        new(MessageType.Snapshot,           Party.Monitor, Party.Metrics, Setting.Length, false),
        new(MessageType.Sandboxed,          Party.Metrics, Party.Monitor, Message.Length, false),
        new(MessageType.Ready,              Party.Metrics, Party.Monitor, Message.Length, false),
        new(MessageType.SnapshotWanted,     Party.Metrics, Party.Monitor, Message.Length, false),
        new(MessageType.BoundConfiguration, Party.Monitor, Party.Tcp,     Message.Length, true),
        new(MessageType.SessionListener,    Party.Monitor, Party.Tcp,     Message.Length, true),
        new(MessageType.SessionInlet,       Party.Monitor, Party.Tcp,     Message.Length, true),
        new(MessageType.TlsContent,         Party.Monitor, Party.Tcp,     Message.Length, true),
        new(MessageType.Apply,              Party.Monitor, Party.Tcp,     Message.Length, false),
        new(MessageType.Stop,               Party.Monitor, Party.Tcp,     Message.Length, false),
        new(MessageType.Sandboxed,          Party.Tcp,     Party.Monitor, Message.Length, false),
        new(MessageType.Ready,              Party.Tcp,     Party.Monitor, Message.Length, false),
        new(MessageType.Failed,             Party.Tcp,     Party.Monitor, Message.Length, false),
        new(MessageType.FinishSource,       Party.Monitor, Party.Finisher, Message.Length, true),
        new(MessageType.FinishTarget,       Party.Monitor, Party.Finisher, Message.Length, true),
        new(MessageType.Sandboxed,          Party.Finisher, Party.Monitor, Message.Length, false),
        new(MessageType.Finished,           Party.Finisher, Party.Monitor, Message.Length, false),
        new(MessageType.ExecInput,          Party.Monitor, Party.Exec,    Message.Length, true),
    ];

    public static MessageError Check(ReadOnlySpan<byte> message, bool hasDescriptor, Party sender, Party receiver)
    {
        if (message.Length < Message.Length)
            return MessageError.BadLength;
        var error = MessageError.UnknownType;
        foreach (Rule rule in Table)
        {
            if ((byte)rule.Type != message[0])
                continue;
            error = MessageError.WrongSender;
            if (rule.Sender != sender || rule.Receiver != receiver)
                continue;
            if (rule.Length != message.Length)
                return MessageError.BadLength;
            if (rule.Descriptor != hasDescriptor)
                return hasDescriptor ? MessageError.UnexpectedDescriptor : MessageError.MissingDescriptor;
            return MessageError.None;
        }

        return error;
    }
}
