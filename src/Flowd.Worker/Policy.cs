using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Config;
using Flowd.Decode;
using Flowd.Filter;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Records;
using Flowd.Worker.Logs;

namespace Flowd.Worker;

/// <summary>A configuration as the worker uses it: bound to its sockets, compiled, ready to be put in force at once.</summary>
public sealed class Policy(Configuration configuration, IReadOnlyList<Listener> listeners, IReadOnlyList<Forwarder> forwarders, Anonymizers anonymizers)
{
    private const int DefaultMostLogFiles = 256;
    private const int DefaultMostRecords = 8192;
    private const int DefaultMostOutput = 4 << 20;

    public Listener[] Listeners { get; } = [.. listeners];

    public Forwarder[] Forwarders { get; } = [.. forwarders];

    /// <summary>Those that get datagrams as they are.</summary>
    public Forwarder[] VerbatimForwarders { get; } = [.. forwarders.Where((_, line) => anonymizers.OfForward(line) is null)];

    public AnonymousForwarder[] AnonymousForwarders { get; } = [.. AnonymousOf(forwarders, anonymizers)];

    /// <summary>For people: which lines have no key to anonymize with that is one. What they write or send has no addresses.</summary>
    public IReadOnlyList<string> KeyTroubles => anonymizers.Troubles;

    public SourceList Sources { get; } = new(configuration.FlowSources);

    public FilterProgram Filter { get; } = FilterProgram.Compile(configuration.Rules, TimeZoneInfo.Local);

    /// <summary>What is stored; everything where the configuration names nothing.</summary>
    public LogFields Store { get; } = StoredBy(configuration);

    public bool WritesLog => Array.Exists(Logs, line => !line.IsOfNotes);

    /// <summary>Whether anybody wants what exporters tell beside flows.</summary>
    public bool KeepsNotes => Array.Exists(Logs, line => line.IsOfNotes);

    public bool RelaysToSocket { get; } = configuration.LogSocket is not null;

    /// <summary>Whether somebody wants each record at once: a log, a reader of the log socket, another collector.</summary>
    public bool IsPrompt => configuration.FlushesAlways || RelaysToSocket || Forwarders.Length > 0;

    public LogLine[] Logs { get; } = [.. Enumerable.Range(0, configuration.LogFiles.Length).Select(line => new LogLine(configuration, line, anonymizers.OfLog(line)))];

    /// <summary>How many of their files may be open at once.</summary>
    public int MostLogFiles { get; } = configuration.Limits.Logs ?? DefaultMostLogFiles;

    /// <summary>Records of one datagram: by default, a full one of the smallest sensible records. What is more is dropped and counted.</summary>
    public int MostRecords { get; } = configuration.Limits.Records ?? DefaultMostRecords;

    /// <summary>True if flows go into the logs as they are, and the rules can tell which ones, so that nobody has to decode them.</summary>
    public bool LeavesOnWire => Filter.SuitsRuns && !RelaysToSocket && Array.TrueForAll(Logs, static line => line.IsOfNotes || line.TakesAllAsTheyAre);

    /// <summary>Octets that the records of one datagram may take in all logs together.</summary>
    public int MostOutput { get; } = configuration.Limits.Output ?? DefaultMostOutput;

    public DecodeLimits Limits { get; } = LimitsOf(configuration.Limits);

    /// <summary>What the `sampling-rate` lines say; of several without a prefix the last counts.</summary>
    public SamplingSettings Sampling { get; } = new(
        configuration.SamplingRates.LastOrDefault(line => line.Exporters is null)?.Rate ?? 0,
        [.. configuration.SamplingRates.Where(line => line.Exporters is not null).Select(line => (line.Exporters!.Value, line.Rate))]);

    /// <summary>Whether any log, socket or rule wants elements that have no place of their own.</summary>
    public bool KeepsOther => Filter.ReadsOther || (Store & LogFields.Other) != 0 || Array.Exists(Logs, line => !line.IsOfNotes && (line.Fields & LogFields.Other) != 0);

