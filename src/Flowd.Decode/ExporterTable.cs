using System;
using System.Collections.Generic;
using Flowd.Decode.Pending;
using Flowd.Decode.Sets;
using Flowd.Decode.State;
using Flowd.Records;

namespace Flowd.Decode;

/// <summary>
/// The exporters that we know, in order of use, and what is counted over all of them. Its size is bounded by <see cref="DecodeLimits"/>:
/// the exporter, stream, domain or template that was used least recently makes room.
/// </summary>
public sealed class ExporterTable
{
    private readonly Dictionary<Address, Exporter> _exporters = new(AddressComparer.Instance);
    private readonly LinkedList<Exporter> _byUse = new();
    private readonly LinkedList<Exporter> _withTemplates = new(); // in order of use too; saves searching for one that has some
    private readonly ErrorCounters _errors = new();
    private readonly FieldBudget _budget = new();
    private readonly PlanCache _plans = new();
    private readonly StreamTable _streams = new();
    private readonly ChangeCounter _changes = new();
    private readonly ToldTable _told = new();
    private readonly List<ExportStream> _moved = [];
    private SamplingSettings _sampling = SamplingSettings.None;

    internal ExporterTable(DecodeLimits limits) => Limits = limits;

    public int Count => _exporters.Count;

    /// <summary>All exporters, the most recently used first. Not to be enumerated while datagrams are decoded.</summary>
    public IEnumerable<Exporter> ByUse => _byUse;

    /// <summary>Exporters that were given up to stay within the limits.</summary>
    public ulong Evicted { get; private set; }

    /// <summary>Streams of all exporters.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Streams that were given up to stay within the limits, those of evicted exporters excepted.</summary>
    public ulong StreamsEvicted => _streams.Evicted;

    /// <summary>
    /// Streams whose place in their sequence has changed since the last <see cref="ClearMoved"/>, each once. Some may have been forgotten since.
    /// </summary>
    public IReadOnlyList<ExportStream> Moved => _moved;

    /// <summary>Called with each stream that is forgotten.</summary>
    public Action<ExportStream>? StreamForgotten { set => _streams.Forgotten = value; }

    /// <summary>
    /// Goes up with each template or sampling rate that is new, different or gone: what a saved state holds has changed then. Announcing the
    /// same again does not count.
    /// </summary>
    public ulong TemplatesChanged => _changes.Count;

    /// <summary>Fields of all templates that are kept, counted as <see cref="DecodeLimits.TemplateFields"/> has it.</summary>
    public int TemplateFields => _budget.Used;

    /// <summary>Data that wait for their template.</summary>
    public PendingSets Pending { get; } = new();

    internal DecodeLimits Limits { get; private set; }

    /// <summary>What the configuration says about sampling rates.</summary>
    internal SamplingSettings Sampling
    {
        get => _sampling;
        set
        {
            _sampling = value;
            foreach (Exporter exporter in _byUse)
                exporter.FixedRate = value.FixedRateOf(exporter.Address);
        }
    }

    /// <summary>How often an error occurred, also in datagrams that belong to no exporter here.</summary>
    public ulong ErrorCount(DecodeError error) => _errors[error];

    public Exporter? Find(in Address address) => _exporters.GetValueOrDefault(address);

    /// <summary>Forgets an exporter and its templates; false if it is not known.</summary>
    public bool Remove(Address address)
    {
        if (!_exporters.Remove(address, out Exporter? exporter))
            return false;
        Pending.RemoveAll(exporter);
        exporter.Templates.Clear();
        exporter.Samplers.Shrink(0);
        _streams.RemoveAll(exporter);
        UpdateWithTemplates(exporter);
        _byUse.Remove(exporter.ByUse);
        return true;
    }

    /// <summary>Forgets every exporter with such an address; returns how many.</summary>
    public int RemoveWhere(Func<Address, bool> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        int removed = 0;
        LinkedListNode<Exporter>? next;
        for (LinkedListNode<Exporter>? node = _byUse.First; node is not null; node = next)
        {
            next = node.Next;
            if (match(node.Value.Address) && Remove(node.Value.Address))
                removed++;
        }

        return removed;
    }

