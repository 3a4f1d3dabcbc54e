using System;
using System.Collections.Generic;

namespace Flowd.Fuzz;

/// <summary>NetFlow v9 and IPFIX: templates of all kinds, redefined and withdrawn, data that fit them or nearly so.</summary>
internal sealed class SetMaker(Dice dice, bool isIpfix)
{
    private const int Variable = 65_535;
    private const int EnterpriseBit = 0x8000;

    private static readonly int[] KnownIds =
    [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 23, 24, 27, 28, 29, 30, 31, 32, 34, 35, 48, 49, 50, 56, 57, 58, 59, 60, 61, 62, 63, 70, 71, 79, 80, 81, 82, 83, 85, 86, 89, 94, 95, 96,
        128, 129, 130, 131, 136, 139, 144, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 176, 177, 178, 179, 192, 203, 210, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 243, 245,
        291, 292, 293, 302, 304, 305, 306, 309, 310, 312, 315, 322, 323, 324, 325, 351, 403, 404, 433, 33002, 34000, 40001, 40005,
    ];

    private static readonly int[] Lengths = [1, 2, 4, 4, 4, 6, 8, 8, 16, 16, Variable, 3, 0, 32];
    private static readonly uint[] Enterprises = [0, 9, 29_305, 35_632, uint.MaxValue];

    private readonly Dictionary<int, int[]> _templates = [];
    private uint _sequence;

    public void Make(WireWriter to)
    {
        to.Clear();
        Header(to);
        for (int sets = dice.Between(0, 5); sets > 0 && to.HasRoom; sets--)
            Set(to);
        if (isIpfix)
            to.Patch16(2, dice.OneIn(20) ? dice.Below(65_536) : to.Length);
    }

    private void Header(WireWriter to)
    {
        to.U16(isIpfix ? 10u : 9u);
        to.U16((ulong)dice.Below(30));
        if (!isIpfix)
            to.U32(dice.Number());
        to.U32(dice.OneIn(4) ? dice.Number() : 1_700_000_000);
        to.U32(dice.OneIn(10) ? dice.Number() : _sequence++);
        to.U32((ulong)dice.Below(6));
    }

    private void Set(WireWriter to)
    {
        int start = to.Length;
        to.U16(0);
        to.U16(0);
        int kind = dice.Below(10);
        int id = kind switch
        {
            < 3 => Templates(to),
            < 4 => OptionsTemplates(to),
            < 9 => Data(to),
            _ => dice.Below(300),
        };
        for (int padding = dice.OneIn(4) ? dice.Below(6) : 0; padding > 0; padding--)
            to.U8(dice.OneIn(8) ? dice.Number() : 0);
        to.Patch16(start, id);
        to.Patch16(start + 2, dice.OneIn(24) ? dice.Below(dice.OneIn(2) ? 8 : 65_536) : to.Length - start);
    }

    private int Templates(WireWriter to)
    {
        for (int count = dice.OneIn(2000) ? dice.Below(4000) : dice.Between(1, 3); count > 0 && to.HasRoom; count--)
        {
            int id = dice.OneIn(20) ? dice.Below(65_536) : dice.Between(255, 266);
            to.U16((ulong)id);
            int fields = dice.OneIn(300) ? dice.Below(400) : dice.Between(0, 10);
            to.U16(dice.OneIn(30) ? dice.Number() : (ulong)fields);
            _templates[id] = Fields(to, fields);
        }

        return isIpfix ? 2 : 0;
    }

    private int OptionsTemplates(WireWriter to)
    {
        int id = dice.Between(255, 266);
        int scopes = dice.Below(4);
        int fields = dice.Below(6);
        to.U16((ulong)id);
        if (isIpfix)
        {
            to.U16(dice.OneIn(20) ? dice.Number() : (ulong)(scopes + fields));
            to.U16(dice.OneIn(20) ? dice.Number() : (ulong)scopes);
        }
        else
        {
            to.U16(dice.OneIn(20) ? dice.Number() : (ulong)(scopes * 4));
            to.U16(dice.OneIn(20) ? dice.Number() : (ulong)(fields * 4));
        }

        _templates[id] = Fields(to, scopes + fields);
        return isIpfix ? 3 : 1;
    }

    // Returns the lengths of the fields.
    private int[] Fields(WireWriter to, int count)
    {
        int[] lengths = new int[count];
        for (int i = 0; i < count && to.HasRoom; i++)
        {
            int id = dice.OneIn(8) ? dice.Below(65_536) : dice.Of<int>(KnownIds);
            int length = dice.Of<int>(Lengths);
            if (!isIpfix && length == Variable && !dice.OneIn(10))
                length = 4;
            lengths[i] = length;
            bool hasEnterprise = isIpfix && (dice.OneIn(6) || (id & EnterpriseBit) != 0);
            to.U16((ulong)(hasEnterprise ? id | EnterpriseBit : id));
            to.U16((ulong)length);
            if (hasEnterprise)
                to.U32(dice.Of<uint>(Enterprises));
        }

        return lengths;
    }

    private int Data(WireWriter to)
    {
        int id = dice.Between(256, 266);
        if (!_templates.TryGetValue(id, out int[]? lengths) || dice.OneIn(12))
        {
            to.Random(dice, dice.Below(200));
            return id;
        }

        for (int records = dice.OneIn(1000) ? dice.Below(3000) : dice.Below(8); records > 0 && to.HasRoom; records--)
        {
            foreach (int length in lengths)
                Value(to, length);
        }

        if (dice.OneIn(10))
            to.Cut(to.Length - dice.Below(Math.Min(to.Length, 20)));
        return id;
    }

    private void Value(WireWriter to, int length)
    {
        if (length == Variable)
        {
            length = dice.OneIn(20) ? dice.Below(700) : dice.Below(40);
            if (length >= 255 || dice.OneIn(6))
            {
                to.U8(255);
                to.U16(dice.OneIn(20) ? dice.Number() : (ulong)length);
            }
            else
            {
                to.U8((ulong)length);
            }
        }

        if (length <= 8)
            to.Big(dice.Number(), length);
        else
            to.Random(dice, length);
    }
}
