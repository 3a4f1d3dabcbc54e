using System;
using System.Collections.Generic;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker.Logs;

/// <summary>
/// Asks the monitor for logs, no faster than it answers for long, and finds who an answer is for. An answer that nobody waits for any more is
/// given back.
/// </summary>
public sealed class LogDesk(ChannelEnd monitor)
{
    /// <summary>The monitor grants a hundred requests at once and twenty a second for long, to everything that a worker asks.</summary>
    private const long MillisecondsEach = 100;
    private const long MostSaved = 60 * MillisecondsEach;

    private readonly Dictionary<uint, LogOutput> _waiting = [];
    private uint _lastId;
    private long _saved = MostSaved;
    private long _last = Environment.TickCount64;

    /// <summary>Asks; 0 if there were too many requests of late: then the caller asks again some time later.</summary>
    public uint TryAsk(LogOutput output, int line, long start, LogKey key)
    {
        long now = Environment.TickCount64;
        _saved = Math.Min(_saved + now - _last, MostSaved);
        _last = now;
        if (_saved < MillisecondsEach)
            return 0;
        _saved -= MillisecondsEach;
        do
            _lastId = unchecked(_lastId + 1);
        while (_lastId == 0 || _waiting.ContainsKey(_lastId));
        _waiting[_lastId] = output;
        monitor.TrySend(new LogRequest(_lastId, (ushort)line, start, key.Exporter, key.Tag));
        return _lastId;
    }

    /// <summary>The log of that number has all its records and is closed.</summary>
    public void GiveBack(uint id) => Tell(MessageType.LogClosed, id);

    /// <summary>The log of that number is closed, and nothing is to be done about it.</summary>
    public void Release(uint id) => Tell(MessageType.LogReleased, id);

    /// <summary>Nobody waits for that answer any more.</summary>
    public void Forget(uint id) => _waiting.Remove(id);

    /// <summary>Who waits for that answer; null, and the descriptor is closed and given back, if nobody does.</summary>
    public LogOutput? Take(uint id, SafeFileHandle? file)
    {
        if (_waiting.Remove(id, out LogOutput? output))
            return output;
        if (file is null)
            return null;
        file.Dispose();
        GiveBack(id);
        return null;
    }

    private void Tell(MessageType what, uint id)
    {
        if (id != 0)
            monitor.TrySend(new Message(what, id));
    }
}
