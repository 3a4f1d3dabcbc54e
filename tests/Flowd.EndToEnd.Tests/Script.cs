using System;
using System.IO;

namespace Flowd.Tests;

/// <summary>The scripts beside the tests, by which flowd gets a world that a test cannot give it from within .NET.</summary>
internal static class Script
{
    /// <summary>A command that becomes another one, whose words follow; skips the test where there is no Python.</summary>
    public static string[] Python(string script, params string[] arguments)
        => [Tool.Installed("python3"), Path.Combine(AppContext.BaseDirectory, script), .. arguments];
}
