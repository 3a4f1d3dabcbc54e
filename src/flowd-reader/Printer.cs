using System;
using System.IO;
using Flowd.Records;
using Flowd.Sinks;

namespace Flowd.Reader;

/// <summary>Records as text on standard output, gathered into large writes. Without a stream it is kept for another printer.</summary>
internal sealed class Printer(Options options, LogFields stored, Stream? stream, Messages messages, bool hasHeader = false)
{
    private const int WriteLength = 64 * 1024;
    private const int Spare = 4096; // more than the longest line, so that the buffer does not grow for the last one

    private readonly Utf8Buffer _text = new(WriteLength + Spare);
    private readonly TimeText _time = new(options.Utc ? TimeZoneInfo.Utc : TimeZoneInfo.Local);
    private readonly LogFields _mask = stored & (options.Verbosity == Verbosity.Full || options.Format is OutputFormat.Json or OutputFormat.FullCsv ? LogFields.Everything : LogFields.Brief);
    private bool _hasHeader = hasHeader;

    /// <summary>Which sections are printed.</summary>
    public LogFields Reads => options.Verbosity == Verbosity.Quiet ? LogFields.None : options.Format == OutputFormat.Csv ? FlowCsv.Reads : _mask;

    /// <summary>True if nobody reads what is printed any more, or it cannot be written.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The line in front of each log (-v); JSON has no place for it.</summary>
    public void BeginLog(string name, uint? started)
    {
        if (options.Verbosity == Verbosity.Full && options.Format is not (OutputFormat.Json or OutputFormat.FullCsv))
        {
            _text.Add("LOGFILE "u8);
            _text.Add(name);
            if (started is { } seconds)
            {
                _text.Add(" started at "u8);
                _text.Add(_time.Local(seconds));
            }

            _text.Add((byte)'\n');
        }

        if (options.Format == OutputFormat.Csv && options.Verbosity != Verbosity.Quiet && !_hasHeader)
            FlowCsv.WriteHeader(_text);
        else if (options.Format == OutputFormat.FullCsv && options.Verbosity != Verbosity.Quiet && !_hasHeader)
            FlowJson.WriteColumnNames(_text);
        _hasHeader = true;
    }

    /// <param name="record">What is printed.</param>
    /// <param name="octets">The record as it stands in the log.</param>
    public void Print(in FlowRecord record, ReadOnlySpan<byte> octets)
    {
        if (options.Verbosity == Verbosity.Quiet || IsClosed)
            return;
        switch (options.Format)
        {
            case OutputFormat.Csv:
                FlowCsv.Write(_text, in record);
                break;
            case OutputFormat.FullCsv:
                FlowJson.WriteColumns(_text, in record, _mask, _time, octets);
                break;
            case OutputFormat.Json:
                FlowJson.Write(_text, in record, _mask, _time, octets);
                break;
            default:
                FlowText.Write(_text, in record, _mask, _time, octets);
                break;
        }

        if (_text.Length >= WriteLength)
            Flush();
    }

    /// <summary>Prints a line of another kind.</summary>
    public void Print(string line)
    {
        _text.Add(line);
        Flush();
    }

    /// <summary>Prints text that another printer made.</summary>
    public void Print(ReadOnlySpan<byte> text)
    {
        _text.Add(text);
        if (_text.Length >= WriteLength)
            Flush();
    }

    /// <summary>Writes the text that another printer has kept, which forgets it.</summary>
    public void Take(Printer other)
    {
        Flush();
        if (other._text.Length > 0 && !IsClosed)
            Write(other._text);
        other._text.Clear();
    }

    /// <summary>Forgets what is gathered.</summary>
    public void Clear() => _text.Clear();

    public TimeText Time => _time;

    /// <summary>Writes what is gathered. A reader that went away (head(1)) is no error; a full disk is.</summary>
    public void Flush()
    {
        if (_text.Length > 0 && !IsClosed && stream is not null)
            Write(_text);
    }

    private void Write(Utf8Buffer text)
    {
        try
        {
            text.WriteTo(stream!);
            stream!.Flush();
        }
        catch (Exception e) when (SystemError.Is(e))
        {
            IsClosed = true;
            if (!SystemError.IsBrokenPipe(e))
                messages.Error("standard output", e);
        }
    }
}
