using System;
using System.Collections.Generic;
using Flowd.Records;

namespace Flowd.Decode.State;

/// <summary>
/// What exporters have told of which scope, as hashes: names of interfaces are announced again and again, and are news once. Bounded; when it is
/// full it forgets everything, and all is news again.
/// </summary>
internal sealed class ToldTable
{
    private const int Most = 65_536;

    private readonly record struct Subject(Address Exporter, TemplateKey Template, ulong Scope);

    private readonly Dictionary<Subject, ulong> _told = [];

    /// <summary>True if it is new, or differs from what was told of that scope before.</summary>
    public bool IsNews(Address exporter, TemplateKey template, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> rest)
    {
        var subject = new Subject(exporter, template, Hash(scope));
        ulong told = Hash(rest);
        if (_told.TryGetValue(subject, out ulong before) && before == told)
            return false;
        if (_told.Count == Most)
            _told.Clear();
        _told[subject] = told;
        return true;
    }

    // FNV-1a. Who finds two texts of one hash keeps us from noting a change of his own.
    private static ulong Hash(ReadOnlySpan<byte> octets)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte octet in octets)
            hash = unchecked((hash ^ octet) * 0x100_0000_01B3);
        return hash;
    }
}
