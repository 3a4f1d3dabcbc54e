using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Decode;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Receive;
using Flowd.Worker.Logs;
using Flowd.Worker.Metrics;
using Flowd.Worker.State;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>
/// The life of the worker: wait for datagrams and for the monitor, process, flush. One thread; everything that it may touch came by the channel.
/// </summary>
public sealed class WorkerLoop : IDisposable
{
    private const int SlotsInRing = 64;

    /// <summary>How long, at the end, the reader of the log socket has for what waits for it.</summary>
    private const int MillisecondsForRelay = 500;

    /// <summary>At the end, for what the kernel still holds. The monitor waits for five seconds.</summary>
    private const long MillisecondsToDrain = 2000;

    private const int MillisecondsToLogSocket = 1000;

    /// <summary>A capture waits while so much waits to be written, or the log socket is full.</summary>
    private const long MostWaitingOfCapture = 4 << 20;

    private readonly ChannelEnd _monitor;
    private readonly SystemLog _messages;
    private readonly DatagramRing _ring = new(SlotsInRing);
    private readonly Poller _poller = new();
    private readonly PolicyInbox _inbox = new();
    private readonly RestBetweenWakes _rest = new();
    private readonly HeapKeeper _heap = new();
    private readonly DatagramDecoder _decoder = new(new DecodeLimits());
    private readonly LogSocketRelay _relay = new();
    private readonly StateSaver _state;
    private readonly SessionDesk _sessions;
    private readonly LogSet _logs;
    private readonly Complaints _complaints;
    private readonly FlowTrace _trace;
    private readonly MetricsSnapshot _snapshot;
    private readonly HashSet<string> _dropsSaid = [];
    private readonly string _captureName;
    private readonly Share _share;
    private WriteTurns? _turns;
    private CaptureFeed? _capture;
    private Pipeline? _pipeline;
    private ulong _progressBefore;
    private bool _isReady;
    private bool _mayReceive;
    private bool _isStopping;

    /// <param name="monitor">The channel to the monitor.</param>
    /// <param name="messages">Where messages go.</param>
    /// <param name="share">Which of the workers this is.</param>
    /// <param name="captureName">What a capture, if one comes, is called in messages.</param>
    public WorkerLoop(ChannelEnd monitor, SystemLog messages, Share share, string captureName = "")
    {
        (_share, _captureName) = (share, captureName);
        _monitor = monitor;
        _messages = messages;
        _state = new StateSaver(_decoder, messages, share);
        _logs = new LogSet(monitor, _state, messages);
        _complaints = new Complaints(messages);
        _sessions = new SessionDesk(_decoder.Exporters, _complaints);
        _trace = new FlowTrace(messages);
        _snapshot = new MetricsSnapshot(monitor, messages);
    }

    /// <summary>Runs until the monitor says stop, or is gone; returns the exit status.</summary>
    public int Run()
    {
        while (!_isStopping)
        {
            FillPoller();
            _poller.Wait(Patience());
            if (_poller.IsReady(0))
                TakeMessages();
            bool isDrained = ReceiveAll(out int received);
            _relay.SendWaiting();
            long now = Environment.TickCount64;
            _logs.FlushIfDue(isDrained, now);
            _logs.Tick(now, Wall);
            _state.SaveIfDue(now);
            _heap.AfterEvicting(_decoder.Exporters.Evicted);
            if (LacksSocket && _relay.WantsSocket())
                _monitor.TrySend(new Message(MessageType.OpenLogSocket));
            _rest.Count(received);
            if (isDrained && _relay.Blocked is null && _pipeline is { Policy: var policy })
                Descriptors.Pause(_rest.Next(policy.SmallestBuffer, policy.IsPrompt));
        }

        TakeTheRest();
        FinishRelay();
        bool isAllWritten = _logs.Finish();
        if (_capture is not null)
            FinishCapture(isAllWritten);
        _state.Finish(isAllWritten);
        return isAllWritten ? 0 : 1;
    }

    private void FinishCapture(bool isAllWritten)
    {
        bool isGood = _capture!.Finish(_decoder.Exporters, _logs.Counters.RecordsAppended - _logs.RecordsLost) && isAllWritten && _capture.IsAtEnd;
        _monitor.TrySend(new Message(MessageType.CaptureRead, isGood ? 0u : 1u));
    }

    // A reader that takes what waits gets it; one that does not is not waited for.
    private void FinishRelay()
    {
        long end = Environment.TickCount64 + MillisecondsForRelay;
        for (_relay.SendWaiting(); _relay.Blocked is { } socket && Environment.TickCount64 < end; _relay.SendWaiting())
        {
            _poller.Clear();
            _poller.AddForWriting(socket);
            _poller.Wait(MillisecondsForRelay);
        }
    }

