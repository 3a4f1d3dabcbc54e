using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Flowd.Tests;

/// <summary>What comes on an AF_UNIX datagram socket: the end of the service manager, sd_notify(3), or of syslogd.</summary>
internal sealed class DatagramInbox : IDisposable
{
    private const int Tick = 50_000; // microseconds

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _messages = [];
    private readonly Thread _reader;
    private volatile bool _isClosed;

    /// <param name="name">A path, or an abstract name, which begins with @.</param>
    public DatagramInbox(string name)
    {
        Name = name;
        _socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
        _reader = new Thread(Read);
        _reader.Start();
    }

    public string Name { get; }

    public string[] Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    /// <summary>How many messages have such a line.</summary>
    public int Count(string line) => Messages.Count(message => HasLine(message, line));

    /// <summary>The index of the first message with such a line, from the given one on, once it is there.</summary>
    public int WaitFor(string line, int from = 0) => WaitFor(message => HasLine(message, line), line, from);

    public int WaitFor(Predicate<string> isMeant, string what, int from = 0)
    {
        int index = -1;
        Assert.True(
            SpinWait.SpinUntil(() => (index = Array.FindIndex(Messages, Math.Min(from, Messages.Length), isMeant)) >= 0, TimeSpan.FromSeconds(20)),
            $"no {what} after {from} messages:\n{string.Join("\n--\n", Messages)}");
        return index;
    }

    public void Dispose()
    {
        _isClosed = true;
        _reader.Join();
        _socket.Dispose();
        if (Name[0] != '@')
            File.Delete(Name);
    }

    private static bool HasLine(string message, string line) => message.Split('\n').Contains(line);

    private void Read()
    {
        byte[] buffer = new byte[65536];
        while (!_isClosed)
        {
            if (!_socket.Poll(Tick, SelectMode.SelectRead))
                continue;
            string message = Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
            lock (_messages)
                _messages.Add(message);
        }
    }
}
