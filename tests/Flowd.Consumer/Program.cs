using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using Flowd.Records;
using Flowd.Store;

namespace Flowd.Consumer;

/// <summary>
/// A consumer as docs/cursor.md has it: consumer LOGS POSITION OUT. What it does with a record is to append its sequence number to OUT; one line for
/// those between two commits, a space behind each, and a line "." once a commit is done. It never ends.
/// </summary>
internal static class Program
{
    private const int Batch = 10; // few, so that a kill often comes between a record and its commit

    private static void Main(string[] arguments)
    {
        using var cursor = LogCursor.Open([arguments[0]], arguments[1], new LogCursorOptions { ScanInterval = TimeSpan.FromMilliseconds(50) });
        using var output = new FileStream(arguments[2], FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (var numbers = new List<uint>(Batch); ; numbers.Clear())
        {
            while (numbers.Count < Batch && cursor.TryRead(out FlowRecord record))
                numbers.Add(record.Sequence);
            if (numbers.Count == 0)
            {
                Thread.Sleep(10);
                continue;
            }

            Write(output, string.Concat(numbers.ConvertAll(static number => $"{number} ")));
            Thread.Sleep(1); // a database takes its time, too
            cursor.Commit();
            Write(output, ".");
        }
    }

    private static void Write(FileStream output, string line) => output.Write(Encoding.ASCII.GetBytes(line + "\n"));
}
