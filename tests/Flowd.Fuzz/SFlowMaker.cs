namespace Flowd.Fuzz;

/// <summary>sFlow versions 4 and 5: samples of packets with headers in headers, parts of all formats, counters, and lengths that lie.</summary>
internal sealed class SFlowMaker(Dice dice)
{
    private static readonly uint[] SampleFormats = [1, 1, 1, 3, 3, 5, 2, 4, 0x1001, uint.MaxValue];
    private static readonly uint[] PartFormats = [1, 1, 1, 2, 3, 4, 1001, 1002, 1003, 1004, 1006, 1007, 1020, 0x1001, uint.MaxValue];
    private static readonly uint[] EtherTypes = [0x0800, 0x0800, 0x86DD, 0x8100, 0x88A8, 0x8847, 0x8848, 0x8864, 0x0806, 0x0034];
    private static readonly uint[] Protocols = [6, 17, 1, 58, 0, 43, 44, 51, 60, 47, 4, 41];

    private uint _sequence;

    public void Make(WireWriter to)
    {
        to.Clear();
        bool isFramed = !dice.OneIn(4);
        to.U32(dice.OneIn(40) ? dice.Number() : isFramed ? 5u : 4u);
        Address(to);
        if (isFramed)
            to.U32((ulong)dice.Below(3));
        to.U32(dice.OneIn(10) ? dice.Number() : _sequence++);
        to.U32(dice.Number());
        int samples = dice.Between(0, 5);
        to.U32(dice.OneIn(12) ? dice.Number() : (ulong)samples);
        for (; samples > 0; samples--)
        {
            if (isFramed)
                Framed(to, dice.Of<uint>(SampleFormats));
            else
                Unframed(to);
        }

        if (dice.OneIn(10))
            to.Cut(dice.Below(to.Length));
    }

    private void Address(WireWriter to)
    {
        int type = dice.OneIn(20) ? (int)(dice.Number() & 0xFFFF) : dice.Below(3);
        to.U32((ulong)type);
        to.Random(dice, type == 2 ? 16 : type == 1 ? 4 : 0);
    }

    private void Framed(WireWriter to, uint format)
    {
        to.U32(format);
        int start = Open(to);
        to.U32(dice.Number());
        bool isExpanded = format is 3 or 4 or 5;
        to.Random(dice, isExpanded ? 8 : 4);
        to.U32(dice.Number());
        if (format != 5)
            to.Random(dice, 8);
        to.Random(dice, format == 5 ? 12 : isExpanded ? 16 : 8);
        int parts = dice.Between(0, 4);
        to.U32(dice.OneIn(12) ? dice.Number() : (ulong)parts);
        for (; parts > 0; parts--)
        {
            uint part = dice.Of<uint>(PartFormats);
            to.U32(part);
            int content = Open(to);
            Part(to, part);
            Close(to, content);
        }

        Close(to, start);
    }

    private void Unframed(WireWriter to)
    {
        if (dice.OneIn(4))
        {
            to.U32(2);
            to.Random(dice, 12);
            to.U32((ulong)dice.Between(0, 8));
            to.Random(dice, dice.Of<int>([88, 140, 28, 160]));
            return;
        }

        to.U32(1);
        to.Random(dice, 28);
        to.U32((ulong)dice.Between(1, 3));
        to.U32(1);
        to.U32(1500);
        int packet = Open(to);
        Packet(to);
        Close(to, packet);
        int parts = dice.Below(4);
        to.U32((ulong)parts);
        for (; parts > 0; parts--)
        {
            int type = dice.Between(1, 6);
            to.U32((ulong)type);
            Part(to, (uint)(1000 + type));
        }
    }

    private void Part(WireWriter to, uint format)
    {
        switch (format)
        {
            case 1:
                to.U32(dice.OneIn(6) ? (ulong)dice.Below(20) : 1);
                to.U32(dice.Number());
                to.U32(4);
                int packet = Open(to);
                Packet(to);
                Close(to, packet);
                break;
            case 1002 or 1006 or 1007:
                Address(to);
                to.U32((ulong)dice.Below(6));
                to.Random(dice, dice.Below(6) * 4);
                break;
            case 1003:
                Address(to);
                to.Random(dice, 12);
                int segments = dice.Below(4);
                to.U32(dice.OneIn(10) ? dice.Number() : (ulong)segments);
                for (; segments > 0; segments--)
                {
                    int systems = dice.Below(5);
                    to.U32((ulong)dice.Below(3));
                    to.U32(dice.OneIn(10) ? dice.Number() : (ulong)systems);
                    to.Random(dice, systems * 4);
                }

                break;
            default:
                to.Random(dice, dice.Below(80));
                break;
        }
    }

    private void Packet(WireWriter to)
    {
        to.Random(dice, 12);
        for (int headers = dice.Between(1, 6); headers > 0; headers--)
        {
            uint type = dice.Of<uint>(EtherTypes);
            to.U16(type);
            switch (type)
            {
                case 0x0800:
                    to.U8(dice.OneIn(10) ? dice.Number() : 0x45);
                    to.Random(dice, 8);
                    to.U8(dice.Of<uint>(Protocols));
                    to.Random(dice, dice.Between(10, 60));
                    return;
                case 0x86DD:
                    to.U8(0x60);
                    to.Random(dice, 5);
                    to.U8(dice.Of<uint>(Protocols));
                    to.Random(dice, 33);
                    for (int extensions = dice.Below(6); extensions > 0; extensions--)
                    {
                        to.U8(dice.Of<uint>(Protocols));
                        to.U8((ulong)dice.Below(3));
                        to.Random(dice, 6);
                    }

                    to.Random(dice, dice.Below(30));
                    return;
                default:
                    to.Random(dice, type is 0x8847 or 0x8848 ? 4 * dice.Below(14) : 2);
                    break;
            }
        }
    }

    // Room for a length, and the length once it is known; sometimes another.
    private static int Open(WireWriter to)
    {
        to.U32(0);
        return to.Length;
    }

    private void Close(WireWriter to, int start)
    {
        int length = to.Length - start;
        to.Patch32(start - 4, dice.OneIn(30) ? dice.Below(int.MaxValue) : length);
        to.Random(dice, -length & 3);
    }
}
