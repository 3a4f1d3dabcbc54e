using System;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Flowd.Store;

/// <summary>Compresses records, a whole frame of Zstandard at a time, which says how much is in it and has a checksum.</summary>
internal sealed class FrameEncoder : IDisposable
{
    /// <summary>As many octets of records are one frame at most: readers keep one in memory.</summary>
    public const int MostContent = 4 * 1024 * 1024;

    private readonly Compressor _compressor;
    private byte[] _frame = [];

    public FrameEncoder(int level)
    {
        _compressor = new Compressor(level);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    /// <summary>The frame; it lasts until the next call.</summary>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> records)
    {
        int most = Compressor.GetCompressBound(records.Length);
        if (_frame.Length < most)
            _frame = new byte[most];
        return _frame.AsSpan(0, _compressor.Wrap(records, _frame));
    }

    public void Dispose() => _compressor.Dispose();
}
