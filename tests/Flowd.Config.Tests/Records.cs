using CsCheck;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Random records, of values that <see cref="Conditions"/> ask for.</summary>
internal static class Records
{
    private static readonly Gen<ushort> Port = Gen.OneOf<ushort>(0, 1, 53, 80, 443, 65535);
    private static readonly Gen<byte> Octet = Gen.OneOf<byte>(0, 2, 0x10, 0x12, 0xFF);
    private static readonly Gen<uint> Number = Gen.OneOf(0u, 1u, 2u, 3u, 100u, 70000u, uint.MaxValue);
    private static readonly Gen<ulong> Amount = Gen.OneOf(0ul, 1ul, 2ul, 40ul, 1500ul, 1_000_000ul, ulong.MaxValue);

    public static Gen<FlowRecord> Of(Gen<Address> address, Gen<uint> received)
        => Gen.Select(
            Gen.Select(address, address, address, address, address),
            Gen.Select(Port, Port, Gen.OneOf<byte>(1, 6, 17, 47, 58, 253), Octet, Octet),
            Gen.Select(Number, Number, Number, Number, Number),
            Gen.Select(Amount, Amount, Amount, Amount),
            Gen.Select(Gen.UInt, received, Gen.OneOf<ushort>(0, 5, 9, 10, 32773)),
            Gen.Select(Octet, Octet, Port, Port))
        .Select((addresses, ends, numbers, amounts, head, more) =>
        {
            var record = new FlowRecord
            {
                Fields = (LogFields)head.Item1,
                ReceivedSeconds = head.Item2,
                Version = head.Item3,
                AgentAddress = addresses.Item1,
                SourceAddress = addresses.Item2,
                DestinationAddress = addresses.Item3,
                GatewayAddress = addresses.Item4,
                SourcePort = ends.Item1,
                DestinationPort = ends.Item2,
                Protocol = ends.Item3,
                TypeOfService = ends.Item4,
                TcpFlags = ends.Item5,
                InputInterface = numbers.Item1,
                OutputInterface = numbers.Item2,
                SourceAs = numbers.Item3,
                DestinationAs = numbers.Item4,
                SourceMask = (byte)(numbers.Item1 % 129),
                DestinationMask = (byte)(numbers.Item2 % 129),
                Packets = amounts.Item1,
                Octets = amounts.Item2,
                FlowStart = numbers.Item4,
                FlowFinish = numbers.Item5,
                FlowStartNanoseconds = amounts.Item3,
                FlowFinishNanoseconds = amounts.Item4,
                Sampling = new Sampling(numbers.Item3, 0, SamplingSource.Record, 0),
                Layer2 = new Layer2 { SourceMac = amounts.Item1 & 0xFFFF_FFFF_FFFF, DestinationMac = numbers.Item1, Vlan = more.Item1, PostVlan = more.Item2, CustomerVlan = 2, PostCustomerVlan = 0 },
                Status = new FlowStatus { Direction = (byte)(more.Item1 & 1), IcmpType = more.Item1, IcmpCode = more.Item2 },
                Nat = new Translation { PostSource = addresses.Item5, PostDestination = addresses.Item4, PostSourcePort = more.Item3, PostDestinationPort = more.Item4 },
                ApplicationId = amounts.Item3,
                Bgp = new BgpPath { NextHop = addresses.Item5 },
            };
            record.Mpls[0] = numbers.Item1 << 12 | 1;
            record.Mpls[1] = numbers.Item2;
            return record;
        });
}
