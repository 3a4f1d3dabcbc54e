using System;
using System.ComponentModel;
using System.IO;
using System.Text;
using Flowd.Config;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.WorkerProcess;

/// <summary>
/// Reads one configuration and ends. The monitor gets the few settings that it must act on, one message each, and a memory file with the whole in
/// normal form, which it passes to the network worker without looking inside, and another with what its tables have. Files that the configuration names the
/// monitor opens.
/// </summary>
internal sealed class ParserRole(ChannelEnd monitor, Options options)
{
    private const int LargestFile = ConfigurationFile.LargestText;

    /// <summary>EINVAL: it is there, but cannot be read like a file.</summary>
    private const uint NoRegularFile = 22;

    public int Run(SandboxLayers layers)
    {
        Send(Setting.Of(MessageType.Sandboxed, "", (uint)layers));
        using SafeFileHandle source = Expect(MessageType.ConfigurationFile);
        using SafeFileHandle bound = Expect(MessageType.BoundConfiguration);
        using SafeFileHandle tables = Expect(MessageType.TableContent);
        if (ReadAll(source) is not { } text)
        {
            Send(Setting.Of(MessageType.Diagnostic, $"{options.FileName}: longer than {LargestFile} octets", (uint)LogLevel.Error));
            Send(Setting.Of(MessageType.Parsed, ""));
            return 0;
        }

        ParseResult result = ConfigParser.Parse(text, options.FileName, options.Macros, ConfigScope.Daemon, ReadFile);
        foreach (Diagnostic diagnostic in result.Diagnostics)
            Send(Setting.Of(MessageType.Diagnostic, diagnostic.ToString(), (uint)LevelOf(diagnostic.Severity)));

        if (result.Configuration is { } configuration)
        {
            RandomAccess.Write(bound, Encoding.UTF8.GetBytes(ConfigPrinter.Print(configuration)), 0);
            RandomAccess.Write(tables, TableImage.Of(configuration), 0);
            SendSettings(configuration);
        }

        Send(Setting.Of(MessageType.Parsed, "", result.Configuration is null ? 0u : 1u));
        return 0;
    }

    private ConfigurationFile ReadFile(string path, int most)
    {
        Send(Setting.Of(MessageType.FileWanted, path));
        if (monitor.Receive(out Message answer, out SafeFileHandle? file, wait: true) != ChannelStatus.Message)
            throw new InvalidOperationException("the monitor is gone");
        if (answer.Type != MessageType.FileGranted)
            return new ConfigurationFile(null, answer.Argument == NoRegularFile ? "no regular file" : new Win32Exception((int)answer.Argument).Message);
        using (file)
        {
            return RandomAccess.GetLength(file!) > most
                ? new ConfigurationFile(null, $"longer than {most} octets")
                : new ConfigurationFile(Descriptors.ReadAll(file!, most));
        }
    }

    private void SendSettings(Configuration configuration)
    {
        foreach (ListenOn line in configuration.ListenOn)
            Send(new Setting(line.Transport == Transport.Udp ? MessageType.Listen : MessageType.ListenTcp, line.Address, line.Port, (uint)(line.BufferSize ?? 0), line.Zone ?? ""));
        for (int i = 0; i < configuration.ListenOn.Length; i++)
            SendTlsFiles(configuration.ListenOn[i].Tls, i);
        foreach (JoinGroup line in configuration.JoinGroups)
            Send(new Setting(MessageType.JoinGroup, line.Group, 0, 0, line.Interface ?? ""));
        foreach (ForwardTo line in configuration.ForwardTo)
            Send(new Setting(MessageType.Forward, line.Address, line.Port, 0, line.Zone ?? ""));
        for (int i = 0; i < configuration.ForwardTo.Length; i++)
            SendKey(configuration.ForwardTo[i].Anonymize, new KeyOwner(IsForward: true, i));
        for (int i = 0; i < configuration.LogFiles.Length; i++)
            SendLog(configuration.LogFiles[i], i);
        if (configuration.Sync.Mode != SyncMode.Never)
            Send(Setting.Of(MessageType.SyncRequired, ""));
        if (configuration.LogSocket is { } logSocket)
            Send(Setting.Of(MessageType.LogSocket, logSocket.Path, (uint)(logSocket.BufferSize ?? 0)));
        if (configuration.PidFile is { } pidFile)
            Send(Setting.Of(MessageType.PidFile, pidFile));
        if (configuration.StateFile is { } stateFile)
            Send(Setting.Of(MessageType.StateFile, stateFile));
        if (configuration.User is { } user)
            Send(Setting.Of(MessageType.User, user));
        if (configuration.RequiresSandbox)
            Send(Setting.Of(MessageType.SandboxRequired, ""));
        if (configuration.Workers > 1)
            Send(Setting.Of(MessageType.Workers, "", (uint)configuration.Workers));
        foreach (MetricsOn line in configuration.Metrics)
            Send(new Setting(MessageType.MetricsOn, line.Address, line.Port, 0, line.Path ?? line.Zone ?? ""));
    }

