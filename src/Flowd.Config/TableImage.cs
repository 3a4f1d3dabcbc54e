using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Filter;

namespace Flowd.Config;

/// <summary>
/// The content of all tables that come from files, one behind the other in the order of their lines. It goes beside the normal form, which only names the
/// files: millions of prefixes are no text to read twice.
/// </summary>
public static class TableImage
{
    public static byte[] Of(Configuration configuration)
    {
        PrefixSet[] tables = [.. configuration.Tables.Where(table => table.File is not null).Select(table => table.Prefixes)];
        byte[] image = new byte[tables.Sum(PrefixSetImage.LengthOf)];
        int at = 0;
        foreach (PrefixSet table in tables)
            at += PrefixSetImage.Write(table, image.AsSpan(at));
        return image;
    }

    /// <summary>The sets again; throws <see cref="InvalidDataException"/> if it is no image.</summary>
    internal static Queue<PrefixSet> Read(byte[] image)
    {
        var tables = new Queue<PrefixSet>();
        for (int at = 0; at < image.Length;)
        {
            if (!PrefixSetImage.TryRead(image.AsSpan(at), out PrefixSet table, out int length))
                throw new InvalidDataException("the content of the tables is no such thing");
            tables.Enqueue(table);
            at += length;
        }

        return tables;
    }
}