    /// <summary>Forgets the templates of a transport session that has ended.</summary>
    public void EndSession(in Address address, ulong session)
    {
        if (Find(address) is { } exporter)
            EndSessions(exporter, ended => ended == session);
    }

    /// <summary>Forgets the templates of all transport sessions with a lower number.</summary>
    public void EndSessions(ulong before)
    {
        foreach (Exporter exporter in _byUse)
            EndSessions(exporter, session => session != 0 && session < before);
    }

    /// <summary>
    /// Puts back the place in a sequence that was known before a restart, so that what was lost meanwhile is counted, in addition to what was lost
    /// before (<see cref="ExportStream.Lost"/>). Counts nothing as received. As with datagrams, the last of several calls is about the most recently used stream.
    /// </summary>
    public ExportStream Restore(Address exporter, ushort version, uint domain, uint nextSequence, ulong lost, uint lastSeenSeconds)
    {
        ExportStream stream = AdmitStream(Admit(exporter, lastSeenSeconds), new DomainKey(version, domain));
        stream.RestorePosition(nextSequence, lost, lastSeenSeconds);
        NoteMove(stream);
        return stream;
    }

    public void ClearMoved()
    {
        foreach (ExportStream stream in _moved)
            stream.IsMoved = false;
        _moved.Clear();
    }

    internal void NoteMove(ExportStream stream)
    {
        if (stream.IsMoved)
            return;
        stream.IsMoved = true;
        _moved.Add(stream);
        if (_moved.Count > 2 * Limits.Streams) // nobody takes them, or a flood makes ever new ones
            _moved.RemoveAll(moved => moved.IsForgotten);
    }

    internal void CountError(DecodeError error, ulong times) => _errors.Add(error, times);

    /// <summary>The exporter with that address, made if it is new, now the most recently used one.</summary>
    internal Exporter Admit(in Address address, uint nowSeconds)
    {
        if (_byUse.First is { } latest && latest.Value.Address == address) // they send many datagrams in a row
            return latest.Value;
        if (!_exporters.TryGetValue(address, out Exporter? exporter))
        {
            EvictExporters(Math.Max(Limits.Exporters, 1) - 1);
            exporter = new Exporter(address, _budget, _changes, nowSeconds) { FixedRate = _sampling.FixedRateOf(address) };
            _exporters.Add(address, exporter);
            _byUse.AddFirst(exporter.ByUse);
        }
        else
        {
            _byUse.MoveToFront(exporter.ByUse);
            _withTemplates.MoveToFront(exporter.WithTemplates);
        }

        return exporter;
    }

    /// <summary>The stream with that key, made if it is new, now the most recently used one.</summary>
    internal ExportStream AdmitStream(Exporter exporter, DomainKey key) => _streams.Admit(exporter, key, Limits);

    /// <summary>Compiles a template and puts it in force, in place of one with its key. Costs nothing if it is in force already.</summary>
    internal DecodeError TryDefine(Exporter exporter, TemplateKey key, TemplateShape shape, ReadOnlySpan<TemplateField> fields, out Template? template)
    {
        template = null;
        if (key.Id < SetDialect.FirstDataSet)
            return DecodeError.BadTemplateId;
        if (exporter.Templates.Use(key) is { } known && known.Describes(shape, fields)) // most are repetitions
        {
            known.AnnouncedSeconds = exporter.LastSeenSeconds;
            template = known;
            return DecodeError.None;
        }

        DecodeError error = _plans.TryGet(fields, keepElements: !shape.IsOptions, out PlannedFields? planned);
        if (planned is null)
            return error;
        var compiled = new Template(key, shape, planned.Fields, planned.Plan) { AnnouncedSeconds = exporter.LastSeenSeconds };
        if (!Define(exporter, compiled))
            return DecodeError.TemplateTooLarge;
        Pending.Release(exporter, compiled);
        template = compiled;
        return DecodeError.None;
    }

