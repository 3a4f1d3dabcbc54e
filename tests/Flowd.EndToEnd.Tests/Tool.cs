using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Flowd.Tests;

/// <summary>What a program left behind when it ended.</summary>
internal sealed record ToolResult(int Status, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs programs: the published ones, and those of the system that the tests talk to.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Published(string program)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "dist", "bin", program);
        Assert.True(File.Exists(path), $"{path}: publish first (make publish)");
        return path;
    }

    /// <summary>The path of a program of the system; skips the test if there is none.</summary>
    public static string Installed(string program)
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);
        string? path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Skip($"needs {program}");
        return path;
    }

    public static ToolResult Run(string program, params string[] arguments) => Run(program, arguments, environment: null);

    public static ToolResult Run(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment) => Run(Patience, program, arguments, environment);

    /// <summary>For what takes longer than others.</summary>
    public static ToolResult RunFor(TimeSpan patience, string program, params string[] arguments) => Run(patience, program, arguments, environment: null);

    private static ToolResult Run(TimeSpan patience, string program, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        using Process process = Start(program, arguments, environment);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill();
            Assert.Fail($"{program} does not end");
        }

        return new ToolResult(process.ExitCode, output.Result, errors.Result);
    }

    public static Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
