namespace Flowd.Reader;

internal static class Program
{
    private static int Main() => 0;
}
