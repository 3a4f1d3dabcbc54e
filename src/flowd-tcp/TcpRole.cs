using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Threading;
using Flowd.Config;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Receive;
using Microsoft.Win32.SafeHandles;

namespace Flowd.TcpProcess;

/// <summary>
/// The talk with the monitor, on the first thread, which does nothing else: what to listen on comes by the channel, and when it ends, so does the
/// process.
/// </summary>
/// <param name="monitor">The channel.</param>
/// <param name="log">Where messages go.</param>
/// <param name="tlsTrouble">Why there is no TLS; null if there is.</param>
internal sealed class TcpRole(ChannelEnd monitor, SystemLog log, string? tlsTrouble)
{
    private const int LongestTlsFile = 1 << 20;
    private const long MillisecondsToStop = 1500;
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly SessionTable _table = new();
    private readonly Dictionary<uint, SafeFileHandle> _listeners = [];
    private readonly Dictionary<uint, SafeFileHandle> _inlets = [];
    private readonly Dictionary<uint, string> _tlsFiles = [];
    private string _text = "";
    private List<SessionLine> _lines = [];
    private bool _isStopping;

    /// <summary>Runs until the monitor says stop, or is gone; returns the exit status.</summary>
    public int Run()
    {
        using var sweeper = new Timer(_ => _table.Sweep(Environment.TickCount64), null, BetweenSweeps, BetweenSweeps);
        while (!_isStopping && monitor.Receive(out Message message, out SafeFileHandle? attached, wait: true) == ChannelStatus.Message)
            Obey(message, attached);
        if (monitor.Violation == MessageError.None)
            return 0;
        log.Error($"flowd-tcp: the monitor broke the rules: {monitor.Violation}");
        return 1;
    }

    private void Obey(Message message, SafeFileHandle? attached)
    {
        switch (message.Type)
        {
            case MessageType.BoundConfiguration:
                _text = Descriptors.ReadTextAndClose(attached!);
                break;
            case MessageType.SessionListener:
                _listeners[message.Argument] = attached!;
                break;
            case MessageType.SessionInlet:
                _inlets[message.Argument] = attached!;
                break;
            case MessageType.TlsContent:
                _tlsFiles[message.Argument] = Descriptors.ReadTextAndClose(attached!, LongestTlsFile);
                break;
            case MessageType.Apply:
                bool isGood = Apply();
                monitor.TrySend(new Message(isGood ? MessageType.Ready : MessageType.Failed));
                break;
            case MessageType.Stop:
                Stop();
                break;
        }
    }

    // False, which is said, if a line could not be opened, or stays as it was.
    private bool Apply()
    {
        Configuration configuration = ConfigParser.ParseNormalForm(_text);
        _table.Apply(SessionLimits.Of(configuration.Limits), new SourceList(configuration.FlowSources));
        bool isGood = true;
        var lines = new List<SessionLine>();
        for (int number = 0; number < configuration.ListenOn.Length; number++)
        {
            ListenOn place = configuration.ListenOn[number];
            if (place.Transport == Transport.Udp)
                continue;
            bool isSecure = TryMakeTls(place, number, out SslServerAuthenticationOptions? tls);
            isGood &= isSecure;
            if (_lines.Find(line => line.Place.ListensBeside(place) && line.Place.Transport == place.Transport) is { } known)
                lines.Add(GoOn(known, isSecure ? tls : known.Tls));
            else if (isSecure)
                lines.Add(Open(place, (uint)number, tls));
        }

        foreach (SessionLine line in _lines.Except(lines))
            line.Dispose();
        _lines = lines;
        Forget();
        return isGood;
    }

    private bool TryMakeTls(ListenOn place, int number, out SslServerAuthenticationOptions? tls)
    {
        tls = null;
        if (place.Tls is not { } files)
            return true;
        string trouble = tlsTrouble ?? "";
        if (tlsTrouble is null)
            tls = TlsSettings.TryMake(files, kind => _tlsFiles.GetValueOrDefault(new TlsFile(number, kind).Number, ""), out trouble);
        if (tls is null)
            log.Error($"listen on [{place.Address}]:{place.Port} tls: {trouble}");
        return tls is not null;
    }

    private static SessionLine GoOn(SessionLine line, SslServerAuthenticationOptions? tls)
    {
        line.Tls = tls;
        return line;
    }

    private SessionLine Open(ListenOn place, uint number, SslServerAuthenticationOptions? tls)
    {
        _listeners.Remove(number, out SafeFileHandle? listener);
        _inlets.Remove(number, out SafeFileHandle? inlet);
        var line = new SessionLine(place, listener!, inlet!, _table) { Tls = tls };
        _ = line.RunAsync();
        return line;
    }

    // Descriptors of lines that are open already, or not opened.
    private void Forget()
    {
        foreach (SafeFileHandle unused in _listeners.Values.Concat(_inlets.Values))
            unused.Dispose();
        _listeners.Clear();
        _inlets.Clear();
        _tlsFiles.Clear();
    }

    // What has come already is handed on, as far as there is time; then the connections end.
    private void Stop()
    {
        _isStopping = true;
        _lines.ForEach(line => line.Close());
        for (long end = Environment.TickCount64 + MillisecondsToStop; _table.Count > 0 && Environment.TickCount64 < end; Descriptors.Pause(BetweenLooks))
            _table.DismissAll(static session => session.IsQuiet);
    }
}
