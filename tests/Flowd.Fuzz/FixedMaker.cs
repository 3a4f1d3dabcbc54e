namespace Flowd.Fuzz;

/// <summary>NetFlow v1, v5, v7 and v8: headers and records of about the right length.</summary>
internal sealed class FixedMaker(Dice dice)
{
    private static readonly (int Version, int Header, int Record)[] Formats = [(1, 16, 48), (1, 16, 52), (5, 24, 48), (7, 24, 52), (8, 28, 0)];
    private static readonly int[] Aggregations = [28, 28, 28, 32, 32, 40, 32, 40, 44, 32, 32, 32, 32, 40, 40];

    private uint _sequence;

    public void Make(WireWriter to)
    {
        to.Clear();
        (int version, int header, int record) = dice.Of<(int, int, int)>(Formats);
        int aggregation = dice.Below(Aggregations.Length + 1);
        if (version == 8)
            record = Aggregations[aggregation % Aggregations.Length];
        int count = dice.OneIn(10) ? dice.Below(70) : dice.Between(1, 30);
        to.U16((ulong)version);
        to.U16(dice.OneIn(12) ? dice.Number() : (ulong)count);
        to.U32(dice.Number());
        to.U32(dice.OneIn(4) ? dice.Number() : 1_700_000_000);
        to.U32(dice.Number());
        if (header > 16)
            to.U32(dice.OneIn(10) ? dice.Number() : _sequence += (uint)count & 0xFF);
        if (header > 20)
        {
            to.U16(dice.Number());
            to.U16(version == 8 ? (ulong)aggregation << 8 : dice.Number());
        }

        if (header > 24)
            to.U32(0);
        for (int i = 0; i < count; i++)
            to.Random(dice, record);
        if (dice.OneIn(8))
            to.Cut(dice.Below(to.Length));
        else if (dice.OneIn(8))
            to.Random(dice, dice.Below(60));
    }
}