    public void Dispose()
    {
        _ring.Dispose();
        _capture?.Dispose();
        _state.Dispose();
        _logs.Dispose();
        _turns?.Dispose();
        _relay.Dispose();
        _snapshot.Dispose();
    }

    private static long Wall => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private bool MayReadCapture => _mayReceive && _capture is { IsAtEnd: false } && _logs.Pending < MostWaitingOfCapture && _relay.Blocked is null;

    private bool LacksSocket => _pipeline?.Policy.RelaysToSocket == true && !_relay.IsConnected;

    private int Patience()
    {
        if (MayReadCapture)
            return 0;
        long now = Environment.TickCount64;
        int patience = Shorter(_logs.Patience(now, Wall), _state.Patience(now));
        return LacksSocket && patience < 0 ? MillisecondsToLogSocket : patience;
    }

    // -1 is for ever.
    private static int Shorter(int one, int other) => one < 0 ? other : other < 0 ? one : Math.Min(one, other);

    private void FillPoller()
    {
        _poller.Clear();
        _poller.Add(_monitor.Handle);
        foreach (Listener listener in Listeners)
            _poller.Add(listener.Socket);
        if (_relay.Blocked is { } socket)
            _poller.AddForWriting(socket);
    }

    // Until it is known what the worker before this one had written, the kernel keeps what arrives.
    private Listener[] Listeners => _mayReceive ? _pipeline!.Policy.Listeners : [];

    // What the kernel holds is taken before the end. A flood does not put the end off.
    private void TakeTheRest()
    {
        if (_capture is not null)
            return;
        long end = Environment.TickCount64 + MillisecondsToDrain;
        while (!ReceiveAll(out _))
        {
            if (Environment.TickCount64 < end)
                continue;
            _messages.Warning("datagrams come faster than they can be processed: what waits in the kernel is lost");
            return;
        }
    }

    // A ring from each socket, so that a flood on one keeps neither the others nor the monitor waiting. True if every socket was left empty.
    private bool ReceiveAll(out int received)
    {
        bool isDrained = true;
        received = 0;
        if (MayReadCapture)
        {
            _capture!.Step(_pipeline!);
            _isStopping |= _capture.IsAtEnd;
            isDrained = false;
        }

        foreach (Listener listener in Listeners)
        {
            int taken = _ring.Receive(listener.Socket);
            received += taken;
            Process(listener, taken);
            isDrained &= taken < SlotsInRing;
        }

        return isDrained;
    }

    private void Process(Listener listener, int datagrams)
    {
        ulong droppedBefore = listener.Dropped;
        for (int i = 0; i < datagrams; i++)
        {
            ReceivedDatagram datagram = _ring[i];
            if (listener.Sessions is null)
                ProcessIfOurs(listener, in datagram);
            else if (_sessions.TryTake(listener, in datagram, out ReceivedDatagram message))
                Process(listener, in message);
        }

        if (listener.Dropped != droppedBefore)
            SayDrops(listener);
    }

    // What is sent to a multicast group comes to all workers, and right after sockets were opened a datagram may be in a wrong one.
    private void ProcessIfOurs(Listener listener, in ReceivedDatagram datagram)
    {
        if (_share.Has(datagram.Source.Address))
            Process(listener, in datagram);
        else
            listener.CountForeign(in datagram);
    }

    private void Process(Listener listener, in ReceivedDatagram datagram)
    {
        listener.Count(in datagram);
        _pipeline!.Process(in datagram, listener);
    }

    // Once for each listener; the numbers are in the statistics.
    private void SayDrops(Listener listener)
    {
        string name = _pipeline!.Policy.NameOf(listener);
        if (_dropsSaid.Add(name))
            _messages.Warning($"{name}: the kernel drops datagrams because its buffer is full; consider a larger bufsize (SIGUSR2 shows how many)");
    }

    private void TakeMessages()
    {
        while (true)
        {
            switch (_monitor.Receive(out Message message, out SafeFileHandle? attached))
            {
                case ChannelStatus.Message:
                    Obey(message, attached);
                    break;
                case ChannelStatus.Empty:
                    return;
                default: // the monitor is gone: nothing more to do, but what is buffered is written
                    _isStopping = true;
                    return;
            }
        }
    }