    // False if it is larger than all templates together may be.
    private bool Define(Exporter exporter, Template template)
    {
        exporter.Templates.Remove(template.Key);
        int room = Limits.TemplateFields - FieldBudget.Charge(template);
        if (room >= 0)
        {
            exporter.Templates.MakeRoomFor(template.Key.Scope, Limits);
            UpdateWithTemplates(exporter);
            EvictTemplates(room);
            exporter.Templates.Add(template);
        }

        UpdateWithTemplates(exporter);
        return room >= 0;
    }

    /// <summary>True if a record of options tells something that was not told before. Scope: how many of its octets say of what.</summary>
    internal bool IsNews(Exporter exporter, Template template, ReadOnlySpan<byte> octets, int scope)
        => _told.IsNews(exporter.Address, template.Key, octets[..scope], octets[scope..]);

    /// <summary>The template in force with that key, which then is the last that will be given up.</summary>
    internal Template? UseTemplate(Exporter exporter, TemplateKey key)
    {
        if (exporter.Templates.Use(key) is not { } template)
            return null;
        bool isAnnouncedOnce = key.Scope.Session != 0; // a connection loses nothing, so nothing is said again (RFC 7011 section 8)
        if (isAnnouncedOnce || Limits.TemplateSeconds == 0 || (long)exporter.LastSeenSeconds - template.AnnouncedSeconds <= Limits.TemplateSeconds)
            return template;
        exporter.Templates.Expire(key);
        UpdateWithTemplates(exporter);
        return null;
    }

    internal void Withdraw(Exporter exporter, TemplateKey key)
    {
        exporter.Templates.Remove(key);
        UpdateWithTemplates(exporter);
    }

    internal void WithdrawAll(Exporter exporter, TemplateScope scope, bool options)
    {
        exporter.Templates.RemoveAll(scope, options);
        UpdateWithTemplates(exporter);
    }

    internal void SetLimits(DecodeLimits limits)
    {
        Limits = limits;
        Pending.Shrink(limits.PendingOctets);
        EvictExporters(Math.Max(limits.Exporters, 1));
        foreach (Exporter exporter in _byUse)
        {
            exporter.Templates.Shrink(Math.Max(limits.Domains, 1), Math.Max(limits.Templates, 1));
            exporter.Samplers.Shrink(Math.Max(limits.Samplers, 1));
            _streams.Shrink(exporter, Math.Max(limits.Domains, 1));
            UpdateWithTemplates(exporter);
        }

        _streams.Shrink(Math.Max(limits.Streams, 1));
        EvictTemplates(limits.TemplateFields);
    }

    private void EndSessions(Exporter exporter, Predicate<ulong> hasEnded)
    {
        exporter.Templates.RemoveSessions(hasEnded);
        UpdateWithTemplates(exporter);
    }

    private void EvictExporters(int keep)
    {
        while (_exporters.Count > keep && _byUse.Last is { } oldest)
        {
            Remove(oldest.Value.Address);
            Evicted++;
        }
    }

    // The least recently used exporters give up their least recently used templates until no more than that many fields are left.
    private void EvictTemplates(int keepFields)
    {
        while (_budget.Used > keepFields && _withTemplates.Last is { } oldest)
        {
            oldest.Value.Templates.EvictOldest();
            UpdateWithTemplates(oldest.Value);
        }
    }

    // Keeps the list of exporters with templates true. One that gets its first template is the one in use, so it belongs in front.
    private void UpdateWithTemplates(Exporter exporter)
    {
        LinkedListNode<Exporter> node = exporter.WithTemplates;
        bool isListed = node.List is not null;
        if (exporter.TemplateCount == 0 && isListed)
            _withTemplates.Remove(node);
        else if (exporter.TemplateCount > 0 && !isListed)
            _withTemplates.AddFirst(node);
    }
}
