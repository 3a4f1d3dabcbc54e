using System;
using System.ComponentModel;
using System.IO;
using System.Text;
using Flowd.Platform;

namespace Flowd.Monitor;

/// <summary>
/// flowd(8), the half that may: it binds sockets, opens the log and watches over its children. It reads no byte of a stranger and no grammar;
/// see docs/architecture.md.
/// </summary>
internal static class Program
{
    public static string Version { get; } = typeof(Program).Assembly.GetName().Version?.ToString(3) ?? "";

    private static int Main(string[] arguments)
    {
        Options? options = Options.TryParse(arguments, out string error);
        if (options is null)
        {
            Print($"flowd: {error}\n{Options.Usage}");
            return 1;
        }

        if (options.ShowsHelp || options.ShowsVersion)
        {
            Descriptors.WriteStandardOutput(Encoding.UTF8.GetBytes(options.ShowsHelp ? Options.Usage : $"flowd {Version}\n"));
            return 0;
        }

        try
        {
            return Run(options, arguments);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            Print($"flowd: {e.Message}\n");
            return 1;
        }
    }

    private static int Run(Options options, string[] arguments)
    {
        Privileges.MakeFilesPrivate();
        Privileges.SurviveFileSizeLimit();
        if (options.OnlyChecks)
            return Check(options);
        if (!options.StaysInForeground && !options.IsBackground)
            return Background.Launch(arguments);
        using Background? background = options.IsBackground ? Background.Enter(options) : null;
        LogStyle style = options.IsBackground ? LogStyle.Syslog : SystemLog.StyleOfStandardError();
        var log = new SystemLog(style, options.Level) { Copy = background is null ? null : background.Tell };
        try
        {
            using var monitor = new Monitor(options, log);
            return monitor.Run(() => background?.Ready());
        }
        catch (Exception e) when (IsTrouble(e))
        {
            log.Error(e.Message); // in the background also to who started it
            return 1;
        }
    }

    // A wrong environment: one line and a status. Everything else is a mistake in the program.
    private static bool IsTrouble(Exception exception) => exception is Win32Exception or IOException or InvalidOperationException;

    private static int Check(Options options)
    {
        var log = new SystemLog(LogStyle.Plain, LogLevel.Info);
        using var job = new ParserJob(options, new ChildLauncher(options, log), log);
        using Settings? settings = job.Run();
        if (settings is not null && options.IsVerbose)
            Descriptors.WriteStandardOutput(settings.NormalForm());
        return settings is null ? 1 : 0;
    }

    private static void Print(string text) => Descriptors.WriteStandardError(Encoding.UTF8.GetBytes(text));
}
