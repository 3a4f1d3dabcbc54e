using System;
using System.IO;
using Flowd.Anonymize;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>What a key file held: a key, or why it is none (for people).</summary>
public readonly record struct KeyFileContent(AnonymizationKey? Key, string Trouble)
{
    /// <summary>Reads an open key file from its start and closes it.</summary>
    public static KeyFileContent ReadAndClose(SafeFileHandle file)
    {
        using (file)
        {
            try
            {
                byte[] content = new byte[AnonymizationKey.LongestFile + 1];
                int length = RandomAccess.Read(file, content, 0);
                KeyError error = AnonymizationKey.TryParse(content.AsSpan(0, length), out AnonymizationKey? key);
                return new KeyFileContent(key, error == KeyError.None ? "" : KeyErrorText.Describe(error));
            }
            catch (IOException e)
            {
                return new KeyFileContent(null, e.Message);
            }
        }
    }
}
