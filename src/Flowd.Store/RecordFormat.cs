using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

internal delegate LogError CheckRecord(ReadOnlySpan<byte> source, out int length);

internal delegate void DecodeRecord(ReadOnlySpan<byte> source, out FlowRecord record);

/// <summary>What <see cref="RecordScanner"/> has to know of a version of the log.</summary>
/// <param name="Check">The test for a true record.</param>
/// <param name="Decode">Reads what passed it.</param>
/// <param name="FieldsOffset">Where in a record the field mask stands, in octets.</param>
/// <param name="ResumesUnchecked">True if records without a checksum can be recognised well enough to go on at one after damage.</param>
/// <param name="HasLayouts">True if <see cref="RecordLayout"/> knows what a header says, which saves looking at each record with care.</param>
internal sealed record RecordFormat(CheckRecord Check, DecodeRecord Decode, int FieldsOffset, bool ResumesUnchecked, bool HasLayouts)
{
    public static readonly RecordFormat Three = new(LogRecord.Check, LogRecord.Decode, LogRecord.FieldsOffset, ResumesUnchecked: true, HasLayouts: true);

    // Nearly any four octets begin some record of version 2.
    public static readonly RecordFormat Two = new(LegacyRecord.Check, LegacyRecord.Decode, 0, ResumesUnchecked: false, HasLayouts: false);

    public LogFields FieldsOf(ReadOnlySpan<byte> record) => (LogFields)ReadUInt32BigEndian(record[FieldsOffset..]);

    public bool IsChecked(ReadOnlySpan<byte> record) => (FieldsOf(record) & LogFields.Crc32) != 0;
}
