using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Flowd.Config;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Receive;
using Flowd.Receive.Sessions;
using Flowd.Records;
using Flowd.Worker;
using Flowd.Worker.Logs;
using Flowd.Worker.Metrics;
using Flowd.Worker.State;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>The counting parts of a worker, without its loop: what a test sends is processed at once.</summary>
internal sealed class SmallWorker : IDisposable
{
    public static readonly Address Someone = Address.FromIPv4(0xC0000201); // 192.0.2.1

    private readonly DatagramDecoder _decoder = new(new DecodeLimits());
    private readonly UdpClient _target = new(new IPEndPoint(IPAddress.Loopback, 0)); // takes what is forwarded, wherever the configuration says
    private readonly (MessageChannel Parent, MessageChannel Child) _monitor = MessageChannel.Pair(); // which answers nothing
    private readonly Policy _policy;

    public SmallWorker(string configuration, Dictionary<uint, KeyFileContent>? keys = null)
    {
        ParseResult parsed = ConfigParser.Parse(configuration, "test", new Dictionary<string, string>(), ConfigScope.Daemon);
        Assert.True(parsed.Configuration is not null, string.Join('\n', parsed.Diagnostics));
        var log = new SystemLog(LogStyle.Plain, LogLevel.Error);
        var complaints = new Complaints(log);
        var logs = new LogSet(new ChannelEnd(_monitor.Child, Party.Worker, Party.Monitor), new StateSaver(_decoder, log), log);
        var relay = new LogSocketRelay();
        ushort port = (ushort)((IPEndPoint)_target.Client.LocalEndPoint!).Port;
        _policy = new Policy(
            parsed.Configuration,
            [.. parsed.Configuration.ListenOn.Select((line, i) => new Listener(i, Open(line.BufferSize), takesSessions: line.Transport != Transport.Udp))],
            [.. parsed.Configuration.ForwardTo.Select(_ => new Forwarder(DatagramSocket.Connect(new Endpoint(Address.FromIPv4(0x7F000001), port))))],
            new Anonymizers(parsed.Configuration, keys ?? []));
        _decoder.SetLimits(_policy.Limits);
        Subjects = new MetricsSubjects(new Pipeline(_decoder, logs, relay, complaints, new FlowTrace(log)) { Policy = _policy }, _decoder, logs, relay, complaints);
        logs.Apply(_policy.Logs, _policy.MostLogFiles);
    }

    public MetricsSubjects Subjects { get; }

    public void Receive(ReadOnlySpan<byte> octets, Address? exporter = null)
    {
        var datagram = new ReceivedDatagram { Bytes = octets, Source = new Endpoint(exporter ?? Someone, 50_000) };
        _policy.Listeners[0].Count(in datagram);
        Subjects.Pipeline.Process(in datagram, _policy.Listeners[0]);
    }

    /// <summary>The process that takes connections tells something by the line of that number.</summary>
    public void Tell(int line, in SessionEvent session) => _policy.Listeners[line].Sessions!.Count(in session);

    /// <summary>The next datagram of those that were forwarded; null if there is none.</summary>
    public byte[]? TakeForwarded()
    {
        IPEndPoint? sender = null;
        return _target.Client.Poll(0, SelectMode.SelectRead) ? _target.Receive(ref sender) : null;
    }

    /// <summary>The text of one snapshot, as it would lie in a memory of so many octets.</summary>
    public string Text(long most = 8 << 20)
    {
        using var memory = new MemoryStream();
        long length = new MetricsReport(startedSeconds: 1_700_000_000).Write(Subjects, most, (text, offset) =>
        {
            Assert.Equal(memory.Length, offset);
            memory.Write(text);
        });
        Assert.Equal(memory.Length, length);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(memory.ToArray());
    }

    public void Dispose()
    {
        foreach (Listener listener in _policy.Listeners)
            listener.Dispose();
        foreach (Forwarder forwarder in _policy.Forwarders)
            forwarder.Dispose();
        _target.Dispose();
        Subjects.Logs.Dispose();
        _monitor.Parent.Dispose();
        _monitor.Child.Dispose();
        Subjects.Relay.Dispose();
    }

    private static SafeFileHandle Open(int? bufferSize)
    {
        SafeFileHandle socket = DatagramSocket.Listen(new Endpoint(Address.FromIPv4(0x7F000001), 0));
        DatagramSocket.SetReceiveBuffer(socket, bufferSize ?? 65_536);
        return socket;
    }
}
