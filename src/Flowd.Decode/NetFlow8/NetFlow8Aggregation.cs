using System;
using System.Collections.Immutable;
using Flowd.Records;

namespace Flowd.Decode.NetFlow8;

/// <summary>Puts the octets of a field where they belong.</summary>
internal delegate void NetFlow8Setter(ref FlowRecord record, ReadOnlySpan<byte> value);

/// <summary>A field of a record: where it begins, how long it is, what to do with it.</summary>
internal readonly record struct NetFlow8Field(int Offset, int Length, NetFlow8Setter Set);

/// <summary>One way in which a router adds flows up (Cisco, "NetFlow Export Datagram Format", version 8): the layout of its records.</summary>
internal sealed record NetFlow8Aggregation(int RecordLength, LogFields Fields, ImmutableArray<NetFlow8Field> Layout);