    private void SendLog(LogFile line, int number)
    {
        Send(Setting.Of(MessageType.LogFile, line.Pattern));
        if (line.Rotation is { } rotation)
            Send(Setting.Of(MessageType.LogRotate, "", (uint)rotation.Seconds) with { Port = rotation.IsAligned ? (ushort)1 : (ushort)0 });
        if (line.KeepSeconds is { } seconds)
            Send(Setting.Of(MessageType.LogKeep, "", (uint)seconds));
        if (line.MaxOctets is { } octets)
            Send(MaxSize(octets));
        if (line.ZstdLevel is { } level)
            Send(Setting.Of(MessageType.LogCompress, "", (uint)level));
        if (line.Exec is { } command)
            Send(Setting.Of(MessageType.LogExec, command));
        SendKey(line.Anonymize, new KeyOwner(IsForward: false, number));
    }

    private void SendTlsFiles(TlsFiles? files, int line)
    {
        if (files is null)
            return;
        Send(Setting.Of(MessageType.TlsFile, files.Certificate, new TlsFile(line, TlsFileKind.Certificate).Number));
        Send(Setting.Of(MessageType.TlsFile, files.Key, new TlsFile(line, TlsFileKind.Key).Number));
        if (files.Clients is { } clients)
            Send(Setting.Of(MessageType.TlsFile, clients, new TlsFile(line, TlsFileKind.Clients).Number));
    }

    private void SendKey(Anonymization? anonymization, KeyOwner owner)
    {
        if (anonymization?.KeyFile is { } path)
            Send(Setting.Of(MessageType.KeyFile, path, owner.Number));
    }

    // As many leading bits as the message has room for, rounded up.
    private static Setting MaxSize(long octets)
    {
        ushort shift = 0;
        while (octets > int.MaxValue)
        {
            octets = (octets + 1) / 2;
            shift++;
        }

        return Setting.Of(MessageType.LogMaxSize, "", (uint)octets) with { Port = shift };
    }

    private SafeFileHandle Expect(MessageType type)
        => monitor.Receive(out Message message, out SafeFileHandle? attached, wait: true) == ChannelStatus.Message && message.Type == type
            ? attached!
            : throw new InvalidOperationException($"the monitor did not send {type}");

    private void Send(in Setting setting)
    {
        if (!monitor.TrySend(in setting))
            throw new InvalidOperationException("the monitor is gone");
    }

    // Null if it is too long. A pipe works as well as a file: flowd -f /dev/stdin. A FIFO that nobody has opened for writing yet would be at its
    // end at once; poll(2) waits for the first writer.
    private static string? ReadAll(SafeFileHandle file)
    {
        var poller = new Poller();
        poller.Add(file);
        poller.Wait(-1);
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        using var content = new MemoryStream();
        byte[] buffer = new byte[65536];
        for (int read; content.Length <= LargestFile && (read = stream.Read(buffer)) > 0;)
            content.Write(buffer, 0, read);
        return content.Length > LargestFile ? null : Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }

    private static LogLevel LevelOf(DiagnosticSeverity severity) => severity == DiagnosticSeverity.Error ? LogLevel.Error : LogLevel.Warning;
}
