using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Tests;

/// <summary>The published flowd-metrics, with the test in the place of the monitor and the worker.</summary>
internal sealed class MetricsServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ChannelEnd _channel;
    private readonly SafeFileHandle _memory = Descriptors.MemoryFile("metrics");
    private readonly SemaphoreSlim _ready = new(0);
    private readonly string _folder = Directory.CreateTempSubdirectory("flowd").FullName;
    private readonly Socket _local = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified); // closing it removes its name
    private readonly Thread _thread;
    private readonly byte[][] _others;
    private volatile bool _isEnding;
    private int _asked;

    /// <param name="others">What further workers write; they are the last ones.</param>
    public MetricsServer(params byte[][] others)
    {
        _others = others;
        (MessageChannel ours, MessageChannel theirs) = MessageChannel.Pair();
        using (theirs)
            Process = ChildProcess.Start(Tool.Published("flowd-metrics"), ["flowd: metrics", "--log=plain", "--level=6", .. User()], theirs, new ChildOptions());
        _channel = new ChannelEnd(ours, Party.Monitor, Party.Metrics);
        SendSockets();
        _thread = new Thread(Listen);
        _thread.Start();
        Assert.True(_ready.Wait(Patience), "flowd-metrics is not ready");
    }

    public ChildProcess Process { get; }

    public int Port { get; private set; }

    public string Path => System.IO.Path.Combine(_folder, "socket");

    public SandboxLayers Layers { get; private set; }

    /// <summary>What the worker writes into the memory; null if there is none.</summary>
    public byte[]? WorkerText { get; set; } = "# TYPE flowd_x gauge\nflowd_x 1\n"u8.ToArray();

    /// <summary>Neither monitor nor worker answers.</summary>
    public bool IsDumb { get; set; }

    /// <summary>How often a snapshot was wanted.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 15_000 };
        socket.Connect(IPAddress.Loopback, Port);
        return socket;
    }

    /// <summary>One request on a connection of its own; returns all that comes back until the server closes it.</summary>
    public string Exchange(string request)
    {
        using Socket socket = Connect();
        return Exchange(socket, request);
    }

    public string ExchangeLocally(string request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 15_000 };
        socket.Connect(new UnixDomainSocketEndPoint(Path));
        return Exchange(socket, request);
    }

    public HttpResponseMessage Get(string path)
    {
        using var client = new HttpClient();
        return client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}{path}"))).GetAwaiter().GetResult();
    }

    /// <summary>Ends the channel, as the end of the monitor does; null for an orderly end of the process.</summary>
    public string? EndOfMonitor()
    {
        _isEnding = true;
        _thread.Join();
        _channel.Dispose();
        return Process.WaitForExit(Patience);
    }

    public void Dispose()
    {
        if (!_isEnding)
            _ = EndOfMonitor();
        _memory.Dispose();
        _local.Dispose();
        _ready.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static string Exchange(Socket socket, string request)
    {
        var answer = new StringBuilder();
        byte[] buffer = new byte[65536];
        try
        {
            socket.Send(Encoding.UTF8.GetBytes(request));
            for (int length; (length = socket.Receive(buffer)) > 0;)
                answer.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (SocketException)
        {
            // reset: what came before counts
        }

        return answer.ToString();
    }

    // As root the process becomes nobody and is locked into an empty folder, as flowd does it.
    private string[] User()
        => Environment.UserName == "root" ? [$"--user=65534:65534:{Directory.CreateDirectory(System.IO.Path.Combine(_folder, "empty")).FullName}"] : [];

    private void SendSockets()
    {
        RandomAccess.SetLength(_memory, 8 << 20);
        using SafeFileHandle forReading = File.OpenHandle($"/proc/self/fd/{_memory.DangerousGetHandle()}");
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _local.Bind(new UnixDomainSocketEndPoint(Path));
        tcp.Listen();
        _local.Listen();
        Port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
        Send(Setting.Of(MessageType.SnapshotMemory, ""), forReading);
        foreach (byte[] other in _others)
        {
            using SafeFileHandle memory = Descriptors.MemoryFile("metrics");
            RandomAccess.Write(memory, other, 0);
            Send(Setting.Of(MessageType.SnapshotMemory, ""), memory);
        }

        Send(Setting.Of(MessageType.MetricsListener, "", 1), new SafeFileHandle(tcp.Handle, ownsHandle: false));
        Send(Setting.Of(MessageType.MetricsListener, "", 0), new SafeFileHandle(_local.Handle, ownsHandle: false));
    }

    private void Send(in Setting setting, SafeFileHandle? attached = null) => Assert.True(_channel.TrySend(in setting, attached));

    // A blocked thread would keep the channel open.
    private void Listen()
    {
        for (; !_isEnding; Thread.Sleep(2))
        {
            while (_channel.Receive(out Message message, out _) == ChannelStatus.Message)
                Take(message);
        }
    }

    private void Take(Message message)
    {
        if (message.Type == MessageType.Sandboxed)
            Layers = (SandboxLayers)message.Argument;
        else if (message.Type == MessageType.Ready)
            _ready.Release();
        else
            Answer();
    }

    private void Answer()
    {
        Interlocked.Increment(ref _asked);
        if (IsDumb)
            return;
        if (WorkerText is { } text)
            RandomAccess.Write(_memory, text, 0);
        for (int i = 0; i <= _others.Length; i++)
        {
            byte[]? one = i == 0 ? WorkerText : _others[i - 1];
            string added = i < _others.Length ? "" : $"flowd_worker_up {(WorkerText is null ? 0 : 1)}\n";
            _channel.TrySend(Setting.Of(MessageType.Snapshot, added, (uint)(one?.Length ?? 0)) with { Port = (ushort)(_others.Length - i) });
        }
    }
}
