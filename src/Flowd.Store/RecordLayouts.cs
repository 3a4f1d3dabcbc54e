namespace Flowd.Store;

/// <summary>The layouts that were met, by their headers. An exporter's templates lead to few; where there are many, the newer takes the place of the older.</summary>
internal sealed class RecordLayouts
{
    private const int SlotBits = 8;
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15; // 2^64 divided by the golden ratio

    private readonly RecordLayout?[] _slots = new RecordLayout?[1 << SlotBits];
    private RecordLayout? _last;

    /// <summary>The layout of records with that header; null if there is none.</summary>
    public RecordLayout? Find(ulong header) => _last is { } last && last.Header == header ? last : Search(header);

    private RecordLayout? Search(ulong header)
    {
        ref RecordLayout? slot = ref _slots[unchecked(header * Spread) >> (64 - SlotBits)];
        if (slot is null || slot.Header != header)
        {
            if (RecordLayout.Of(header) is not { } layout)
                return null;
            slot = layout;
        }

        return _last = slot;
    }
}
