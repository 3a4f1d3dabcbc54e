using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Flowd.Platform;
using Flowd.Receive.Sessions;

namespace Flowd.TcpProcess;

/// <summary>One connection, from the accept to its end. It holds no buffer while nothing comes.</summary>
internal sealed class Session(ulong number, Socket socket, Endpoint peer, SessionLine line, SessionTable table)
{
    private const long Never = long.MaxValue;
    private const int PieceLength = 64 * 1024;

    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: PieceLength, leaveOpen: true, useZeroByteReads: true);

    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _deadline = Never;
    private long _lastHeard = Environment.TickCount64;
    private long _messageSince;
    private int _dismissal;
    private bool _isShakingHands;

    public Endpoint Peer => peer;

    public SessionLine Line => line;

    /// <summary>Whether it has sent a message yet.</summary>
    public bool IsProven { get; private set; }

    /// <summary>When it last sent something, in milliseconds of Environment.TickCount64.</summary>
    public long LastHeard => Volatile.Read(ref _lastHeard);

    /// <summary>True if it waits for a peer who has sent nothing.</summary>
    public bool IsQuiet => Volatile.Read(ref _deadline) != Never && socket.SafeHandle is { IsClosed: false } && Available == 0;

    /// <summary>Ends when all is done about it.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Runs until its end, which the worker is told of, if its line is still there.</summary>
    public async Task RunAsync()
    {
        try
        {
            await LiveAsync().ConfigureAwait(false);
        }
        finally
        {
            table.Remove(this);
            _completion.SetResult();
        }
    }

    private async Task LiveAsync()
    {
        bool isOpen = false;
        SessionEnd end;
        try
        {
            using Socket owned = socket; // whatever becomes of the stream: one that was dismissed already gives none
            using Stream stream = new NetworkStream(socket);
            using Stream? secure = line.Tls is { } tls ? await ShakeHandsAsync(stream, tls).ConfigureAwait(false) : null;
            await SendAsync(SessionEventKind.Opened, SessionEnd.None).ConfigureAwait(false);
            isOpen = true;
            end = await ReceiveAsync(secure ?? stream).ConfigureAwait(false);
        }
        catch (Exception) // whatever the peer, the network or OpenSSL can think of: it ends this connection and nothing else
        {
            end = _isShakingHands ? SessionEnd.NotAuthenticated : SessionEnd.Broken;
        }

        table.Close(this);
        end = _dismissal == 0 ? end : (SessionEnd)_dismissal;
        await SendAsync(isOpen ? SessionEventKind.Ended : SessionEventKind.Refused, end).ConfigureAwait(false);
    }

    /// <summary>Ends it from outside: what it waits for is over, so it closes the socket itself.</summary>
    public void Dismiss(SessionEnd reason)
    {
        Interlocked.CompareExchange(ref _dismissal, (int)reason, 0);
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // it has ended already
        }
    }

    /// <summary>Ends it if its peer has had all the time that it has.</summary>
    public void DismissIfDue(long now)
    {
        if (now >= Volatile.Read(ref _deadline))
            Dismiss(_messageSince != 0 ? SessionEnd.TooSlow : SessionEnd.Idle);
    }

    private int Available
    {
        get
        {
            try
            {
                return socket.Available;
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return 0;
            }
        }
    }

    private async Task<SslStream> ShakeHandsAsync(Stream stream, SslServerAuthenticationOptions tls)
    {
        var secure = new SslStream(stream);
        _isShakingHands = true;
        _messageSince = Environment.TickCount64;
        WaitForPeer();
        try
        {
            await secure.AuthenticateAsServerAsync(tls).ConfigureAwait(false);
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Volatile.Write(ref _deadline, Never);
        _isShakingHands = false;
        _messageSince = 0;
        return secure;
    }

    private async Task<SessionEnd> ReceiveAsync(Stream stream)
    {
        PipeReader reader = PipeReader.Create(stream, ReaderOptions);
        try
        {
            while (true)
            {
                WaitForPeer();
                ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
                Volatile.Write(ref _deadline, Never);
                Volatile.Write(ref _lastHeard, Environment.TickCount64);
                (SequencePosition left, SessionEnd error) = await TakeMessagesAsync(result.Buffer).ConfigureAwait(false);
                if (error != SessionEnd.None)
                    return error;
                reader.AdvanceTo(left, result.Buffer.End);
                if (result.IsCompleted)
                    return _messageSince == 0 ? SessionEnd.Closed : SessionEnd.CutShort;
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    // Returns where the message begins that is not whole yet.
    private async ValueTask<(SequencePosition Left, SessionEnd Error)> TakeMessagesAsync(ReadOnlySequence<byte> received)
    {
        while (MessageFraming.TryTake(ref received, out ReadOnlySequence<byte> message, out SessionEnd error) || error != SessionEnd.None)
        {
            if (error != SessionEnd.None)
                return (received.Start, error);
            await SendAsync(message).ConfigureAwait(false);
            IsProven = true;
            _messageSince = 0;
        }

        if (received.IsEmpty)
            _messageSince = 0;
        else if (_messageSince == 0)
            _messageSince = Environment.TickCount64;
        return (received.Start, SessionEnd.None);
    }

    // Only while we wait for the peer time counts, not while we wait for the worker.
    private void WaitForPeer()
    {
        SessionLimits limits = table.Limits;
        Volatile.Write(ref _deadline, _messageSince != 0
            ? _messageSince + (long)limits.MessageTime.TotalMilliseconds
            : Environment.TickCount64 + (long)limits.Idle.TotalMilliseconds);
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> message)
    {
        int length = SessionEvent.Length + (int)message.Length;
        byte[] wire = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Tell(SessionEventKind.Message, SessionEnd.None).Write(wire);
            message.CopyTo(wire.AsSpan(SessionEvent.Length));
            await line.Inlet.SendAsync(wire.AsMemory(0, length)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(wire);
        }
    }

    private ValueTask SendAsync(SessionEventKind kind, SessionEnd end) => line.Inlet.SendAsync(Tell(kind, end));

    private SessionEvent Tell(SessionEventKind kind, SessionEnd end) => new(kind, end, number, line.Open, peer);
}
