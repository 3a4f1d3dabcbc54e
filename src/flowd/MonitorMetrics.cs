using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace Flowd.Monitor;

/// <summary>What the monitor adds to the metrics of the workers, in the text format of Prometheus.</summary>
internal sealed class MonitorMetrics(WorkerGroup workers, MetricsKeeper metrics)
{
    private const int PageLength = 4096;

    public string Text()
    {
        var text = new StringBuilder();
        Begin(text, "flowd_build_info", "gauge", "The version that runs; always 1.");
        Append(text, $"flowd_build_info{{version=\"{Program.Version}\"}} 1");
        Begin(text, "flowd_worker_up", "gauge", "1 while there is a worker.");
        foreach (WorkerKeeper worker in workers.Keepers)
            Append(text, $"flowd_worker_up{Braces(LabelOf(worker))} {(worker.Child is null ? 0 : 1)}");
        Begin(text, "flowd_worker_restarts_total", "counter", "Workers started in place of one that had died.");
        foreach (WorkerKeeper worker in workers.Keepers)
            Append(text, $"flowd_worker_restarts_total{Braces(LabelOf(worker))} {worker.Restarts}");
        Begin(text, "flowd_process_resident_memory_bytes", "gauge", "Resident memory of each process.");
        AppendMemory(text, "role=\"monitor\"", "self");
        foreach (WorkerKeeper worker in workers.Keepers)
            AppendMemory(text, $"role=\"worker\"{(worker.Share.IsWhole ? "" : "," + LabelOf(worker))}", worker.Child);
        AppendMemory(text, "role=\"metrics\"", metrics.Child);
        return text.ToString();
    }

    private static void Begin(StringBuilder text, string name, string type, string help)
    {
        Append(text, $"# HELP {name} {help}");
        Append(text, $"# TYPE {name} {type}");
    }

    // Where there are several.
    private static string LabelOf(WorkerKeeper worker) => worker.Share.IsWhole ? "" : $"worker=\"{worker.Share.Index}\"";

    private static string Braces(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static void AppendMemory(StringBuilder text, string labels, Child? process)
    {
        if (process is not null)
            AppendMemory(text, labels, process.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    // statm of proc(5): the second number is the resident set, in pages.
    private static void AppendMemory(StringBuilder text, string labels, string process)
    {
        try
        {
            string[] pages = File.ReadAllText($"/proc/{process}/statm").Split(' ');
            Append(text, $"flowd_process_resident_memory_bytes{{{labels}}} {long.Parse(pages[1], CultureInfo.InvariantCulture) * PageLength}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // it has just ended, or /proc hides it (hidepid)
        {
        }
    }

    private static void Append(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
