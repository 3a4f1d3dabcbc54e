using System;
using Flowd.Decode.Sets;

namespace Flowd.Decode.Rewriting;

/// <summary>
/// The treatment of every information element of the IANA registry, by its abstract data type: addresses are mapped, numbers, times and truth
/// values stay; MAC addresses, text, sections of packets, structured data and all that has no number of IANA's become zeros. NetFlow v9 field
/// types share the numbers.
/// </summary>
internal static class TreatmentTable
{
    /// <summary>The longest number or time, in octets. Longer ones are something else under a number that is not theirs.</summary>
    private const int LongestNumber = 8;

    private const int IPv4Length = 4;
    private const int IPv6Length = 16;

    // Of what v9 calls scopes (RFC 3954 section 6.1) the system, 1, may be given as its address. Interfaces, line cards, caches and templates are numbers.
    private const int FirstNumberedScope = 2;
    private const int LastNumberedScope = 5;

    private static readonly ushort[] IPv4Elements =
    [
        8, 12, 15, 18, 43, 44, 45, 47, 130, 211, 225, 226, 366, 403, 432, 438,
    ];

    private static readonly ushort[] IPv6Elements =
    [
        27, 28, 62, 63, 131, 140, 169, 170, 212, 281, 282, 404, 494, 495,
    ];

    // Numbers and times from first to last. Also labels of MPLS (70 to 79) and applicationId (95), which are octets; but neither flowId (148) nor
    // digestHashValue (326), which may have been made of addresses, nor mibSubIdentifier (446), which may be a part of one.
    private static readonly (ushort First, ushort Last)[] Numbers =
    [
        (1, 7), (9, 11), (13, 14), (16, 17), (19, 26), (29, 42), (46, 46), (48, 55), (58, 61), (64, 64), (70, 79), (85, 89), (91, 93), (95, 95),
        (98, 99), (101, 103), (128, 129), (132, 139), (141, 146), (149, 168), (171, 209), (213, 224), (227, 235), (237, 246), (248, 261), (263, 265),
        (267, 273), (276, 280), (283, 283), (285, 287), (294, 299), (301, 312), (318, 325), (327, 334), (336, 339), (342, 346), (351, 364), (368, 370),
        (375, 402), (405, 410), (412, 413), (417, 418), (420, 431), (433, 434), (439, 442), (447, 448), (457, 458), (463, 463), (466, 467), (471, 481),
        (483, 483), (492, 493), (498, 498), (500, 503), (505, 510), (513, 515), (517, 518), (520, 522), (525, 527), (530, 533),
    ];

    private static readonly Treatment[] ById = Index();

    /// <summary>The treatment of a field. What has a length that its type cannot have is erased.</summary>
    public static Treatment Find(TemplateField field, bool isNetFlow9Scope)
    {
        Treatment treatment = isNetFlow9Scope ? OfScope(field.Id) : field.Id < ById.Length ? ById[field.Id] : Treatment.Erase;
        bool fits = treatment switch
        {
            Treatment.Keep => field.Length <= LongestNumber,
            Treatment.MapIPv4 => field.Length == IPv4Length,
            Treatment.MapIPv6 => field.Length == IPv6Length,
            _ => false,
        };
        return fits ? treatment : Treatment.Erase;
    }

    private static Treatment OfScope(ushort type) => type is >= FirstNumberedScope and <= LastNumberedScope ? Treatment.Keep : Treatment.Erase;

    private static Treatment[] Index()
    {
        var byId = new Treatment[Numbers[^1].Last + 1];
        foreach ((ushort first, ushort last) in Numbers)
            byId.AsSpan(first..(last + 1)).Fill(Treatment.Keep);
        foreach (ushort id in IPv4Elements)
            byId[id] = Treatment.MapIPv4;
        foreach (ushort id in IPv6Elements)
            byId[id] = Treatment.MapIPv6;
        return byId;
    }
}
