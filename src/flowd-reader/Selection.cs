using System;
using Flowd.Anonymize;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Reader;

/// <summary>Which records are wanted, and what is changed in them: time, addresses and ports, then the rules, and last other addresses.</summary>
internal sealed class Selection
{
    private readonly ReaderFilter? _filter;
    private readonly Func<AddressAnonymizer>? _makeAnonymizer;
    private readonly AddressAnonymizer? _anonymizer;

    private Selection(LogSelection? logs, ReaderFilter? filter, Func<AddressAnonymizer>? makeAnonymizer)
        => (Logs, _filter, _makeAnonymizer, _anonymizer) = (logs, filter, makeAnonymizer, makeAnonymizer?.Invoke());

    /// <summary>What an index can help with; null if everything is wanted.</summary>
    public LogSelection? Logs { get; }

    /// <summary>Which sections are printed and written.</summary>
    public LogFields Stored => _filter?.Stored ?? LogFields.Everything;

    /// <summary>Which sections are looked at or changed.</summary>
    public LogFields Reads
        => _makeAnonymizer is not null ? LogFields.Everything : (Logs is null ? LogFields.None : LogSelection.Reads) | (_filter?.Reads ?? LogFields.None);

    public ReaderFilter? Filter => _filter;

    /// <summary>Null, which is said, if something on the command line is wrong.</summary>
    public static Selection? Load(Options options, Messages messages)
    {
        ReaderFilter? filter = null;
        if (options.FilterFile is not null && (filter = ReaderFilter.Load(options.FilterFile, options, messages)) is null)
            return null;
        LogSelection? logs = null;
        if (!TryWindow(options, messages, ref logs))
            return null;
        if (options.Addresses.Length + options.Ports.Length > 0)
            logs = (logs ?? new LogSelection()) with { Addresses = options.Addresses, Ports = options.Ports };
        return AnonymizeOption.TryLoad(options.Anonymize, messages, out Func<AddressAnonymizer>? make) ? new Selection(logs, filter, make) : null;
    }

    /// <summary>The same for another thread.</summary>
    public Selection Fork() => new(Logs, _filter?.Fork(), _makeAnonymizer);

    /// <summary>Other: its elements without a place of their own. False if the record is not wanted; else it is tagged and its addresses are changed, if they are to be.</summary>
    public bool Accepts(ref FlowRecord record, ReadOnlySpan<byte> other)
    {
        if (Logs?.Matches(in record) == false || _filter?.Accepts(ref record, other) == false)
            return false;
        _anonymizer?.Apply(ref record);
        return true;
    }

    /// <summary>The same for records that are not decoded: a bit for each that is wanted. False, and nothing is done, if some rule must see decoded ones.</summary>
    public bool TryAccept(in BatchRun run, out ulong accepted)
    {
        accepted = Logs?.Matches(in run) ?? run.All;
        return _filter?.TryAccept(in run, accepted, out accepted) != false;
    }

    /// <summary>Tags one of the records that were accepted, the first of the run being 0, and changes its addresses, as <see cref="Accepts"/> does.</summary>
    public void Change(int number, ref FlowRecord record)
    {
        _filter?.Tag(number, ref record);
        _anonymizer?.Apply(ref record);
    }

    private static bool TryWindow(Options options, Messages messages, ref LogSelection? logs)
    {
        if (options.Window is not { } window)
            return true;
        TimeZoneInfo zone = options.Utc ? TimeZoneInfo.Utc : TimeZoneInfo.Local;
        if (!TimeWindow.TryParse(window, zone, DateTimeOffset.UtcNow, out uint from, out uint to))
        {
            messages.Error($"\"{window}\" is not a time window; FROM/TO such as 2026-11-27T08:00/2026-11-27T09:30, -2h/ or @1764230400/");
            return false;
        }

        logs = new LogSelection { FromSeconds = from, ToSeconds = to };
        return true;
    }
}
