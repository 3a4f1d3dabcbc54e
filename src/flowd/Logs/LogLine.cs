using System;
using Flowd.Privsep;
using Flowd.Rotation;

namespace Flowd.Monitor.Logs;

/// <summary>What the monitor knows of a `logfile` line: the names of its files, and what becomes of them.</summary>
internal sealed class LogLine(string text)
{
    /// <summary>A file that is being written.</summary>
    public const string InProgress = ".current";

    /// <summary>A file that is being compressed once more, for which there is another that has all of it.</summary>
    public const string Temporary = ".tmp";

    private LogPattern? _pattern;

    public string Text => text;

    public LogPattern Pattern => _pattern ??= LogPattern.TryParse(text, Rotation is not null, out string error)
        ?? throw new InvalidOperationException($"{text}: {error}"); // the parser would have refused it

    public RotationInterval? Rotation { get; private set; }

    /// <summary>Null if it does not rotate.</summary>
    public RotationClock? Clock { get; private set; }

    public TimeSpan? Keep { get; private set; }

    public long? MaxOctets { get; private set; }

    /// <summary>Of compression; 0 without it.</summary>
    public int Level { get; private set; }

    public string? Exec { get; private set; }

    /// <summary>True if folders may be made for it.</summary>
    public bool MakesFolders => Rotation is not null || Pattern.HasFields;

    /// <summary>False if the pattern is none: then the parser was taken over.</summary>
    public bool IsGood => LogPattern.TryParse(text, Rotation is not null, out _) is not null;

    /// <summary>Takes what follows the pattern; false if it makes no sense.</summary>
    public bool TryTake(in Setting setting)
    {
        switch (setting.Type)
        {
            case MessageType.LogRotate when setting.Number > 0:
                Rotation = new RotationInterval((int)setting.Number, setting.Port == 1);
                Clock = new RotationClock(Rotation.Value, TimeZoneInfo.Local);
                return true;
            case MessageType.LogKeep:
                Keep = TimeSpan.FromSeconds(setting.Number);
                return true;
            case MessageType.LogMaxSize when setting.Port < 32:
                MaxOctets = (long)setting.Number << setting.Port;
                return true;
            case MessageType.LogCompress:
                Level = (int)setting.Number;
                return Level is > 0 and < 23;
            case MessageType.LogExec:
                Exec = setting.Text;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The path that a file has once it is finished; while it is written, if the line does not rotate.</summary>
    public string PathOf(in LogRequest request)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(request.Start), TimeZoneInfo.Local);
        string exporter = Pattern.HasExporter ? request.Exporter.ToString() : "";
        return Pattern.Expand(local, exporter, request.Tag, compresses: Level > 0 && Rotation is not null);
    }
}