    /// <summary>The `listen on` line of a listener, for messages.</summary>
    public string NameOf(Listener listener)
    {
        ListenOn line = LineOf(listener);
        return NameOf(line.Address, line.Zone, line.Port) + (line.Transport == Transport.Udp ? "" : " tcp");
    }

    /// <summary>The `forward to` line of a forwarder; they come in the order of the lines.</summary>
    public string NameOf(Forwarder forwarder)
    {
        ForwardTo line = configuration.ForwardTo[Array.IndexOf(Forwarders, forwarder)];
        return NameOf(line.Address, line.Zone, line.Port);
    }

    /// <summary>False if its line takes another protocol than the datagram's.</summary>
    public bool Takes(Listener listener, ReadOnlySpan<byte> datagram)
        => configuration.ListenOn[listener.Number].Protocol is var protocol && (protocol == ExportProtocol.Any || protocol == ExportProtocols.Of(datagram));

    /// <summary>The receive buffer that was asked for, in octets.</summary>
    public int BufferAskedBy(Listener listener) => configuration.ListenOn[listener.Number].BufferSize ?? DatagramSocket.DefaultReceiveBuffer;

    /// <summary>The smallest receive buffer that the kernel granted to a socket for datagrams, in octets. Who sends over a connection waits.</summary>
    public int SmallestBuffer { get; } = listeners.Where(static listener => listener.Sessions is null)
        .Select(static listener => DatagramSocket.ReceiveBufferOf(listener.Socket)).DefaultIfEmpty(int.MaxValue).Min();

    /// <summary>Takes the place of <paramref name="old"/>: counters of listeners and rules that stay go on, sockets that were its own are closed.</summary>
    public void TakeOver(Policy old)
    {
        Filter.TakeCountersFrom(old.Filter);
        foreach (Listener listener in old.Listeners)
        {
            ListenOn line = old.LineOf(listener);
            Listeners.FirstOrDefault(own => LineOf(own) == line)?.TakeOver(listener);
            listener.Dispose();
        }

        foreach (Forwarder forwarder in old.Forwarders)
            forwarder.Dispose();
    }

    /// <summary>What the `store` lines name; everything where there is none.</summary>
    public static LogFields StoredBy(Configuration configuration) => configuration.Store == LogFields.None ? LogFields.All : configuration.Store;

    private static IEnumerable<AnonymousForwarder> AnonymousOf(IReadOnlyList<Forwarder> forwarders, Anonymizers anonymizers)
    {
        for (int line = 0; line < forwarders.Count; line++)
        {
            if (anonymizers.OfForward(line) is { } anonymizer)
                yield return new AnonymousForwarder(forwarders[line], anonymizer);
        }
    }

    private static string NameOf(Address address, string? zone, ushort port)
        => zone is null ? $"[{address}]:{port}" : $"[{address}%{zone}]:{port}";

    // Without what may change.
    private ListenOn LineOf(Listener listener) => configuration.ListenOn[listener.Number] with { BufferSize = null, Protocol = ExportProtocol.Any, Tls = null };

    private static DecodeLimits LimitsOf(ConfiguredLimits configured)
    {
        var defaults = new DecodeLimits();
        return defaults with
        {
            Exporters = configured.Exporters ?? defaults.Exporters,
            Domains = configured.Domains ?? defaults.Domains,
            Streams = configured.Streams ?? defaults.Streams,
            Samplers = configured.Samplers ?? defaults.Samplers,
            Templates = configured.Templates ?? defaults.Templates,
            TemplateFields = configured.TemplateFields ?? defaults.TemplateFields,
            FieldsPerTemplate = configured.FieldsPerTemplate ?? defaults.FieldsPerTemplate,
            TemplateSeconds = configured.TemplateAge ?? defaults.TemplateSeconds,
            PendingOctets = configured.Pending ?? defaults.PendingOctets,
            PendingSeconds = configured.PendingAge ?? defaults.PendingSeconds,
        };
    }
}