    private void Obey(Message message, SafeFileHandle? attached)
    {
        if (_inbox.TryTake(message, attached))
            return;
        switch (message.Type)
        {
            case MessageType.Apply:
                Apply(_inbox.Complete());
                break;
            case MessageType.LogGranted:
                LogArrived(_logs.Granted(message.Argument, attached!));
                break;
            case MessageType.LogRefused:
                LogArrived(!_logs.Refused(message.Argument));
                break;
            case MessageType.StateMemory:
                _state.Attach(attached!, isSuccessor: message.Argument > 0);
                break;
            case MessageType.FormerState:
                _state.AttachFormer(attached!);
                break;
            case MessageType.WriteTurns:
                _turns = new WriteTurns(attached!, _share.Index);
                _logs.Turns = new LogTurns(_turns);
                break;
            case MessageType.LogSocketGranted:
                _relay.Attach(attached);
                break;
            case MessageType.LogSocketRefused:
                _relay.Attach(null);
                break;
            case MessageType.Reopen:
                _logs.Reopen();
                _relay.Renew();
                break;
            case MessageType.Report:
                if (_pipeline is not null)
                    new StatisticsReport(_messages).Write(_pipeline, _decoder, _logs, _relay, _complaints);
                break;
            case MessageType.ProgressWanted:
                _monitor.TrySend(new Message(MessageType.Progress, TakeProgress()));
                break;
            case MessageType.Capture:
                _capture = new CaptureFeed(attached!, _captureName, _messages);
                break;
            case MessageType.SnapshotMemory:
                _snapshot.Attach(attached!);
                break;
            case MessageType.SnapshotWanted:
                _snapshot.Answer(_pipeline is null ? null : new MetricsSubjects(_pipeline, _decoder, _logs, _relay, _complaints));
                break;
            case MessageType.Stop:
                _isStopping = true;
                break;
            default:
                attached?.Dispose();
                break;
        }
    }

    // Flows stored since the last answer.
    private uint TakeProgress()
    {
        ulong stored = _pipeline?.Policy.WritesLog == true ? _logs.Counters.RecordsAppended : _relay.Sent;
        ulong progress = stored - Math.Min(stored, _progressBefore); // the one becomes the other by a reload
        _progressBefore = stored;
        return (uint)Math.Min(progress, uint.MaxValue);
    }

    private void Apply(Policy policy)
    {
        SayKeyTroubles(policy);
        if (_pipeline is null)
        {
            _pipeline = new Pipeline(_decoder, _logs, _relay, _complaints, _trace) { Policy = policy };
        }
        else
        {
            policy.TakeOver(_pipeline.Policy);
            _pipeline.Policy = policy;
        }

        _decoder.SetLimits(policy.Limits);
        _decoder.SetSampling(policy.Sampling);
        _decoder.KeepsOther = policy.KeepsOther;
        _decoder.LeavesOnWire = policy.LeavesOnWire && !_trace.IsOn;
        _decoder.KeepsNotes = policy.KeepsNotes;
        _decoder.Exporters.RemoveWhere(address => !policy.Sources.Allows(address));
        if (!policy.Listeners.Any(static listener => listener.Sessions is not null))
            _decoder.Exporters.EndSessions(before: ulong.MaxValue);
        _relay.Fields = policy.Store;
        _logs.Apply(policy.Logs, policy.MostLogFiles);
        if (policy.RelaysToSocket)
            _relay.Renew();
        else
            _relay.Attach(null);
        HeapKeeper.AfterCompiling();
        if (_logs.IsComplete)
            LogArrived(isUsable: true);
    }

    // At the start that is the end. Later the rest of the configuration is worth more than the addresses of those lines.
    private void SayKeyTroubles(Policy policy)
    {
        foreach (string trouble in policy.KeyTroubles)
            _messages.Error(_isReady ? $"{trouble}: until there is a key, addresses are erased" : trouble);
        if (policy.KeyTroubles.Count > 0 && !_isReady)
            _monitor.TrySend(new Message(MessageType.Failed));
    }

    private void BeginToReceive()
    {
        if (!_mayReceive)
            _state.Load(_pipeline!.Policy.Sources, _logs.LengthWhenFlushed);
        _mayReceive = true;
    }

    // At the start the logs must be there: the monitor knows if this is one. Else a log that cannot be had is waited for.
    private void LogArrived(bool isUsable)
    {
        if (!isUsable && !_isReady)
            _monitor.TrySend(new Message(MessageType.Failed));
        if (isUsable && !_logs.IsComplete)
            return;
        BeginToReceive();
        if (isUsable)
            BecomeReady();
    }

    private void BecomeReady()
    {
        if (!_isReady)
            _monitor.TrySend(new Message(MessageType.Ready));
        _isReady = true;
    }
}
