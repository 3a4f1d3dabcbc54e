using System.Collections.Generic;

namespace Flowd.Config.Text;

/// <summary>Where the lines of a text begin; turns offsets into lines and columns.</summary>
internal sealed class LineTable
{
    private readonly List<int> _starts = [0];

    public LineTable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                _starts.Add(i + 1);
        }
    }

    public SourcePosition PositionOf(int offset)
    {
        int found = _starts.BinarySearch(offset);
        int line = found >= 0 ? found : ~found - 1;
        return new SourcePosition(line + 1, offset - _starts[line] + 1);
    }
}
