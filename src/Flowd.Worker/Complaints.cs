using System;
using System.Collections.Generic;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Receive.Sessions;
using Flowd.Records;

namespace Flowd.Worker;

/// <summary>
/// Messages about what strangers send. One for each exporter and kind of trouble a minute, and no more than a few a second in all: who sends
/// rubbish must not fill the log. What was held back is said with the next message of the same kind.
/// </summary>
public sealed class Complaints(SystemLog log)
{
    private const long MillisecondsBetween = 60_000;
    private const int MostPerSecond = 10;
    private const int MostRemembered = 4096;

    private readonly record struct Subject(Address Exporter, uint Domain, int Kind);

    private record struct History(long Last, ulong Suppressed);

    private const int UnauthorisedKind = -1;
    private const int MissingKind = -2;
    private const int WrongProtocolKind = -3;
    private const int FirstSessionKind = -4; // and one less for each further SessionEnd

    private readonly Dictionary<Subject, History> _history = [];
    private long _second;
    private int _writtenThisSecond;

    /// <summary>Messages that were held back, of all kinds.</summary>
    public ulong Suppressed { get; private set; }

    public void BadDatagram(Address exporter, DecodeResult result)
    {
        if (!log.IsEnabled(LevelOf(result.Error)) || !MayWrite(new Subject(exporter, result.Domain, (int)result.Error), out ulong suppressed))
            return;
        log.Write(LevelOf(result.Error), $"{exporter} domain {result.Domain}: {DecodeErrorText.Describe(result.Error)} (version {result.Version}){Tail(suppressed)}");
    }

    public void Unauthorised(Address exporter)
    {
        if (MayWrite(new Subject(exporter, 0, UnauthorisedKind), out ulong suppressed))
            log.Info($"{exporter}: not a flow source, datagrams ignored{Tail(suppressed)}");
    }

    /// <summary>A datagram where another protocol is expected.</summary>
    public void WrongProtocol(Address exporter, string listener)
    {
        if (MayWrite(new Subject(exporter, 0, WrongProtocolKind), out ulong suppressed))
            log.Info($"{exporter}: not of the protocol that listen on {listener} takes, datagrams ignored{Tail(suppressed)}");
    }

    /// <summary>A connection that ended, or was not taken, for a reason that somebody should know.</summary>
    public void Session(in SessionEvent session)
    {
        Address exporter = session.Peer.Address;
        if (!MayWrite(new Subject(exporter, 0, FirstSessionKind - (int)session.End), out ulong suppressed))
            return;
        string what = session.Kind == SessionEventKind.Refused ? "refused" : "ended";
        log.Write(LevelOf(session.End), $"{exporter}: connection {what}: {SessionEndText.Describe(session.End)}{Tail(suppressed)}");
    }

    /// <summary>A gap in the sequence of an exporter.</summary>
    public void Missing(DecodeResult result)
    {
        if (!log.IsEnabled(LogLevel.Info) || result.Stream is not { } stream)
            return;
        Address exporter = stream.Exporter.Address;
        if (!MayWrite(new Subject(exporter, stream.Domain, MissingKind), out ulong suppressed))
            return;
        string missing = $"{result.Missing} {UnitText.Of(stream.Unit)} missing before sequence {result.Sequence}";
        log.Info($"{exporter} domain {stream.Domain}: {missing}{Tail(suppressed)}");
    }

    // What harms nobody is said to who asks for more. Data come before their template after every start.
    private static LogLevel LevelOf(DecodeError error) => error switch
    {
        DecodeError.CountMismatch or DecodeError.NothingToKeep => LogLevel.Debug,
        DecodeError.UnknownTemplate => LogLevel.Info,
        _ => LogLevel.Warning,
    };

    // Who is no source is no trouble of ours, as with datagrams.
    private static LogLevel LevelOf(SessionEnd end) => end is SessionEnd.NotASource or SessionEnd.CutShort or SessionEnd.Broken ? LogLevel.Info : LogLevel.Warning;

    private bool MayWrite(Subject subject, out ulong suppressed)
    {
        long now = Environment.TickCount64;
        bool known = _history.TryGetValue(subject, out History history);
        suppressed = history.Suppressed;
        if ((known && now - history.Last < MillisecondsBetween) || !TakeShareOfSecond(now))
        {
            Suppressed++;
            if (known)
                _history[subject] = history with { Suppressed = suppressed + 1 };
            return false;
        }

        if (_history.Count == MostRemembered && !known)
            _history.Clear();
        _history[subject] = new History(now, 0);
        return true;
    }

    private bool TakeShareOfSecond(long now)
    {
        if (now / 1000 != _second)
            (_second, _writtenThisSecond) = (now / 1000, 0);
        return _writtenThisSecond++ < MostPerSecond;
    }

    private static string Tail(ulong suppressed) => suppressed == 0 ? "" : $", {suppressed} suppressed";
}
